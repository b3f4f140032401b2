package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.AuditEvent.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every audit log promises. */
public abstract class AuditTrailContract {
    /** A log with no records of a rotation. Each test asks once. */
    protected abstract AuditTrail emptyTrail() throws Exception;

    /** The names of the events that stand in the log, in order; those the log writes on its own account left out. */
    protected abstract List<String> writtenEvents() throws Exception;

    @Test
    public void holdsRecordsInTheOrderTheyWereAppended() throws Exception {
        AuditTrail trail = emptyTrail();
        trail.append(AuditEvent.of("host.install").ofCredential("acme").intent());
        trail.append(AuditEvent.of("host.install").ofCredential("acme").outcome(Result.SUCCESS, Optional.empty()));
        trail.append(AuditEvent.of("dromo.publish").ofCredential("acme").intent());

        assertThat(writtenEvents()).containsExactly("host.install", "host.install", "dromo.publish");
    }

    @Test
    public void losesNoneOfTheRecordsThatManyThreadsAppendAtOnce() throws Exception {
        AuditTrail trail = emptyTrail();
        ExecutorService workers = Executors.newFixedThreadPool(16);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int worker = 0; worker < 16; worker++) {
                String name = "worker-" + worker;
                done.add(workers.submit(() -> {
                    for (int i = 0; i < 25; i++) {
                        trail.append(AuditEvent.of(name + "." + i));
                    }
                }));
            }
            for (Future<?> one : done) {
                one.get(300, TimeUnit.SECONDS);
            }
        } finally {
            workers.shutdownNow();
        }

        List<String> written = writtenEvents();
        assertThat(written).hasSize(400).doesNotHaveDuplicates();
        for (int worker = 0; worker < 16; worker++) {
            String prefix = "worker-" + worker + ".";
            assertThat(written.stream().filter(event -> event.startsWith(prefix)))
                    .as("the records of one thread stand in its order")
                    .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 25)
                            .mapToObj(i -> prefix + i)
                            .toList());
        }
    }
}
