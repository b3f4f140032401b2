package dev.keyturn.realhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * ProFTPD with mod_sftp, as Debian ships it, with virtual users of its own: an SFTP server that shares no code with
 * OpenSSH. Needs what {@link RequiresProftpd} checks. Safe for use by several threads.
 *
 * <p>What was seen of ProFTPD 1.3.8:
 *
 * <ul>
 *   <li>Passwords work, by the method {@code password}. Users have no shell and no {@code passwd}.
 *   <li>Keys are read from {@code ~/.sftp/authorized_keys}, in the format of RFC 4716 only. Several may stand one after
 *       the other. A line in OpenSSH's format is passed over: it lets nobody in and does not harm the keys after it.
 *   <li>A session is chrooted into the home, so that file is {@code .sftp/authorized_keys} in it, and the user may
 *       change it.
 *   <li>To a client that asks first whether a key would do, it answers yes to any. Only the signed request tells.
 * </ul>
 */
public final class RealProftpd implements AutoCloseable {

    private static final int ROOT = 0;
    private static final int FIRST_UID = 21_001;

    private final Workspace workspace;
    private final HostKey hostKey;
    private final String options;
    private final ServerLog log;
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<String, String> userLines = new LinkedHashMap<>();
    private int port;
    private @Nullable Enclosure enclosure;
    private boolean closed;

    private RealProftpd(Workspace workspace, List<String> options) throws IOException {
        this.workspace = workspace;
        this.options = String.join("\n", options) + "\n";
        EnclosureDirectory.fill(workspace.root());
        AccountFiles.create(workspace.root().resolve("etc"), workspace.root().resolve("home"));
        Path own = Ownership.directory(etc(), ROOT, "rwxr-xr-x");
        this.hostKey = HostKey.make("ed25519", own.resolve("host_key"));
        this.log = new ServerLog(workspace.root().resolve("log/proftpd.log"));
        writeUsers();
    }

    /**
     * Starts a server without users.
     *
     * @param options lines of proftpd.conf that come after all others, such as {@code "SFTPExtensions -posixRename"}
     */
    public static RealProftpd running(String... options) {
        Workspace workspace = Workspace.create();
        RealProftpd proftpd;
        try {
            proftpd = new RealProftpd(workspace, List.of(options));
        } catch (IOException e) {
            workspace.close();
            throw new UncheckedIOException("Can't prepare ProFTPD", e);
        }
        OpenServers.add(proftpd);
        try {
            proftpd.start();
            return proftpd;
        } catch (RuntimeException e) {
            proftpd.close();
            throw e;
        }
    }

    public String host() {
        return LoopbackPort.ADDRESS;
    }

    /** The port it listens on, the same after {@link #stop()} and {@link #start()}. */
    public int port() {
        return port;
    }

    /** Its public host key, {@code ssh-ed25519 BASE64}. */
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

    /**
     * Adds a user with an {@code uploads} directory.
     *
     * @param password null for none
     * @param keys public keys in the format of RFC 4716, each of several lines
     */
    public synchronized Account add(String name, @Nullable String password, String... keys) {
        if (accounts.containsKey(name)) {
            throw new IllegalArgumentException("Already a user of this server: " + name);
        }
        int uid = FIRST_UID + accounts.size();
        try {
            Path home = Ownership.directory(workspace.root().resolve("home").resolve(name), uid, "rwxr-xr-x");
            Path directory = Ownership.directory(home.resolve(".sftp"), uid, "rwx------");
            Ownership.directory(home.resolve("uploads"), uid, "rwxr-xr-x");
            Path file = Ownership.file(directory.resolve("authorized_keys"), String.join("", keys), uid, "rw-------");
            String relative = ".sftp/authorized_keys";
            Account account = new Account(name, uid, home, file, relative, "/home/" + name + "/" + relative);
            accounts.put(name, account);
            setPassword(name, password);
            return account;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't add " + name, e);
        }
    }

    public synchronized Account account(String name) {
        Account account = accounts.get(name);
        if (account == null) {
            throw new IllegalArgumentException("No user " + name + " on this server, only " + accounts.keySet());
        }
        return account;
    }

    /** Changes a password, or with null lets none log in. It holds for every login after the return. */
    public synchronized void setPassword(String name, @Nullable String password) {
        int uid = account(name).uid();
        String hash = password == null
                ? "*"
                : new Command("/usr/bin/openssl", "passwd", "-6", "-stdin")
                        .input(password + "\n")
                        .runOrFail()
                        .output()
                        .strip();
        userLines.put(name, String.join(":", name, hash, "" + uid, "" + uid, "", "/home/" + name, "/usr/sbin/nologin"));
        try {
            writeUsers();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write the users of ProFTPD", e);
        }
    }

    /** What ProFTPD said, without the details of mod_sftp, which are in {@link #sftpLogFile()}. */
    public String log() {
        return log.text();
    }

    public Path logFile() {
        return log.file();
    }

    public Path sftpLogFile() {
        return workspace.root().resolve("log/sftp.log");
    }

    /** Counts the log's lines about one user's authentications; ProFTPD reports none as partial. */
    public Logins logins(String user) {
        String quoted = "USER " + Pattern.quote(user);
        return new Logins(count(quoted + ": Login successful\\.\n"), 0, count(quoted + " \\(Login failed\\)"));
    }

    /** Takes the server down, with every session; its files stay. Does nothing where it is down already. */
    public synchronized void stop() {
        if (enclosure != null) {
            enclosure.stop();
            enclosure = null;
        }
    }

    /** Brings a stopped server up again on the same port, with the same host key, files and users. */
    public synchronized void start() {
        if (closed || enclosure != null) {
            throw new IllegalStateException(closed ? "The server is closed" : "The server is running");
        }
        LoopbackPort.Taken taken = LoopbackPort.serve(port, log, new LoopbackPort.Server() {
            @Override
            public Enclosure start(int candidate) {
                writeConfig(candidate);
                List<String> words =
                        List.of("/usr/sbin/proftpd", "--nodaemon", "--config", "/etc/proftpd/proftpd.conf");
                return Enclosure.start(workspace.root(), log.file(), words);
            }

            @Override
            public boolean isReady(int candidate, String said) {
                // It says so when the port is its own, but a moment before it listens there.
                return said.contains("standalone mode STARTUP") && LoopbackPort.accepts(candidate);
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

    private Path etc() {
        return workspace.root().resolve("etc/proftpd");
    }

    private void writeConfig(int listenOn) {
        String config = Resource.text("etc/proftpd.conf").replace("@PORT@", "" + listenOn) + options;
        try {
            Ownership.file(etc().resolve("proftpd.conf"), config, ROOT, "rw-r--r--");
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write proftpd.conf", e);
        }
    }

    private int count(String regex) {
        Matcher found = Pattern.compile(regex).matcher(log.text());
        int count = 0;
        while (found.find()) {
            count++;
        }
        return count;
    }

    private void writeUsers() throws IOException {
        List<String> groups = new ArrayList<>();
        accounts.values().forEach(account -> groups.add(account.name() + ":x:" + account.uid() + ":"));
        replace("passwd", userLines.values());
        replace("group", groups);
    }

    private void replace(String name, Iterable<String> lines) throws IOException {
        Path next = Ownership.file(etc().resolve(name + ".next"), "", ROOT, "rw-------");
        Files.write(next, lines);
        Files.move(next, etc().resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
