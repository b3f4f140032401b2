package dev.keyturn.dromo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final Fixture fixture = new Fixture();

    private RateLimit limit(double perSecond) {
        return new RateLimit(perSecond, fixture.nanos::get, fixture.timing().sleeper());
    }

    @Test
    void letsOneSecondsWorthThroughAtOnceAndThenOneAtATime() throws InterruptedException {
        RateLimit limit = limit(4);

        for (int i = 0; i < 7; i++) {
            limit.await();
        }

        assertThat(fixture.slept)
                .containsExactly(Duration.ofMillis(250), Duration.ofMillis(250), Duration.ofMillis(250));
    }

    @Test
    void savesUpNoMoreThanOneSecondsWorth() throws InterruptedException {
        RateLimit limit = limit(2);
        fixture.nanos.addAndGet(Duration.ofHours(1).toNanos());

        for (int i = 0; i < 3; i++) {
            limit.await();
        }

        assertThat(fixture.slept).containsExactly(Duration.ofMillis(500));
    }

    @Test
    void servesThoseWhoCameFirstFirst() throws InterruptedException {
        RateLimit limit = new RateLimit(1, fixture.nanos::get, fixture.slept::add);

        for (int i = 0; i < 4; i++) {
            limit.await();
        }

        assertThat(fixture.slept)
                .as("time stands still: each waits behind the one before")
                .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3));
    }

    @Test
    void takesFractionsOfARequest() throws InterruptedException {
        RateLimit limit = limit(0.5);

        limit.await();
        limit.await();

        assertThat(fixture.slept).containsExactly(Duration.ofSeconds(2));
    }
}
