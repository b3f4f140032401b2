package dev.keyturn.killmatrix;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keyturn.sandbox.SftpAccount;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A host's own API over HTTP, for the install method {@code command}; curl is the command. */
final class HostApi implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpServer server;
    private final SftpAccount account;
    private final Consumer<String> done;
    private final ExecutorService answerers = Executors.newCachedThreadPool();

    /** @param done told of each action once it is done and not answered */
    HostApi(SftpAccount account, Consumer<String> done) throws IOException {
        this.account = account;
        this.done = done;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        // One that is held back holds back no other.
        server.setExecutor(answerers);
        server.createContext("/", this::answer);
        server.start();
    }

    /** A flow sequence for the configuration. */
    String command() {
        return "[/usr/bin/curl, -sS, --fail, --noproxy, \"*\", --data-binary, \"@-\", \"http://127.0.0.1:"
                + server.getAddress().getPort() + "/\"]";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode wanted = MAPPER.readTree(exchange.getRequestBody().readAllBytes());
            String action = wanted.path("action").asString();
            switch (action) {
                case "status" -> {}
                case "install" -> install(wanted);
                case "withdraw" -> withdraw(blob(wanted));
                default -> throw new IOException("no action " + action);
            }
            done.accept("API_" + action.toUpperCase(java.util.Locale.ROOT));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private void install(JsonNode wanted) {
        if (wanted.has("password")) {
            account.withPassword(wanted.path("password").asString());
        } else if (!account.authorizedKeys().contains(blob(wanted))) {
            account.withKey(wanted.path("public_key").asString());
        }
    }

    private void withdraw(String blob) throws IOException {
        Path file = account.keysFile();
        List<String> others = Files.readAllLines(file).stream()
                .filter(line -> !line.contains(blob))
                .toList();
        Files.write(file, others);
    }

    private static String blob(JsonNode wanted) {
        return wanted.path("public_key").asString().split(" ")[1];
    }

    @Override
    public void close() {
        server.stop(0);
        answerers.shutdownNow();
    }
}
