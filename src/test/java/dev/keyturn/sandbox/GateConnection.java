package dev.keyturn.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A client's connection, seen from the gate in front of the SSH server. */
public final class GateConnection {
    private static final int BUFFER = 32 * 1024;

    private final TcpGate gate;
    private final Socket client;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Socket host;
    private volatile boolean authenticated;

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

    /** Lets the client talk to the SSH server, until that has sent {@code bytesFromHost}. */
    void relay(long bytesFromHost) throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), gate.hostPort());
        socket.setTcpNoDelay(true);
        client.setTcpNoDelay(true);
        host = socket;
        gate.register(socket.getLocalPort(), this);
        gate.run(() -> pump(client, socket, Long.MAX_VALUE));
        gate.run(() -> pump(socket, client, bytesFromHost));
    }

    private void pump(Socket from, Socket to, long mostBytes) {
        byte[] buffer = new byte[BUFFER];
        long left = mostBytes;
        try {
            InputStream in = from.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (n >= left) {
                    to.getOutputStream().write(buffer, 0, (int) left);
                    reset();
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

    void waitUntilClosed() throws IOException {
        try {
            closed.await();
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
