package dev.keyturn.realhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Finds a server a free port of 127.0.0.1. */
final class LoopbackPort {

    static final String ADDRESS = "127.0.0.1";

    private static final int ATTEMPTS = 5;

    private LoopbackPort() {}

    /** A server that is ready on its port. */
    record Taken(int port, Enclosure server) {}

    /** How a kind of server is started, and how it shows that it is ready. */
    interface Server {

        Enclosure start(int port);

        /**
         * Asks, until it is so, whether the server is ready.
         *
         * @param said what it has written to its log since it was started
         */
        boolean isReady(int port, String said);
    }

    /**
     * Starts a server and waits until it is ready. A port that was free a moment ago may have been taken by another
     * process meanwhile; then another one is tried.
     *
     * @param wanted the port, or 0 for any
     */
    static Taken serve(int wanted, ServerLog log, Server server) {
        for (int attempt = 1; ; attempt++) {
            int port = wanted == 0 ? free() : wanted;
            long before = log.length();
            Enclosure started = server.start(port);
            boolean up = false;
            try {
                up = started.await(() -> server.isReady(port, log.textFrom(before)));
            } finally {
                if (!up) {
                    started.stop();
                }
            }
            if (up) {
                return new Taken(port, started);
            }
            String said = log.textFrom(before);
            if (attempt == ATTEMPTS || !said.contains("Address already in use")) {
                throw new IllegalStateException("The server did not start on port " + port + ":\n" + said);
            }
        }
    }

    static boolean accepts(int port) {
        try (Socket socket = new Socket(ADDRESS, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on " + ADDRESS, e);
        }
    }
}
