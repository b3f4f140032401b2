package dev.keyturn.notify;

import static dev.keyturn.notify.NoticeSamples.NOW;
import static dev.keyturn.notify.NoticeSamples.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.Notice.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DigestTest {
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private final Digest digest = new Digest(5, QUARTER);

    @Test
    void makesSixMessagesOfAThousandFailures() {
        int messages = 0;
        for (int i = 0; i < 1000; i++) {
            messages += digest.passes(failed("c" + i, NOW), NOW.plusMillis(i)) ? 1 : 0;
        }

        assertThat(messages).isEqualTo(5);
        assertThat(digest.due(NOW.plus(QUARTER).minusMillis(1))).isEmpty();
        Digest.Collected collected = digest.due(NOW.plus(QUARTER)).orElseThrow();
        assertThat(collected.counts()).containsOnlyKeys(Kind.FAILED).containsEntry(Kind.FAILED, 995L);
        assertThat(collected.notices().get(0).credential()).contains("c5");
        assertThat(digest.due(NOW.plus(QUARTER))).isEmpty();
    }

    @Test
    void letsTheNextIntervalBeginAnew() {
        for (int i = 0; i < 6; i++) {
            digest.passes(failed("c" + i, NOW), NOW);
        }
        digest.due(NOW.plus(QUARTER));

        assertThat(digest.passes(failed("later", NOW), NOW.plus(QUARTER))).isTrue();
        assertThat(digest.end()).contains(NOW.plus(QUARTER).plus(QUARTER));
    }

    @Test
    void givesUpAnIntervalWhoseBeginLiesInTheFuture() {
        for (int i = 0; i < 6; i++) {
            digest.passes(failed("c" + i, NOW), NOW);
        }

        assertThat(digest.due(NOW.minus(Duration.ofDays(365)))).isPresent();
    }
}
