package dev.keyturn.ssh;

import com.jcraft.jsch.SocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * The TCP connection of one SSH session. SSH's opening is a run of small messages in turn, and the kernel holds back an
 * acknowledgement for up to 40 ms in the hope of an answer to carry it: half of a short session's time. Where the
 * platform has {@code TCP_QUICKACK} it is set before each read, because Linux clears it again by itself.
 */
final class HostSockets implements SocketFactory {
    private static final int BUFFER = 16 * 1024;
    private static final int HEARD = 255;

    private final Duration connectTimeout;
    private final StringBuilder heard = new StringBuilder();
    private @Nullable Socket current;
    private boolean hungUp;

    HostSockets(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    /** The first printable characters the host sent; empty where it sent nothing at all. */
    String heard() {
        return heard.toString();
    }

    /**
     * Ends the connection, or keeps it from being made. It never waits, so any thread may do it; JSch's own disconnect says
     * goodbye first, and waits for that where the host stalls in a key exchange or takes no more bytes.
     */
    void hangUp() {
        try {
            Socket socket = last();
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // Gone is gone.
        }
    }

    private synchronized @Nullable Socket last() {
        hungUp = true;
        return current;
    }

    private synchronized void remember(Socket socket) throws IOException {
        if (hungUp) {
            throw new SocketException("hung up before the connection was made");
        }
        current = socket;
    }

    @Override
    @SuppressWarnings("AddressSelection") // the JDK's own choice of address is what Dromo's would be too
    public Socket createSocket(String host, int port) throws IOException {
        Socket socket = new Socket();
        try {
            remember(socket);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(connectTimeout.toMillis()));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public InputStream getInputStream(Socket socket) throws IOException {
        return new QuickInput(socket);
    }

    @Override
    public OutputStream getOutputStream(Socket socket) throws IOException {
        return socket.getOutputStream();
    }

    private final class QuickInput extends InputStream {
        private final @Nullable Socket quick;
        private final InputStream in;
        private final byte[] buffer = new byte[BUFFER];
        private int next;
        private int end;

        QuickInput(Socket socket) throws IOException {
            quick = socket.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK) ? socket : null;
            in = socket.getInputStream();
        }

        @Override
        public int read() throws IOException {
            return fill() ? buffer[next++] & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int taken = Math.min(length, end - next);
            System.arraycopy(buffer, next, target, offset, taken);
            next += taken;
            return taken;
        }

        private boolean fill() throws IOException {
            if (next < end) {
                return true;
            }
            if (quick != null) {
                quick.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            }
            next = 0;
            end = Math.max(0, in.read(buffer));
            if (end > 0 && heard.length() < HEARD) {
                new String(buffer, 0, Math.min(end, HEARD - heard.length()), StandardCharsets.ISO_8859_1)
                        .chars()
                        .filter(c -> c >= ' ' && c <= '~')
                        .forEach(c -> heard.append((char) c));
            }
            return end > 0;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
