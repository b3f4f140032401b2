package dev.keyturn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.realhost.RequiresSshd;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark's own honesty: whoever does the job passes, whoever leaves out something doesn't. */
@RequiresSshd
class RaceIT {

    private static final Options OPTIONS = Options.parse("--accounts", "2", "--rounds", "1");

    @TempDir
    private Path workspace;

    private Fleet fleet;
    private int round;

    @BeforeEach
    void start() throws Exception {
        fleet = Fleet.start(OPTIONS.accounts());
    }

    @AfterEach
    void stop() throws Exception {
        fleet.close();
    }

    @Test
    void acceptsTheShellScriptsWork() throws Exception {
        Leg leg = run("");

        assertThat(leg.accepted()).isEqualTo(3 * 2);
        assertThat(leg.refused()).isEqualTo(2);
    }

    @Test
    void startsEveryRunFromTheSameState() throws Exception {
        run("");

        assertThat(run("").accepted()).isEqualTo(3 * 2);
    }

    @Test
    void catchesWhoLeavesTheOldKey() {
        assertThatThrownBy(() -> run("/^# 6/,$d")).hasMessageContaining("authorized_keys is");
    }

    @Test
    void catchesWhoDoesNotAskDromoToLogIn() {
        assertThatThrownBy(() -> run("/^# 5/,/^# 6/d")).hasMessageContaining("Dromo was asked");
    }

    @Test
    void catchesAFailure() {
        assertThatThrownBy(() -> run("s/^options=.*/options=-oNoSuchOption=1/")).hasMessageContaining("ended with 123");
    }

    /** @param omission what sed(1) shall do to the script */
    private Leg run(String omission) throws Exception {
        String copy = "sed -e '" + omission + "' '" + Path.of("bench/rotate.sh").toAbsolutePath() + "' >script";
        Contestant script = new Contestant(
                "script",
                "a script",
                Contestant.Kind.ROTATES,
                List.of("sh", "-c", copy + " && chmod +x script && exec \"$PWD/script\" ."),
                Map.of(),
                directory -> {});
        return new Race(fleet, OPTIONS, workspace).run(script, ++round);
    }
}
