package dev.keyturn.killmatrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A kill that doesn't strike where it should proves nothing: here it doesn't. */
@Tag("exhaustive")
class MortalIT {
    private static final Passing HELD = Passing.at("DONE_DROMO_RETRIEVE", 1);

    private final Program program = new Program();
    private final Mortal keyturn = Mortal.start(program);
    private World world;

    @BeforeEach
    void open() throws IOException {
        world = World.open(keyturn, Kind.ALL.get(0), false);
        world.pass(World.UNTIL_REFUSALS_ARE_FORGOTTEN);
    }

    @AfterEach
    void close() {
        keyturn.close();
        world.close();
        program.close();
    }

    @Test
    void diesInTheMomentInWhichItIsHeld() {
        assertThat(keyturn.run(world, "rotate acme", HELD).stopped()).isTrue();
        keyturn.close();

        assertThat(keyturn.diedByKill()).isTrue();
        assertThat(keyturn.wentOn(world)).isFalse();
    }

    @Test
    void seesThatACommandDidNotWaitToBeKilled() throws IOException {
        String impatient = Files.readString(world.configuration()).replace("timeout: 60s", "timeout: 1s");
        Files.writeString(world.configuration(), impatient);

        assertThat(keyturn.run(world, "rotate acme", HELD).stopped()).isTrue();
        keyturn.end();

        assertThat(keyturn.wentOn(world)).isTrue();
        assertThat(keyturn.diedByKill()).isFalse();
    }

    @Test
    void isNotWaitedForOnceItIsDead() {
        keyturn.close();

        assertThatThrownBy(() -> keyturn.mustRun(world, "recover")).isInstanceOf(RuntimeException.class);
    }
}
