package dev.keyturn.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * A small HTTP/1.1 server on loopback.
 *
 * <p>Not the JDK's: that one gives no hold of the socket, and a stand-in that injects faults must be able to reset a
 * connection, to stay silent and to stop in the middle of an answer.
 */
final class HttpListener implements AutoCloseable {
    /** What is spoken below HTTP. */
    interface Layer {
        Socket over(Socket plain) throws IOException;
    }

    private final ServerSocket server;
    private final Layer layer;
    private final Function<HttpRequest, HttpAnswer> handler;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "stand-in-http");
        thread.setDaemon(true);
        return thread;
    });

    /** @param port 0 for any free one */
    HttpListener(int port, Layer layer, Function<HttpRequest, HttpAnswer> handler) throws IOException {
        this.handler = handler;
        this.layer = layer;
        server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 256);
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // Closed, or a connection that was gone before it was accepted.
            }
        }
    }

    private void serve(Socket plain) {
        try (Socket socket = layer.over(plain)) {
            if (closing.getCount() == 0) {
                return;
            }
            plain.setTcpNoDelay(true);
            HttpWire wire = new HttpWire(socket, closing);
            boolean open = true;
            while (open) {
                HttpRequest request = wire.read();
                if (request == null) {
                    return;
                }
                HttpAnswer answer = handler.apply(request);
                open = answer.delivery().send(wire, head(answer), answer.body())
                        && !"close".equalsIgnoreCase(request.header("connection"));
            }
        } catch (IOException e) {
            // The client left or spoke no HTTP (or no TLS); there is nobody to tell.
        } finally {
            connections.remove(plain);
        }
    }

    private static byte[] head(HttpAnswer answer) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" Stand-in\r\n");
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        if (answer.status() != 204) {
            head.append("Content-Length: ").append(answer.body().length).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Ends the connections that are open; new ones are welcome. */
    void hangUp() throws IOException {
        for (Socket socket : connections) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        server.close();
        hangUp();
        threads.shutdown();
    }
}
