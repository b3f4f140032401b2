package dev.keyturn.killmatrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The audit log, checked by what docs/audit.md says.
 *
 * @param faults what is wrong with the chain
 * @param unanswered side effects whose last intent no outcome follows
 */
record AuditChain(List<String> faults, Set<String> unanswered) {
    private static final JsonMapper MAPPER = new JsonMapper();

    static AuditChain read(Path file) {
        List<String> faults = new ArrayList<>();
        Set<String> unanswered = new LinkedHashSet<>();
        String previous = "0".repeat(64);
        long seq = 0;
        for (String line : lines(file)) {
            seq++;
            try {
                JsonNode record = MAPPER.readTree(line);
                if (record.path("seq").asLong() != seq
                        || !record.path("prev").asString().equals(previous)) {
                    faults.add("audit record " + seq + " does not follow from the one before it");
                }
                pair(record, unanswered);
            } catch (JacksonException e) {
                faults.add("audit line " + seq + " is no JSON");
            }
            previous = sha256(line);
        }
        return new AuditChain(faults, unanswered);
    }

    private static void pair(JsonNode record, Set<String> unanswered) {
        String effect = record.path("rotation").asString("-") + " "
                + record.path("event").asString() + (record.at("/detail/undo").asBoolean(false) ? " undo" : "");
        switch (record.path("phase").asString("")) {
            case "intent" -> unanswered.add(effect);
            case "outcome" -> unanswered.remove(effect);
            default -> {}
        }
    }

    private static List<String> lines(Path file) {
        try {
            String text = Files.readString(file);
            if (!text.endsWith("\n")) {
                throw new IllegalStateException("the audit log's last line is torn");
            }
            return text.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String line) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
