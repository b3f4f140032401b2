package dev.keyturn.endtoend;

import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every secret that existed, in each form it could be written in, to be searched for in whatever was written. */
final class Canaries {

    private static final JsonMapper MAPPER = new JsonMapper();

    /** A name that is no secret, and what must not be found. */
    private final Map<String, byte[]> secrets = new LinkedHashMap<>();

    /** Whatever Dromo was ever sent, whether it took it or not. */
    Canaries sentTo(List<DromoRequest> requests) {
        for (DromoRequest request : requests) {
            if (request.body().startsWith("{")) {
                JsonNode body = MAPPER.readTree(request.body());
                password(
                        "sent with request " + request.order(),
                        body.path("password").asString(""));
                privateKey(
                        "sent with request " + request.order(),
                        body.path("private_key").asString(""));
            }
        }
        return this;
    }

    Canaries storedIn(DromoCredential credential) {
        password("in Dromo for " + credential.user(), orEmpty(credential.password()));
        return privateKey("in Dromo for " + credential.user(), orEmpty(credential.privateKey()));
    }

    Canaries password(String name, String password) {
        if (!password.isEmpty()) {
            secrets.put("password " + name, password.getBytes(StandardCharsets.UTF_8));
            secrets.put(
                    "password in base64 " + name,
                    Base64.getEncoder().withoutPadding().encode(password.getBytes(StandardCharsets.UTF_8)));
        }
        return this;
    }

    /** Each line of the body but the first, which is the same in all keys of a type, and for ed25519 the seed as bytes. */
    Canaries privateKey(String name, String key) {
        List<String> lines =
                key.lines().filter(line -> !line.startsWith("-----")).toList();
        for (int i = 1; i < lines.size(); i++) {
            secrets.put("line " + i + " of private key " + name, lines.get(i).getBytes(StandardCharsets.US_ASCII));
        }
        byte[] container = Base64.getDecoder().decode(String.join("", lines));
        byte[] type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
        int inPublic = indexOf(container, type, 0);
        if (inPublic >= 0) {
            byte[] point = Arrays.copyOfRange(container, inPublic + type.length + 4, inPublic + type.length + 36);
            int last = inPublic;
            for (int at = last; at >= 0; at = indexOf(container, point, at + 1)) {
                last = at;
            }
            secrets.put("seed of private key " + name, Arrays.copyOfRange(container, last - 32, last));
        }
        return this;
    }

    int count() {
        return secrets.size();
    }

    /** The names of the secrets in {@code content}. */
    List<String> in(byte[] content) {
        return secrets.entrySet().stream()
                .filter(secret -> indexOf(content, secret.getValue(), 0) >= 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How often each secret is in {@code content}. */
    Map<String, Integer> counts(byte[] content) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        secrets.forEach((name, secret) -> {
            int count = 0;
            for (int at = indexOf(content, secret, 0); at >= 0; at = indexOf(content, secret, at + 1)) {
                count++;
            }
            counts.put(name, count);
        });
        return counts;
    }

    /** Where secrets are below a directory, each as {@code FILE: NAME}; names of files are looked at too. */
    List<String> below(Path directory, List<Path> apartFrom) {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (apartFrom.stream().noneMatch(file::startsWith)) {
                    in(contentOf(file)).forEach(name -> found.add(file + ": " + name));
                    in(file.toString().getBytes(StandardCharsets.UTF_8)).forEach(name -> found.add("name: " + name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static byte[] contentOf(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static int indexOf(byte[] content, byte[] wanted, int from) {
        for (int i = from; i <= content.length - wanted.length; i++) {
            if (content[i] == wanted[0] && Arrays.equals(content, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
