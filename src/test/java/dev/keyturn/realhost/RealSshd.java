package dev.keyturn.realhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * OpenSSH's own {@code sshd}, as Debian ships it, with PAM, StrictModes and accounts of its own; see the package for
 * how it is kept apart from the machine. Needs what {@link RequiresSshd} checks. Safe for use by several threads.
 *
 * <p>{@code /etc} on the server holds only what is needed (no alternatives, so no awk and no editor); its files can be
 * read and changed below {@link #etc()}.
 */
public final class RealSshd implements AutoCloseable {

    private final Workspace workspace;
    private final AccountFiles accountFiles;
    private final HostKey hostKey;
    private final ServerLog log;
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private int port;
    private @Nullable Enclosure enclosure;
    private boolean closed;

    private RealSshd(Workspace workspace, SshdSettings settings) throws IOException {
        this.workspace = workspace;
        EnclosureDirectory.fill(workspace.root());
        this.accountFiles = AccountFiles.create(etc(), workspace.root().resolve("home"));
        this.hostKey = settings.writeTo(etc());
        this.log = new ServerLog(workspace.root().resolve("log/sshd.log"));
    }

    /**
     * Settings of a server; nothing is started yet. Where nothing is said they are OpenSSH's defaults, with UsePAM,
     * keyboard-interactive, an ed25519 host key, {@code internal-sftp} and LogLevel VERBOSE.
     */
    public static Builder builder() {
        return new Builder();
    }

    public String host() {
        return LoopbackPort.ADDRESS;
    }

    /** The port it listens on, the same after {@link #stop()} and {@link #start()}. */
    public int port() {
        return port;
    }

    /** Its public host key, {@code ALGORITHM BASE64}. */
    public String hostKey() {
        return hostKey.line();
    }

    /** {@code SHA256:...}, as {@code ssh-keygen -lf} prints it. */
    public String hostKeyFingerprint() {
        return hostKey.fingerprint();
    }

    /** OpenSSH's client, which trusts this server's host key and no other. */
    public OpensshClient client() {
        return new OpensshClient(host(), port, hostKey());
    }

    /** Adds an account. Passwords are hashed cheaply (SHA-512, 1000 rounds) to keep tests fast. */
    public Account add(NewAccount account) {
        return addAll(List.of(account)).get(0);
    }

    /** Adds accounts in one go, which for hundreds takes a second; they come back in the same order. */
    public synchronized List<Account> addAll(List<NewAccount> wanted) {
        Stream<String> names = wanted.stream().map(NewAccount::name);
        List<String> taken = names.filter(accounts::containsKey).toList();
        if (!taken.isEmpty()) {
            throw new IllegalArgumentException("Already accounts of this server: " + taken);
        }
        try {
            List<Account> added = accountFiles.add(wanted);
            added.forEach(account -> accounts.put(account.name(), account));
            setPasswords(wanted.stream()
                    .filter(account -> account.password() != null)
                    .collect(Collectors.toMap(NewAccount::name, account -> String.valueOf(account.password()))));
            wanted.stream().filter(NewAccount::expired).forEach(account -> expirePassword(account.name()));
            return added;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't add accounts", e);
        }
    }

    public synchronized Account account(String name) {
        Account account = accounts.get(name);
        if (account == null) {
            throw new IllegalArgumentException("No account " + name + " on this server, only " + accounts.keySet());
        }
        return account;
    }

    public void setPassword(String account, String password) {
        setPasswords(Map.of(account, password));
    }

    /** Demands a new password at the next login, as {@code chage -d 0} does. */
    public void expirePassword(String account) {
        runInside("", "chage", "-d", "0", account);
    }

    /** The account's line in the server's shadow file. */
    public String shadowLine(String account) {
        try (Stream<String> lines = Files.lines(etc().resolve("shadow"))) {
            return lines.filter(line -> line.startsWith(account + ":"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No shadow entry for " + account));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a program as root among the server's files and processes, and expects it to end with 0: an administrator's
     * {@code usermod -L acme}, or a fault. {@code mount --bind /home/acme /home/acme} and then {@code mount -o
     * remount,bind,ro /home/acme} make a home read-only on the server, while this JVM may still write to it.
     * {@code mount -t tmpfs -o size=4k tmpfs /home/acme/uploads} makes a disk that is soon full, and that this JVM
     * doesn't see. Mounts last until {@link #stop()}.
     */
    public Finished runInside(String input, String... words) {
        return running().inside(words).input(input).runOrFail();
    }

    /** The server's {@code /etc}, as this JVM sees it. */
    public Path etc() {
        return workspace.root().resolve("etc");
    }

    public Path logFile() {
        return log.file();
    }

    public String log() {
        return log.text();
    }

    /** Counts the log's lines about authentications of one account, in all runs since the first start. */
    public Logins logins(String account) {
        return log.logins(account);
    }

    /** Takes the server down, with every session; its files stay. Does nothing where it is down already. */
    public synchronized void stop() {
        if (enclosure != null) {
            enclosure.stop();
            enclosure = null;
        }
    }

    /** Brings a stopped server up again on the same port, with the same host key, files and accounts. */
    public synchronized void start() {
        if (closed || enclosure != null) {
            throw new IllegalStateException(closed ? "The server is closed" : "The server is running");
        }
        LoopbackPort.Taken taken = LoopbackPort.serve(port, log, new LoopbackPort.Server() {
            @Override
            public Enclosure start(int candidate) {
                List<String> words = List.of("/usr/sbin/sshd", "-D", "-e", "-p", "" + candidate);
                return Enclosure.start(workspace.root(), log.file(), words);
            }

            @Override
            public boolean isReady(int candidate, String said) {
                // Its own word, not a connection: whoever else took the port would answer that.
                return said.contains("Server listening on " + host() + " port " + candidate + ".");
            }
        });
        port = taken.port();
        enclosure = taken.server();
    }

    /** Kills the server and removes its files. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            OpenServers.remove(this);
            try {
                stop();
            } finally {
                workspace.close();
            }
        }
    }

    private synchronized Enclosure running() {
        if (enclosure == null) {
            throw new IllegalStateException("The server is stopped");
        }
        return enclosure;
    }

    private void setPasswords(Map<String, String> passwords) {
        if (!passwords.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            passwords.forEach((name, password) ->
                    lines.append(name).append(':').append(password).append('\n'));
            runInside(lines.toString(), "chpasswd", "-c", "SHA512", "-s", "1000");
        }
    }

    /** Collects what a server shall be like. */
    public static final class Builder {

        private final List<NewAccount> accounts = new ArrayList<>();
        private final List<String> options = new ArrayList<>();
        private String logLevel = "VERBOSE";
        private String hostKeyAlgorithm = "ed25519";
        private boolean delayedRefusals;

        private Builder() {}

        public Builder account(NewAccount account) {
            accounts.add(account);
            return this;
        }

        public Builder accounts(List<NewAccount> several) {
            accounts.addAll(several);
            return this;
        }

        /**
         * A line of sshd_config that goes before all others, so it wins: {@code "MaxStartups 2:50:4"},
         * {@code "AuthenticationMethods publickey,password"}, {@code "PasswordAuthentication no"}. One that begins with
         * {@code Match} is a block, with line feeds inside, and goes to the end.
         */
        public Builder option(String line) {
            options.add(line);
            return this;
        }

        /** {@code DEBUG} to {@code DEBUG3} for more; below {@code VERBOSE} refusals of keys can't be counted. */
        public Builder logLevel(String level) {
            logLevel = level;
            return this;
        }

        /** {@code ed25519} (where nothing is said), {@code ecdsa} or {@code rsa}. */
        public Builder hostKeyAlgorithm(String algorithm) {
            hostKeyAlgorithm = algorithm;
            return this;
        }

        /** Keeps PAM's delay of about two seconds after a wrong password, which is off otherwise. */
        public Builder delayedRefusals() {
            delayedRefusals = true;
            return this;
        }

        /** Starts the server and returns when it accepts connections and all accounts exist. */
        public RealSshd start() {
            RealSshd sshd = prepare();
            OpenServers.add(sshd);
            try {
                sshd.start();
                sshd.addAll(accounts);
                return sshd;
            } catch (RuntimeException e) {
                sshd.close();
                throw e;
            }
        }

        private RealSshd prepare() {
            Workspace workspace = Workspace.create();
            try {
                return new RealSshd(workspace, new SshdSettings(options, logLevel, hostKeyAlgorithm, delayedRefusals));
            } catch (IOException e) {
                workspace.close();
                throw new UncheckedIOException("Can't prepare sshd", e);
            }
        }
    }
}
