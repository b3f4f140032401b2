package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.sandbox.FaultyDisk;
import dev.keyturn.sandbox.FaultyDisk.Fault;
import dev.keyturn.sandbox.FaultyDisk.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The disk is full at the n-th write, or fails the n-th sync, for each n of a whole rotation, in the real journal or the
 * real audit log. The runs are in a process of their own, {@link StorageFaultRuns}, that has the faulty disk.
 */
class StorageFaultsTest {
    @TempDir
    static Path directory;

    private static FaultyDisk disk;

    @BeforeAll
    static void build() {
        disk = FaultyDisk.in(directory);
    }

    static Stream<String> kinds() {
        return StorageFaultRuns.KINDS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void changesNothingBehindAFailedWriteAndIsSettledOnceThereIsRoom(String kind) {
        List<String> said = run(kind).lines().toList();

        assertThat(said)
                .as("for each fault in each place")
                .hasSize(Fault.values().length * Place.values().length)
                .allSatisfy(line -> assertThat(line).endsWith("calls: no violation"));
    }

    private static String run(String... words) {
        Stream<String> java = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=logback-test.xml",
                "-cp",
                System.getProperty("java.class.path"),
                StorageFaultRuns.class.getName(),
                directory.toString());
        ProcessBuilder builder =
                new ProcessBuilder(Stream.concat(java, Stream.of(words)).toList()).redirectErrorStream(true);
        builder.environment().putAll(disk.environment());
        try {
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
