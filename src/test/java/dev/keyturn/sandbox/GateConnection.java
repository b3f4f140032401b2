package dev.keyturn.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client's connection, seen from the gate in front of the SSH server. */
public final class GateConnection {
    private static final int BUFFER = 32 * 1024;

    private final TcpGate gate;
    private final Socket client;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Socket host;
    private volatile boolean authenticated;
    private final CountDownLatch unheard = new CountDownLatch(1);
    private volatile boolean deaf;

    GateConnection(TcpGate gate, Socket client) {
        this.gate = gate;
        this.client = client;
    }

    boolean authenticated() {
        return authenticated;
    }

    void markAuthenticated() {
        authenticated = true;
    }

    void say(byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
    }

    /** Lets the client talk to the SSH server. */
    void relay() throws IOException {
        relay(Long.MAX_VALUE, this::reset);
    }

    /** The same, until that has sent {@code bytesFromHost}: then resets. */
    void relay(long bytesFromHost) throws IOException {
        relay(bytesFromHost, this::reset);
    }

    /** The same, but then stays silent. */
    void relayThenHang(long bytesFromHost) throws IOException {
        relay(bytesFromHost, () -> {});
    }

    private void relay(long bytesFromHost, Runnable atTheEnd) throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), gate.hostPort());
        socket.setTcpNoDelay(true);
        client.setTcpNoDelay(true);
        host = socket;
        gate.register(socket.getLocalPort(), this);
        gate.run(() -> pump(client, socket, Long.MAX_VALUE, atTheEnd));
        gate.run(() -> pump(socket, client, bytesFromHost, atTheEnd));
    }

    private void pump(Socket from, Socket to, long mostBytes, Runnable atTheEnd) {
        byte[] buffer = new byte[BUFFER];
        long left = mostBytes;
        try {
            InputStream in = from.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (deaf && from == client) {
                    unheard.countDown();
                    continue;
                }
                if (n >= left) {
                    to.getOutputStream().write(buffer, 0, (int) left);
                    atTheEnd.run();
                    return;
                }
                to.getOutputStream().write(buffer, 0, n);
                left -= n;
            }
            // One side has finished; SSH has no half-open connections.
            close();
        } catch (IOException e) {
            reset();
        }
    }

    /** Waits this long, or until the client has left. */
    void pause(Duration time) throws IOException {
        try {
            if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the client left");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** From now on nothing that the client says gets to the SSH server. */
    void goDeaf() {
        deaf = true;
    }

    /** Waits until the client has said something that the server did not get. */
    void waitUntilUnheard() throws IOException {
        await(unheard);
    }

    void waitUntilClosed() throws IOException {
        await(closed);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Closing with a linger of zero makes the kernel send RST instead of FIN. */
    void reset() {
        try {
            client.setSoLinger(true, 0);
        } catch (IOException e) {
            // Closed already.
        }
        close();
    }

    void close() {
        gate.forget(this);
        closed.countDown();
        closeQuietly(client);
        closeQuietly(host);
    }

    private static void closeQuietly(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // Gone is gone.
        }
    }
}
