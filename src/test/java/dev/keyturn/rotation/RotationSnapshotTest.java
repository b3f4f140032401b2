package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.secret.AuthType;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RotationSnapshotTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void givesBackEachStateAsItWas(Kind kind) {
        for (AuthType type : AuthType.values()) {
            RotationState state = States.of(kind, type);

            assertThat(state.kind()).isEqualTo(kind);
            assertThat(RotationSnapshot.of(state).restore()).isEqualTo(state);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"STARTED", "ABANDONED"})
    void namesWhatTheJournalHasLost(Kind kind) {
        RotationSnapshot torn = new RotationSnapshot(
                kind, States.head(AuthType.KEY), Optional.empty(), Optional.empty(), Optional.empty());

        assertThatIllegalStateException()
                .isThrownBy(torn::restore)
                .withMessage("rotation " + States.ID + " is " + kind + " but the journal has no candidate");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"OVERLAPPING", "RESTORING", "UNDOING", "ROLLED_BACK"})
    void namesWhatTheJournalHasLostOfTheStateItself(Kind kind) {
        RotationSnapshot torn = new RotationSnapshot(
                kind,
                States.head(AuthType.KEY),
                Optional.of(States.candidate(AuthType.KEY)),
                Optional.empty(),
                Optional.empty());

        assertThatIllegalStateException()
                .isThrownBy(torn::restore)
                .withMessageContaining(kind == Kind.OVERLAPPING ? "overlap_until" : "undone_because");
    }
}
