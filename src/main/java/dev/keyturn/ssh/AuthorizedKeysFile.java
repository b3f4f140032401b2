package dev.keyturn.ssh;

import dev.keyturn.rotation.KeyFile;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The content of an authorized_keys file, and the edits a rotation makes in it. Lines that an edit is not about stay
 * byte for byte, line endings included. Immutable.
 *
 * <p>A new line ends like the line it follows (LF or CRLF). Where that line has no ending, because it is the last and
 * the file does not end in a line feed, it gets one: without it both would be one line.
 */
record AuthorizedKeysFile(List<AuthorizedKeysLine> lines) {
    static final AuthorizedKeysFile EMPTY = new AuthorizedKeysFile(List.of());

    AuthorizedKeysFile {
        lines = List.copyOf(lines);
    }

    static AuthorizedKeysFile of(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        List<AuthorizedKeysLine> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int feed = text.indexOf('\n', start);
            int end = feed < 0 ? text.length() : feed + 1;
            lines.add(AuthorizedKeysLine.of(text.substring(start, end)));
            start = end;
        }
        return new AuthorizedKeysFile(lines);
    }

    byte[] content() {
        return lines.stream()
                .map(AuthorizedKeysLine::text)
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The lines that let a key in. */
    List<KeyFile.Entry> entries() {
        List<KeyFile.Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            AuthorizedKeysLine line = lines.get(i);
            if (line.key().isPresent()) {
                entries.add(new KeyFile.Entry(i + 1, line.key().get(), line.comment()));
            }
        }
        return entries;
    }

    /** The key with this fingerprint, as a line has it. */
    Optional<PublicKey> key(Fingerprint fingerprint) {
        return lines.stream()
                .filter(line -> line.holds(fingerprint))
                .findFirst()
                .flatMap(AuthorizedKeysLine::key);
    }

    /**
     * With {@code key} beside each line of {@code predecessor}, directly after it and with its options; at the end and
     * without options where there is no such line. The same where the key is there already.
     *
     * @param comment for the new lines; one line
     */
    AuthorizedKeysFile with(PublicKey key, String comment, Optional<Fingerprint> predecessor) {
        if (key(key.fingerprint()).isPresent()) {
            return this;
        }
        List<AuthorizedKeysLine> edited = new ArrayList<>();
        for (AuthorizedKeysLine line : lines) {
            edited.add(line);
            if (predecessor.filter(line::holds).isPresent()) {
                add(edited, line.options(), key, comment);
            }
        }
        if (edited.size() == lines.size()) {
            add(edited, "", key, comment);
        }
        return new AuthorizedKeysFile(edited);
    }

    /** Without any line that lets this key in, whatever its options. */
    AuthorizedKeysFile without(Fingerprint fingerprint) {
        return new AuthorizedKeysFile(
                lines.stream().filter(line -> !line.holds(fingerprint)).toList());
    }

    private void add(List<AuthorizedKeysLine> edited, String options, PublicKey key, String comment) {
        String ending = "\n";
        if (!edited.isEmpty()) {
            AuthorizedKeysLine before = edited.get(edited.size() - 1);
            ending = before.ending().isEmpty() ? usualEnding() : before.ending();
            if (before.ending().isEmpty()) {
                edited.set(
                        edited.size() - 1,
                        new AuthorizedKeysLine(before.text() + ending, before.options(), before.key()));
            }
        }
        String prefix = options.isEmpty() ? "" : options + " ";
        edited.add(new AuthorizedKeysLine(prefix + key.line() + " " + comment + ending, options, Optional.of(key)));
    }

    private String usualEnding() {
        return lines.stream()
                .map(AuthorizedKeysLine::ending)
                .filter(ending -> !ending.isEmpty())
                .findFirst()
                .orElse("\n");
    }
}
