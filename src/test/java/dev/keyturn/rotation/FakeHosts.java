package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import dev.keyturn.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An SFTP host in memory: the keys it accepts, or each user's password; and what goes wrong on it. */
final class FakeHosts implements Hosts {
    final Set<Fingerprint> keys = new LinkedHashSet<>();
    /** The lines of keys that are or were on it, as far as somebody may have to read them. */
    final Map<Fingerprint, PublicKey> lines = new HashMap<>();
    /** By user. */
    final Map<String, String> passwords = new HashMap<>();

    final Faults faults = new Faults();
    final List<String> calls = new ArrayList<>();
    CrashPoints crash = new CrashPoints();
    /** What it lets in besides, whatever its accounts have. */
    Optional<LoginSecret> acceptsToo = Optional.empty();
    /** What bounds the refused logins; none where it is empty. */
    Optional<LoginBudget> budget = Optional.empty();
    /** A server that lets everybody in. */
    boolean acceptsAnything;
    /** A password that was replaced goes on logging in, beside the new one. */
    boolean keepsReplacedPasswords;

    Optional<String> replaced = Optional.empty();
    /** The host takes keys into a file that it doesn't read. */
    boolean ignoresNewKeys;
    /** Withdrawing seems to work but leaves the key. */
    boolean keepsWithdrawnKeys;
    /** As a program with a bug does. */
    boolean takesEveryKeyOff;
    /** Directories that no login can list. */
    final Set<String> missing = new LinkedHashSet<>();
    /** Keys that stand in the file besides. */
    final List<KeyFile.Entry> strangers = new ArrayList<>();
    /** The file that the session shows isn't the one that lets keys in. */
    boolean showsAnotherFile;

    private final Map<Fingerprint, PublicKey> installed = new HashMap<>();
    /** What the last login listed. */
    List<String> listed = List.of();

    boolean accepts(LoginSecret secret) {
        return accepts(World.ACCOUNT.user(), secret);
    }

    boolean accepts(String user, LoginSecret secret) {
        if (acceptsToo.filter(secret::sameAs).isPresent()) {
            return true;
        }
        if (acceptsAnything) {
            return true;
        }
        if (secret instanceof LoginSecret.KeyPair pair) {
            return keys.contains(pair.publicKey().fingerprint());
        }
        Optional<String> offered = Optional.of(text(((LoginSecret.Password) secret).value()));
        return offered.equals(Optional.ofNullable(passwords.get(user))) || offered.equals(replaced);
    }

    static String text(Secret secret) {
        return new String(secret.expose(), StandardCharsets.UTF_8);
    }

    @Override
    public HostVisit visit(ManagedCredential credential) {
        return new FakeVisit(credential.account().user(), credential.install().worksWithoutOldSecret());
    }

    private final class FakeVisit implements HostVisit {
        private final String user;
        private final boolean administrator;
        private final Set<Fingerprint> seen = new LinkedHashSet<>();
        private final List<LoginSecret> sessions = new ArrayList<>();

        FakeVisit(String user, boolean administrator) {
            this.user = user;
            this.administrator = administrator;
        }

        @Override
        public void preflight(Predecessor predecessor) throws HostException {
            around("preflight", () -> {
                requireAccess(predecessor);
                look(predecessor);
                if (!administrator) {
                    predecessor.secret().map(LoginSecret::copy).ifPresent(sessions::add);
                }
            });
        }

        @Override
        public void install(LoginSecret candidate, Predecessor predecessor) throws HostException {
            around("install", () -> {
                requireAccess(predecessor);
                look(predecessor);
                set(candidate);
            });
        }

        private void set(LoginSecret secret) {
            if (secret instanceof LoginSecret.KeyPair pair) {
                if (!ignoresNewKeys) {
                    installed.put(pair.publicKey().fingerprint(), pair.publicKey());
                    keys.add(pair.publicKey().fingerprint());
                }
            } else {
                replaced = keepsReplacedPasswords ? Optional.ofNullable(passwords.get(user)) : Optional.empty();
                passwords.put(user, text(((LoginSecret.Password) secret).value()));
            }
        }

        @Override
        public Verdict login(LoginSecret secret, List<String> directories) throws HostException {
            Verdict[] verdict = {Verdict.REFUSED};
            around("login", () -> {
                if (logsIn(secret)) {
                    sessions.add(secret.copy());
                    requireListed(directories);
                    verdict[0] = Verdict.ACCEPTED;
                }
            });
            return verdict[0];
        }

        private void requireListed(List<String> directories) throws HostException {
            listed = directories;
            for (String directory : directories) {
                if (missing.contains(directory)) {
                    throw notThere(directory);
                }
            }
        }

        private HostException notThere(String directory) {
            return new HostException(HostException.Fault.NOT_FOUND, "can't list " + directory + ": no such file");
        }

