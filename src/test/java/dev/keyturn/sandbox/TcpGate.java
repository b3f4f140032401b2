package dev.keyturn.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The port that clients see, in front of the SSH server. It relays; and it can refuse, reset, stay silent and cut off,
 * which the SSH server itself can't.
 */
final class TcpGate implements AutoCloseable {
    /** Decides for each new connection. */
    interface Doorkeeper {
        /** @param unauthenticated how many other connections are open and not logged in yet */
        Welcome welcome(int unauthenticated);
    }

    private final int hostPort;
    private final Doorkeeper doorkeeper;
    private final Set<GateConnection> connections = ConcurrentHashMap.newKeySet();
    private final Map<Integer, GateConnection> byHostSidePort = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "stand-in-gate");
        thread.setDaemon(true);
        return thread;
    });
    private ServerSocket server;
    private Future<?> accepting;

    TcpGate(int port, int hostPort, Doorkeeper doorkeeper) throws IOException {
        this.hostPort = hostPort;
        this.doorkeeper = doorkeeper;
        listen(port);
    }

    private void listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 256);
        server = socket;
        accepting = threads.submit(() -> accept(socket));
    }

    int port() {
        return server.getLocalPort();
    }

    int hostPort() {
        return hostPort;
    }

    /** New connections are refused from now on; open ones go on. */
    void refuse() throws IOException {
        server.close();
        try {
            // The kernel keeps the port open until the blocked accept has returned.
            accepting.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("accepting connections failed", e);
        }
    }

    /** Listens on the same port again. */
    void listenAgain() throws IOException {
        if (server.isClosed()) {
            listen(port());
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                GateConnection connection = new GateConnection(this, socket.accept());
                int unauthenticated = (int) connections.stream()
                        .filter(other -> !other.authenticated())
                        .count();
                connections.add(connection);
                run(() -> meet(connection, unauthenticated));
            } catch (IOException e) {
                // Closed, or a connection that was gone before it was accepted.
            }
        }
    }

    private void meet(GateConnection connection, int unauthenticated) {
        try {
            doorkeeper.welcome(unauthenticated).meet(connection);
        } catch (IOException e) {
            connection.reset();
        }
    }

    void register(int hostSidePort, GateConnection connection) {
        byHostSidePort.put(hostSidePort, connection);
    }

    void forget(GateConnection connection) {
        connections.remove(connection);
        byHostSidePort.values().remove(connection);
    }

    /** The connection that the SSH server sees as coming from this port. */
    @Nullable
    GateConnection connection(int hostSidePort) {
        return byHostSidePort.get(hostSidePort);
    }

    void resetAll() {
        connections.forEach(GateConnection::reset);
    }

    void run(Runnable work) {
        threads.execute(work);
    }

    @Override
    public void close() throws IOException {
        refuse();
        connections.forEach(GateConnection::close);
        threads.shutdown();
    }
}
