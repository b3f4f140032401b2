package dev.keyturn.dromo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A loopback server that knows no manners: what it does with a connection, the test says. */
final class RawServer implements AutoCloseable {
    private final ServerSocket listener;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** Serves one connection, which is closed afterwards. */
    interface Behaviour {
        void serve(RawServer server, Socket socket) throws IOException;
    }

    RawServer(Behaviour behaviour) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(() -> {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                start(() -> {
                    try (socket) {
                        behaviour.serve(this, socket);
                    }
                });
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The other side went away, or the test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Answers each request of a connection with the same text. */
    static RawServer answering(String answer) throws IOException {
        return new RawServer((server, socket) -> {
            while (server.head(socket) != null) {
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    /** Tunnels a CONNECT to wherever it asks for. */
    static RawServer tunnel() throws IOException {
        return new RawServer((server, socket) -> {
            String head = server.head(socket);
            if (head == null) {
                return;
            }
            String port = head.split(" ")[1].replaceAll(".*:", "");
            try (Socket target = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
                socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                start(() -> target.getInputStream().transferTo(socket.getOutputStream()));
                socket.getInputStream().transferTo(target.getOutputStream());
            }
        });
    }

    /** Reads a request's head and body, and keeps them; null once the client is gone. */
    String head(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            read.write(next);
        }
        String head = read.toString(StandardCharsets.UTF_8);
        heads.add(head);
        head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .findFirst()
                .ifPresent(line -> skip(in, Integer.parseInt(line.substring(15).trim())));
        return head;
    }

    private static void skip(InputStream in, int length) {
        try {
            in.skipNBytes(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** The heads of all requests so far. */
    List<String> heads() {
        return heads;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
