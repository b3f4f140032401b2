package dev.keyturn.audit;

import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.AuditEvent;
import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.AuditTrail;
import dev.keyturn.secret.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The chained JSON Lines log: each record holds the hash of the line before and is on the disk before the next step. */
public final class AuditLog implements AuditTrail, AutoCloseable {
    private static final String NO_LINE = "0".repeat(64);
    private static final DateTimeFormatter MICROSECONDS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final FileChannel channel;
    private final String node;
    private final String config;
    private final Clock clock;
    private long seq;
    private String prev;
    private @Nullable String broken;

    private AuditLog(Path file, FileChannel channel, String node, String config, Clock clock, long seq, String prev) {
        this.file = file;
        this.channel = channel;
        this.node = node;
        this.config = config;
        this.clock = clock;
        this.seq = seq;
        this.prev = prev;
    }

    /** @throws AuditException where the log can't be opened or doesn't end as it should */
    public static AuditLog open(Path directory, String node, String config, Clock clock) {
        Path file = directory.resolve("audit.jsonl");
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            String prev =
                    lines.isEmpty() ? NO_LINE : hash(lines.get(lines.size() - 1).getBytes(StandardCharsets.UTF_8));
            AuditLog log = new AuditLog(file, channel, node, config, clock, lines.size(), prev);
            log.append(AuditEvent.of("log.opened"));
            return log;
        } catch (IOException e) {
            throw new AuditException("the audit log " + file + " can't be opened: " + e + "; nothing was changed", e);
        }
    }

    @Override
    public synchronized void append(AuditEvent event) {
        if (broken != null) {
            throw new AuditException(broken);
        }
        byte[] line = JSON.writeValueAsBytes(record(event));
        ByteBuffer buffer = ByteBuffer.allocate(line.length + 1);
        buffer.put(line).put((byte) '\n').flip();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(false);
        } catch (IOException e) {
            broken = "the audit log " + file + " can't be written: " + e.getMessage() + "; nothing more is changed";
            throw new AuditException(broken, e);
        }
        seq++;
        prev = hash(line);
    }

    private ObjectNode record(AuditEvent event) {
        ObjectNode node = JSON.createObjectNode();
        node.put("v", 1);
        node.put("seq", seq + 1);
        node.put("ts", MICROSECONDS.format(clock.instant()));
        node.put("node", this.node);
        node.put("event", event.event());
        node.put("phase", lower(event.phase()));
        node.put("rotation", event.rotation().map(id -> id.text()).orElse(null));
        node.put("credential", event.credential().orElse(null));
        if (event.actor().isPresent()) {
            Actor actor = event.actor().get();
            ObjectNode child = node.putObject("actor");
            child.put("kind", actor.kind().name().toLowerCase(Locale.ROOT));
            child.put("uid", actor.uid().orElse(null));
            child.put("name", actor.name().orElse(null));
        } else {
            node.putNull("actor");
        }
        node.put("target", event.target().orElse(null));
        node.put("outcome", lower(event.outcome()));
        node.put("error", event.error().orElse(null));
        node.put("fingerprint", event.fingerprint().map(Fingerprint::text).orElse(null));
        node.put(
                "previous_fingerprint",
                event.previousFingerprint().map(Fingerprint::text).orElse(null));
        node.set("detail", JSON.valueToTree(event.detail()));
        node.put("config", config);
        node.put("prev", prev);
        return node;
    }

    private static @Nullable String lower(Optional<? extends Enum<?>> value) {
        return value.map(v -> v.name().toLowerCase(Locale.ROOT)).orElse(null);
    }

    private static String hash(byte[] line) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(line));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }
}
