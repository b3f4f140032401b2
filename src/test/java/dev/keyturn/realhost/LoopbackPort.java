package dev.keyturn.realhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A port of 127.0.0.1 that was free a moment ago. Another process may take it first, so its users try again. */
final class LoopbackPort {

    static final String ADDRESS = "127.0.0.1";
    static final int ATTEMPTS = 5;

    private LoopbackPort() {}

    static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on " + ADDRESS, e);
        }
    }
}
