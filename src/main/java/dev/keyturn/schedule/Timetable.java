package dev.keyturn.schedule;

import java.time.Instant;
import java.util.Date;
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
 * When which credential's turn is: one one-shot trigger a credential, in memory, rebuilt from the journal at each start.
 * Thread-safe.
 */
public final class Timetable implements AutoCloseable {
    private static final JobKey JOB = JobKey.jobKey("turn");
    private static final String CREDENTIAL = "credential";

    private final Scheduler scheduler;
    private boolean closed;

    /**
     * @param threads how many turns run at once
     * @param turn called with the credential's name on one of these threads; what it throws is logged by Quartz
     */
    public Timetable(int threads, Consumer<String> turn) {
        try {
            scheduler = new StdSchedulerFactory(properties(threads)).getScheduler();
            scheduler.setJobFactory((bundle, of) -> new Turn(turn));
            JobDetail job = JobBuilder.newJob(Turn.class)
                    .withIdentity(JOB)
                    .storeDurably()
                    .build();
            scheduler.addJob(job, true);
        } catch (SchedulerException e) {
            throw new IllegalStateException("Quartz does not start", e);
        }
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
        change(scheduler::start);
    }

    /**
     * Sets a credential's one next turn, in place of any it had. An instant that has passed means now; the earliest comes
     * first. Once it is being closed, nothing more is set.
     */
    public synchronized void set(String credential, Instant at) {
        if (closed) {
            return;
        }
        TriggerKey key = TriggerKey.triggerKey(credential);
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(key)
                .forJob(JOB)
                .usingJobData(CREDENTIAL, credential)
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
            turn.accept(context.getTrigger().getJobDataMap().getString(CREDENTIAL));
        }
    }
}
