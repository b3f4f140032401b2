package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.AuditEvent.Phase;
import dev.keyturn.rotation.AuditEvent.Result;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditEventTest {
    private static final AuditEvent FULL = AuditEvent.of("host.install")
            .by(Actor.SCHEDULE)
            .ofCredential("acme")
            .inRotation(States.ID)
            .on("dromo@sftp.example:22")
            .keys(Optional.of(States.NEW), Optional.of(States.OLD))
            .with("method", "authorized_keys")
            .with("undo", true);

    @Test
    void collectsWhatIsKnown() {
        assertThat(FULL)
                .isEqualTo(new AuditEvent(
                        "host.install",
                        Optional.empty(),
                        Optional.of(States.ID),
                        Optional.of("acme"),
                        Optional.of(Actor.SCHEDULE),
                        Optional.of("dromo@sftp.example:22"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(States.NEW),
                        Optional.of(States.OLD),
                        Map.of("method", "authorized_keys", "undo", true)));
        assertThat(FULL.detail().keySet()).containsExactly("method", "undo");
    }

    @Test
    void anIntentHasNoOutcomeYet() {
        AuditEvent intent = FULL.intent();

        assertThat(intent.phase()).contains(Phase.INTENT);
        assertThat(intent.outcome()).isEmpty();
        assertThat(intent.detail()).isEqualTo(FULL.detail());
    }

    @Test
    void anOutcomeSaysWhatCameOfIt() {
        AuditEvent outcome = FULL.outcome(Result.UNKNOWN, Optional.of("no_answer: gone"));

        assertThat(outcome.phase()).contains(Phase.OUTCOME);
        assertThat(outcome.outcome()).contains(Result.UNKNOWN);
        assertThat(outcome.error()).contains("no_answer: gone");
        assertThat(outcome.target()).isEqualTo(FULL.target());
    }

    @Test
    void aResultHasNoPhase() {
        AuditEvent result = FULL.intent().result(Result.SUCCESS, Optional.empty());

        assertThat(result.phase()).isEmpty();
        assertThat(result.outcome()).contains(Result.SUCCESS);
    }

    @Test
    void keepsItsDetailToItself() {
        Map<String, Object> mine = new HashMap<>(Map.of("a", 1));
        AuditEvent event = new AuditEvent(
                "e",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                mine);
        mine.put("b", 2);

        assertThat(event.detail()).containsOnlyKeys("a");
        assertThat(AuditEvent.of("e").with("x", 1).detail()).containsOnlyKeys("x");
        assertThatThrownBy(() -> event.detail().put("c", 3)).isInstanceOf(UnsupportedOperationException.class);
    }
}
