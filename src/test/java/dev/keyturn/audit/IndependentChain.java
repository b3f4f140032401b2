package dev.keyturn.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks a log that no crash has torn the way an auditor does with a shell: sha256sum and a pattern, no product code. */
public final class IndependentChain {
    private static final Pattern SEQ_AND_PREV =
            Pattern.compile("\\{\"v\":1,\"seq\":(\\d+),.*,\"prev\":\"([0-9a-f]{64})\"\\}", Pattern.DOTALL);

    private IndependentChain() {}

    static void assertUnbroken(Path file) throws IOException, InterruptedException {
        List<String> lines = lines(file);
        String last = lines.get(lines.size() - 1);
        // sha256sum is asked for a sample only: a process a line is slow.
        assertThat(sha256sum(last)).isEqualTo(sha256(last));
        assertChained(file);
    }

    private static List<String> lines(Path file) throws IOException {
        String text = Files.readString(file);
        assertThat(text).endsWith("\n");
        return List.of(text.substring(0, text.length() - 1).split("\n", -1));
    }

    /** The same without sha256sum. */
    public static void assertChained(Path file) throws IOException {
        String hash = "0".repeat(64);
        long seq = 0;
        for (String line : lines(file)) {
            seq++;
            Matcher matcher = SEQ_AND_PREV.matcher(line);
            assertThat(matcher.matches()).as(line).isTrue();
            assertThat(Long.parseLong(matcher.group(1))).isEqualTo(seq);
            assertThat(matcher.group(2)).as("prev of line %d", seq).isEqualTo(hash);
            hash = sha256(line);
        }
    }

    static String sha256(String line) {
        try {
            byte[] digest =
                    java.security.MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8));
            return String.format("%064x", new java.math.BigInteger(1, digest));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String sha256sum(String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sha256sum").start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(line.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor()).isZero();
        return out.substring(0, 64);
    }
}
