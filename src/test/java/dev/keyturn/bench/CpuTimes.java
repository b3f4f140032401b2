package dev.keyturn.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Processor time so far, of which two readings make a difference. Source: proc(5), {@code /proc/PID/stat}.
 *
 * @param sshd the listener and every session of it that has ended
 * @param contestants everything this JVM started and that has ended
 * @param dromo this JVM itself, which serves Dromo's stand-in and does nothing else meanwhile
 * @param machine everything that runs on this machine, those above included
 */
record CpuTimes(Duration sshd, Duration contestants, Duration dromo, Duration machine) {

    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;

    /** Ticks of USER_HZ, which is 100 wherever Linux runs. */
    private static final Duration TICK = Duration.ofMillis(10);

    /** Waits until no session is left on the sshd at this port: only then is their time accounted for. */
    static CpuTimes now(int sshdPort) throws IOException {
        Path listener = listener(sshdPort);
        Path children = listener.resolve("task").resolve(listener.getFileName()).resolve("children");
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!Files.readString(children).isBlank()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Sessions are still open on sshd, process " + listener.getFileName());
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        Path self = Path.of("/proc/self");
        return new CpuTimes(
                read(listener, USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM),
                read(self, CHILDREN_USER, CHILDREN_SYSTEM),
                read(self, USER, SYSTEM),
                machineWide());
    }

    CpuTimes since(CpuTimes earlier) {
        return new CpuTimes(
                sshd.minus(earlier.sshd),
                contestants.minus(earlier.contestants),
                dromo.minus(earlier.dromo),
                machine.minus(earlier.machine));
    }

    /** What belongs to the contest. */
    Duration ours() {
        return sshd.plus(contestants).plus(dromo);
    }

    /** What ran beside the contest, and disturbed it. */
    Duration others() {
        return machine.minus(ours());
    }

    /** All but idle and iowait in the first line of {@code /proc/stat}. */
    private static Duration machineWide() throws IOException {
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
        long ticks = 0;
        for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
            ticks += Long.parseLong(fields[field]);
        }
        return TICK.multipliedBy(ticks);
    }

    private static Duration read(Path process, int... fields) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        // The second field is the program's name in parentheses and may hold anything; the third begins behind it.
        String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int field : fields) {
            ticks += Long.parseLong(rest[field]);
        }
        return TICK.multipliedBy(ticks);
    }

    /** The listener calls itself {@code sshd: /usr/sbin/sshd -D -e -p PORT [listener] ...}. */
    private static Path listener(int port) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                String title = title(process);
                if (title.contains(" -p " + port + " ") && title.contains("[listener]")) {
                    return process;
                }
            }
        }
        throw new IllegalStateException("No sshd listens on port " + port);
    }

    private static String title(Path process) {
        try {
            return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            return ""; // It has ended.
        }
    }
}
