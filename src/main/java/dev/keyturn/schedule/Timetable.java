package dev.keyturn.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;

/**
 * When which credential's turn is, in memory, rebuilt from the journal at each start. Quartz has a one-shot trigger for each
 * turn of the next hour; those after it are a map only, which takes a tenth of the memory. Thread-safe.
 */
public final class Timetable implements AutoCloseable {
    private static final Duration AHEAD = Duration.ofHours(1);
    private static final JobKey JOB = JobKey.jobKey("turn");
    private static final JobKey LOOK_AHEAD = JobKey.jobKey("look-ahead");

    private final Scheduler scheduler;
    private final Map<String, Instant> later = new HashMap<>();
    /** Quartz has the turns before it, {@link #later} the others; before the start that is all. */
    private Instant horizon = Instant.MIN;

    private boolean closed;

    /**
     * @param threads how many turns run at once
     * @param turn called with the credential's name on one of these threads; what it throws is logged by Quartz
     */
    public Timetable(int threads, Consumer<String> turn) {
        try {
            scheduler = new StdSchedulerFactory(properties(threads)).getScheduler();
            scheduler.setJobFactory((bundle, of) ->
                    bundle.getJobDetail().getKey().equals(JOB) ? new Turn(turn) : (Job) this::lookAhead);
            scheduler.addJob(job(JOB), true);
            scheduler.addJob(job(LOOK_AHEAD), true);
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not start", e);
        }
    }

    private static JobDetail job(JobKey key) {
        return JobBuilder.newJob(Job.class).withIdentity(key).storeDurably().build();
    }

    private static Properties properties(int threads) {
        Properties properties = new Properties();
        // Quartz keeps schedulers by name, and would give a second timetable the first one's.
        properties.setProperty("org.quartz.scheduler.instanceName", "keyturn-" + UUID.randomUUID());
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        properties.setProperty("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", String.valueOf(threads));
        properties.setProperty("org.quartz.threadPool.threadCount", String.valueOf(threads));
        properties.setProperty("org.quartz.threadPool.threadNamePrefix", "turn");
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
        return properties;
    }

    /** Begins to call turns. */
    public void start() {
        put(LOOK_AHEAD.getName(), LOOK_AHEAD, Instant.EPOCH);
        change(scheduler::start);
    }

    /** Hands Quartz the turns of the next hour, the earliest first, and looks again half an hour before they end. */
    private void lookAhead(JobExecutionContext context) {
        lookAhead(context.getFireTime().toInstant());
    }

    synchronized void lookAhead(Instant now) {
        if (closed) {
            return;
        }
        // First of all: whatever goes wrong below, it looks again, and nothing that is due later is forgotten.
        put(LOOK_AHEAD.getName(), LOOK_AHEAD, now.plus(AHEAD.dividedBy(2)));
        horizon = now.plus(AHEAD);
        List<Map.Entry<String, Instant>> soon = later.entrySet().stream()
                .filter(turn -> turn.getValue().isBefore(horizon))
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::copyOf)
                .toList();
        soon.forEach(turn -> {
            put(turn.getKey(), JOB, turn.getValue());
            later.remove(turn.getKey());
        });
    }

    /**
     * The clock was set back: what lies within the next hour is found anew. Turns that were set before stand where they
     * stood, until they are set again.
     */
    public synchronized void lookAgain() {
        if (!closed) {
            // By the clock of before Quartz would get all the turns until then.
            horizon = Instant.MIN;
            put(LOOK_AHEAD.getName(), LOOK_AHEAD, Instant.EPOCH);
        }
    }

    /** How many turns Quartz doesn't have yet. */
    synchronized int later() {
        return later.size();
    }

    /**
     * Sets a credential's one next turn, in place of any it had. An instant that has passed means now; the earliest comes
     * first. Once it is being closed, nothing more is set.
     */
    public synchronized void set(String credential, Instant at) {
        if (closed) {
            return;
        }
        if (at.isBefore(horizon)) {
            later.remove(credential);
            put(credential, JOB, at);
        } else if (later.put(credential, at) == null) {
            change(() -> scheduler.unscheduleJob(TriggerKey.triggerKey(credential, JOB.getName())));
        }
    }

    private void put(String name, JobKey job, Instant at) {
        TriggerKey key = TriggerKey.triggerKey(name, job.getName());
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(key)
                .forJob(job)
                .startAt(Date.from(at))
                // Any other instruction makes all that have passed equal, and then their names decide.
                .withSchedule(SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionIgnoreMisfires())
                .build();
        change(() -> {
            if (scheduler.rescheduleJob(key, trigger) == null) {
                scheduler.scheduleJob(trigger);
            }
        });
    }

    /** Begins no further turn and waits until those that run have ended. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        change(() -> scheduler.shutdown(true));
    }

    private interface Change {
        void run() throws SchedulerException;
    }

    private static void change(Change change) {
        try {
            change.run();
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz: " + e.getMessage(), e);
        }
    }

    /** Quartz's job: finds out whose turn it is and calls what it was given. */
    static final class Turn implements Job {
        private final Consumer<String> turn;

        Turn(Consumer<String> turn) {
            this.turn = turn;
        }

        @Override
        public void execute(JobExecutionContext context) {
            turn.accept(context.getTrigger().getKey().getName());
        }
    }
}
