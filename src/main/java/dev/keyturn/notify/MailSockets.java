package dev.keyturn.notify;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the socket of one delivery and can cut it off: the mail library limits each read, not the whole, and a server that
 * sends a byte now and then would hold a thread for good.
 */
final class MailSockets extends SocketFactory {
    private final SocketFactory makes;
    private volatile @Nullable Socket made;

    MailSockets(SocketFactory makes) {
        this.makes = makes;
    }

    /** Ends the connection, if there is one; whoever reads from it gets an exception. */
    void cut() {
        Socket socket = made;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // Nothing can be done about a socket that doesn't close, and nobody uses it any more.
                made = null;
            }
        }
    }

    @Override
    public Socket createSocket() throws IOException {
        return remember(makes.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return remember(makes.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return remember(makes.createSocket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return remember(makes.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return remember(makes.createSocket(host, port, local, localPort));
    }

    private Socket remember(Socket socket) {
        made = socket;
        return socket;
    }
}
