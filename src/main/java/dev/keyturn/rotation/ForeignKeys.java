package dev.keyturn.rotation;

import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.KeyFile.Entry;
import dev.keyturn.rotation.Verifier.Check;
import dev.keyturn.rotation.Verifier.Verdict;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks for keys that let somebody in, look like ours and are not in the store: a way in that nobody rotates. It reads the file
 * in the session of the check's own login. Keys with other comments are the account owner's business.
 */
final class ForeignKeys {
    private static final String NAME = Check.FOREIGN_KEYS;

    private final Journal journal;

    ForeignKeys(Journal journal) {
        this.journal = journal;
    }

    /**
     * @param inUse the key that has just logged in in this visit
     * @return empty where the credential has no such file
     */
    Optional<Check> look(HostVisit visit, ManagedCredential credential, LoginSecret inUse) {
        if (!(credential.install() instanceof InstallMethod.AuthorizedKeys method)
                || !(inUse instanceof LoginSecret.KeyPair pair)) {
            return Optional.empty();
        }
        if (method.as().isPresent()) {
            return notLooked("install.as edits the file, and a check logs in as the account alone");
        }
        try {
            Optional<KeyFile> file = visit.keyFile(inUse);
            if (file.isEmpty()) {
                return notLooked("no session of the account is open");
            }
            return Optional.of(judge(visit, credential, pair, file.get()));
        } catch (HostException e) {
            boolean clear = e.fault() == Fault.NOT_FOUND || e.fault() == Fault.PERMISSION;
            return clear
                    ? notLooked(String.valueOf(e.getMessage()))
                    : Optional.of(new Check(NAME, Verdict.NOT_KNOWN, e.withHint()));
        }
    }

    private Check judge(HostVisit visit, ManagedCredential credential, LoginSecret.KeyPair inUse, KeyFile file)
            throws HostException {
        if (!file.has(inUse.publicKey())) {
            return new Check(
                    NAME,
                    Verdict.NOT_LOOKED_AT,
                    file.path() + " doesn't have the key that logs in, so it isn't the file that sshd reads");
        }
        List<Entry> foreign = foreign(file);
        if (!foreign.isEmpty()) {
            // Another credential's rotation in the same file may have taken one off, and erased it, in between.
            foreign = visit.keyFile(inUse).map(this::foreign).orElse(foreign);
        }
        return foreign.isEmpty()
                ? new Check(
                        NAME,
                        Verdict.SOUND,
                        "none; keys of others in " + file.path() + ": " + others(file, inUse.publicKey()))
                : new Check(NAME, Verdict.DIFFERENT, told(credential, file.path(), foreign));
    }

    private List<Entry> foreign(KeyFile file) {
        return file.entries().stream()
                .filter(Entry::looksLikeOurs)
                .filter(entry -> !journal.knows(entry.key()))
                .toList();
    }

    private static long others(KeyFile file, PublicKey inUse) {
        return file.entries().stream()
                .filter(entry -> !entry.looksLikeOurs() && !entry.key().equals(inUse))
                .count();
    }

    private String told(ManagedCredential credential, String path, List<Entry> foreign) {
        return foreign.stream()
                        .map(entry -> "line " + entry.line() + " of " + path + " lets in "
                                + entry.key().fingerprint() + " ("
                                + shortened(entry.comment()) + "), which looks like ours and isn't in the store"
                                + former(credential, entry.key()))
                        .collect(Collectors.joining("; "))
                + ". Does another Keyturn, with a store of its own, manage " + credential.account()
                + "? Else take it off there: "
                + foreign.stream().map(entry -> removal(path, entry.key())).collect(Collectors.joining("; "));
    }

    private String former(ManagedCredential credential, PublicKey key) {
        boolean known = journal.history(Optional.of(credential.name()), 100).stream()
                .anyMatch(rotation -> rotation.fingerprint().equals(Optional.of(key.fingerprint()))
                        || rotation.previousFingerprint().equals(Optional.of(key.fingerprint())));
        return known ? " any more: a rotation made or replaced it, and somebody put it back" : "";
    }

    /**
     * By the whole key as a word of its own, for line numbers change, and a key that was cut off, or made for that, has a
     * part in common with others. Base64 has no character that means something else to sed's basic expressions or the shell.
     */
    private static String removal(String path, PublicKey key) {
        return "sed -i '\\|[[:space:]]" + key.base64() + "\\([[:space:]].*\\)*$|d' '" + path.replace("'", "'\\''")
                + "'";
    }

    private static String shortened(String comment) {
        String printable = comment.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= 80 ? printable : printable.substring(0, 77) + "...";
    }

    private static Optional<Check> notLooked(String why) {
        return Optional.of(new Check(NAME, Verdict.NOT_LOOKED_AT, "not looked at: " + why));
    }
}
