package dev.keyturn.sandbox;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client connection: reads HTTP/1.1 requests and lets a {@link Delivery} misbehave below the level of HTTP. */
public final class HttpWire {
    private static final int MOST_HEADER_BYTES = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final CountDownLatch closing;

    HttpWire(Socket socket, CountDownLatch closing) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.closing = closing;
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Closing with a linger of zero makes the kernel send RST instead of FIN. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void waitUntilClientLeaves() {
        try {
            while (in.read() >= 0) {
                // Whatever else the client says is ignored.
            }
        } catch (IOException e) {
            // It left, or this server closed.
        }
    }

    void pause(Duration time) throws IOException {
        try {
            if (closing.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the server is closing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The next request, or null where the client closed. */
    @Nullable
    HttpRequest read() throws IOException {
        String start = line();
        if (start == null || start.isEmpty()) {
            return null;
        }
        String[] words = start.split(" ");
        if (words.length != 3) {
            throw new IOException("not an HTTP request line: " + start);
        }
        Map<String, String> headers = headers();
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        byte[] body = "chunked".equalsIgnoreCase(headers.get("transfer-encoding"))
                ? chunks()
                : exactly(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        int question = words[1].indexOf('?');
        return question < 0
                ? new HttpRequest(words[0], words[1], "", headers, body)
                : new HttpRequest(
                        words[0], words[1].substring(0, question), words[1].substring(question + 1), headers, body);
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); line != null && !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).trim());
            }
        }
        return Map.copyOf(headers);
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line();
            if (size == null) {
                throw new EOFException("the client closed within a chunked body");
            }
            int length = Integer.parseInt(size.split(";", 2)[0].trim(), 16);
            body.write(exactly(length));
            line();
            if (length == 0) {
                return body.toByteArray();
            }
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the client closed within a body");
        }
        return bytes;
    }

    private @Nullable String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int one = in.read(); one != '\n'; one = in.read()) {
            if (one < 0) {
                return null;
            }
            if (line.size() > MOST_HEADER_BYTES) {
                throw new IOException("a header line longer than " + MOST_HEADER_BYTES + " bytes");
            }
            if (one != '\r') {
                line.write(one);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
