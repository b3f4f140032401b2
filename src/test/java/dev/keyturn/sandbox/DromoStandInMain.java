package dev.keyturn.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs the Dromo stand-in as a process of its own: prints its URL on the first line and ends when its standard input
 * does.
 *
 * <pre>
 * --port N            0, the default, takes any free port
 * --license-key TEXT
 * --page-size N
 * --no-login          test_connection always succeeds, without a login
 * --seed FILE         a JSON array of credentials: hostname, port, user, auth_type, password or private_key, and where
 *                     wanted id and directories (each makes a connector)
 * </pre>
 */
final class DromoStandInMain {
    private DromoStandInMain() {}

    public static void main(String[] arguments) throws IOException {
        DromoStandIn.Options options = DromoStandIn.options();
        String seed = "[]";
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--port" -> options.port(Integer.parseInt(arguments[++i]));
                case "--license-key" -> options.licenseKey(arguments[++i]);
                case "--page-size" -> options.pageSize(Integer.parseInt(arguments[++i]));
                case "--no-login" -> options.withoutLogin();
                case "--seed" -> seed = Files.readString(Path.of(arguments[++i]));
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        try (DromoStandIn dromo = options.start()) {
            seed(dromo, seed);
            System.out.println(dromo.url());
            while (System.in.read() >= 0) {
                // Runs until whoever started it lets go.
            }
        }
    }

    static void seed(DromoStandIn dromo, String json) {
        if (!(Json.parse(json) instanceof List<?> entries)) {
            throw new IllegalArgumentException("the seed is no JSON array");
        }
        for (Object entry : entries) {
            Map<?, ?> fields = (Map<?, ?>) entry;
            Object givenId = fields.get("id");
            DromoForm form = new DromoForm(fields);
            DromoCredential credential = form.read(givenId == null ? DromoCredential.newId() : "" + givenId, null);
            if (!form.errors().isEmpty()) {
                throw new IllegalArgumentException("a credential of the seed is wrong: " + form.errors());
            }
            dromo.seed(credential);
            if (fields.get("directories") instanceof List<?> directories) {
                directories.forEach(path -> dromo.seed(DromoConnector.of(credential.id(), "" + path)));
            }
        }
    }
}
