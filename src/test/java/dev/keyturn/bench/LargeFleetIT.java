package dev.keyturn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 50,000 credentials in the heap that the launcher gives, also while a reload has two configurations in memory. */
class LargeFleetIT {
    private static final Path DISTRIBUTION = Path.of(System.getProperty("keyturn.distribution", "target/keyturn"))
            .toAbsolutePath();
    private static final String NO_DROMO = "http://127.0.0.1:1";

    @TempDir
    Path directory;

    @Test
    void isCheckedServedAndReloadedAndALargerOneIsRefused() throws Exception {
        new LargeFleet(50_000, NO_DROMO, Optional.empty()).writeTo(directory);
        keyturn("init-key", "state-key");
        assertThat(keyturn("--config", "keyturn.yaml", "check").output()).contains("50000 credentials, 4 policies");

        try (RunningDaemon daemon = RunningDaemon.start(DISTRIBUTION, directory)) {
            daemon.reload();
            new LargeFleet(120_000, NO_DROMO, Optional.empty()).writeTo(directory);
            daemon.hangUp();
            daemon.await("Not reloaded");
            assertThat(daemon.said()).contains("of memory that this process may use; a larger heap, for example");
            new LargeFleet(50_001, NO_DROMO, Optional.empty()).writeTo(directory);
            daemon.hangUp();
            daemon.await("added=\"1\"");
        }
    }

    private Program keyturn(String... words) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(DISTRIBUTION.resolve("bin/keyturn").toString()));
        command.addAll(List.of(words));
        return Program.run(directory, Map.of("JAVA_HOME", System.getProperty("java.home")), command);
    }
}