        @Override
        public Optional<KeyFile> keyFile(LoginSecret secret) throws HostException {
            if (administrator
                    || !(secret instanceof LoginSecret.KeyPair pair)
                    || sessions.stream().noneMatch(secret::sameAs)) {
                return Optional.empty();
            }
            List<KeyFile.Entry> entries = new ArrayList<>();
            around("keyFile", () -> {
                if (!showsAnotherFile) {
                    keys.forEach(key -> entries.add(
                            installed.containsKey(key)
                                    ? new KeyFile.Entry(entries.size() + 1, installed.get(key), KeyFile.OURS + "acme")
                                    : new KeyFile.Entry(entries.size() + 1, pair.publicKey(), "by hand")));
                }
                entries.addAll(strangers);
            });
            return Optional.of(new KeyFile(InstallMethod.AuthorizedKeys.DEFAULT_PATH, entries));
        }

        @Override
        public Map<String, String> unlisted(LoginSecret secret, List<String> directories) {
            Map<String, String> unlisted = new HashMap<>();
            if (sessions.stream().anyMatch(secret::sameAs)) {
                directories.stream()
                        .filter(missing::contains)
                        .forEach(directory ->
                                unlisted.put(directory, notThere(directory).getMessage()));
            }
            return unlisted;
        }

        @Override
        public void withdraw(Predecessor predecessor, LoginSecret successor) throws HostException {
            around("withdraw", () -> {
                requireAccess(Predecessor.of(successor));
                look(predecessor);
                if (takesEveryKeyOff) {
                    keys.clear();
                } else {
                    successor.fingerprint().filter(keys::contains).ifPresent(seen::add);
                }
                if (!keepsWithdrawnKeys) {
                    predecessor.fingerprint().ifPresent(keys::remove);
                }
            });
        }

        @Override
        public void uninstall(LoginSecret candidate, Predecessor predecessor) throws HostException {
            around("uninstall", () -> {
                if (!administrator
                        && !accepts(user, candidate)
                        && !predecessor.secret().map(old -> accepts(user, old)).orElse(false)) {
                    throw refused();
                }
                if (candidate.authType() == AuthType.KEY) {
                    candidate.fingerprint().ifPresent(keys::remove);
                } else {
                    set(predecessor.secret().orElseThrow());
                }
            });
        }

        @Override
        public Verdict tryPredecessor(Predecessor predecessor) throws HostException {
            Verdict[] verdict = {Verdict.UNKNOWN};
            around("tryPredecessor", () -> {
                if (predecessor.secret().isPresent()) {
                    verdict[0] = accepts(user, predecessor.secret().get()) ? Verdict.ACCEPTED : Verdict.REFUSED;
                } else if (predecessor.publicKey().isPresent()
                        || predecessor.fingerprint().filter(seen::contains).isPresent()) {
                    verdict[0] = keys.contains(predecessor.fingerprint().get()) ? Verdict.ACCEPTED : Verdict.REFUSED;
                }
            });
            return verdict[0];
        }

        private void look(Predecessor predecessor) {
            predecessor.fingerprint().filter(keys::contains).ifPresent(seen::add);
        }

        @Override
        public Optional<PublicKey> seen(Fingerprint fingerprint) {
            return Optional.of(fingerprint)
                    .filter(seen::contains)
                    .map(key -> installed.containsKey(key) ? installed.get(key) : lines.get(key));
        }

        private void requireAccess(Predecessor as) throws HostException {
            if (!administrator && (as.secret().isEmpty() || !logsIn(as.secret().get()))) {
                throw refused();
            }
        }

        private boolean logsIn(LoginSecret secret) throws HostException {
            if (budget.isEmpty()) {
                return accepts(user, secret);
            }
            Account account = new Account(World.ACCOUNT.hostname(), World.ACCOUNT.port(), user);
            try (LoginBudget.Leave leave = budget.get().leave(account, secret.authType())) {
                boolean in = accepts(user, secret);
                if (in) {
                    leave.accepted();
                } else {
                    leave.refused();
                }
                return in;
            }
        }

        private HostException refused() {
            return new HostException(HostException.Fault.AUTHENTICATION_REFUSED, "the host refused the login");
        }

        private void around(String call, Change change) throws HostException {
            calls.add(call);
            crash.reach("before host " + call);
            faults.before(call);
            change.run();
            faults.after(call);
            crash.reach("after host " + call);
        }

        @Override
        public void close() {}
    }

    interface Change {
        void run() throws HostException;
    }

    /** Exceptions to throw before or after a named call does its work. */
    static final class Faults {
        private final List<Fault> planned = new ArrayList<>();

        private record Fault(String call, boolean after, HostException exception, int[] times) {}

        void before(String call, HostException.Fault fault, int times) {
            planned.add(new Fault(call, false, new HostException(fault, "injected before " + call), new int[] {times}));
        }

        void after(String call, HostException.Fault fault, int times) {
            planned.add(new Fault(call, true, new HostException(fault, "injected after " + call), new int[] {times}));
        }

        void clear() {
            planned.clear();
        }

        private void before(String call) throws HostException {
            fire(call, false);
        }

        private void after(String call) throws HostException {
            fire(call, true);
        }

        private void fire(String call, boolean after) throws HostException {
            for (Fault fault : planned) {
                if (fault.call().equals(call) && fault.after() == after && fault.times()[0] > 0) {
                    fault.times()[0]--;
                    throw fault.exception();
                }
            }
        }
    }
}
