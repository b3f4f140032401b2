package dev.keyturn.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.KeyPair;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;

/**
 * An SFTP host on loopback: accounts with keys and passwords in a temporary directory, the programs that change
 * passwords, a log of logins, and faults on demand. Thread-safe.
 *
 * <pre>{@code
 * try (SftpStandIn host = SftpStandIn.start()) {
 *     host.account("dromo").withKey(keys.publicLine()).withDirectory("uploads");
 *     host.faults().onNext(SftpFault.resetAfter(HostStep.RENAME));
 *     // log in to 127.0.0.1, host.port()
 * }
 * }</pre>
 */
public final class SftpStandIn implements AutoCloseable {
    private final SftpHost host = new SftpHost();
    private final Path directory;
    private final SshServer server;
    private final TcpGate gate;
    private final NewSessions sessions;
    private volatile KeyPair hostKey;

    private SftpStandIn(int port) throws IOException {
        directory = Files.createTempDirectory("sftp-stand-in");
        hostKey = OpensshKeys.pair("ssh-ed25519", 256);
        server = ServerBuilder.builder().build(true);
        server.setHost("127.0.0.1");
        sessions = new NewSessions(host, () -> hostKey);
        server.setKeyPairProvider(sessions);
        server.setUserAuthFactories(
                List.of(KeyLogin.factory(host), KeyboardLogin.factory(host), UserAuthPasswordFactory.INSTANCE));
        server.setPublickeyAuthenticator(KeyLogin.authenticator(host));
        server.setPasswordAuthenticator(new PasswordLogin(host));
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        HostFiles files = new HostFiles(host);
        server.setFileSystemFactory(files);
        server.setSubsystemFactories(List.of(files));
        HostPrograms programs = new HostPrograms(host);
        server.setCommandFactory(programs);
        server.setShellFactory(programs);
        server.addSessionListener(sessions);
        server.start();
        gate = new TcpGate(port, server.getPort(), this::welcome);
        host.connectionsBy(gate::connection);
    }

    /** On a free port. */
    public static SftpStandIn start() throws IOException {
        return start(0);
    }

    public static SftpStandIn start(int port) throws IOException {
        return new SftpStandIn(port);
    }

    public String hostname() {
        return "127.0.0.1";
    }

    public int port() {
        return gate.port();
    }

    /** SHA256:..., as {@code ssh-keygen -lf} prints it. */
    public String hostKeyFingerprint() {
        return KeyUtils.getFingerPrint(hostKey.getPublic());
    }

    /** Type and base64, without a comment. */
    public String hostKeyLine() {
        return PublicKeyEntry.toString(hostKey.getPublic());
    }

    /** A line for known_hosts. */
    public String knownHostsLine() {
        return "[" + hostname() + "]:" + port() + " " + hostKeyLine();
    }

    /** Makes an account with its home at /home/USER of a file system that all such accounts share. */
    public SftpAccount account(String user) throws IOException {
        return add(new SftpAccount(user, directory.resolve("host"), "/home/" + user));
    }

    /** Makes an account that can't leave its home, which it sees as /. */
    public SftpAccount chrootedAccount(String user) throws IOException {
        return add(new SftpAccount(user, directory.resolve("chroot").resolve(user), "/"));
    }

    private SftpAccount add(SftpAccount account) {
        host.add(account);
        return account;
    }

    /** Every finished attempt to log in so far, in order. */
    public List<LoginAttempt> loginLog() {
        return host.attempts();
    }

    public SftpFaults faults() {
        return host.faults();
    }

    private Welcome welcome(int unauthenticated) {
        Welcome fault = host.faults().connecting(unauthenticated);
        return fault == null ? Welcome.heartily() : fault;
    }

    /** New connections are refused from now on; open ones go on. */
    public void refuseConnections() throws IOException {
        gate.refuse();
    }

    /** Ends {@link #refuseConnections}, on the same port. */
    public void acceptConnections() throws IOException {
        gate.listenAgain();
    }

    /**
     * Begins a key exchange in each session that is logged in and never goes on with it. Returns once the clients have
     * begun theirs.
     */
    public void stallInKeyExchange() throws IOException {
        for (AbstractSession session : server.getActiveSessions()) {
            GateConnection connection = host.connection(session);
            if (connection != null && connection.authenticated()) {
                connection.goDeaf();
                session.reExchangeKeys();
                connection.waitUntilUnheard();
            }
        }
    }

    /** Resets every open connection. */
    public void resetConnections() {
        gate.resetAll();
    }

    /** From now on the host has another host key. */
    public void changeHostKey() {
        hostKey = OpensshKeys.pair("ssh-ed25519", 256);
    }

    /** Closes all connections and removes all files. */
    @Override
    public void close() throws IOException {
        gate.close();
        server.stop(true);
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
