package dev.keyturn.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Logs for tests. */
final class Logs {
    static final Instant FIRST = Instant.parse("2026-03-01T03:00:00.000001Z");

    private Logs() {}

    /** A clock that goes on by a second each time it is asked. */
    static Clock ticking() {
        AtomicLong seconds = new AtomicLong();
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return FIRST.plusSeconds(seconds.getAndIncrement());
            }
        };
    }

    static List<AuditRecord> records(Path directory) throws IOException {
        List<AuditRecord> records = new ArrayList<>();
        AuditVerifier.read(directory, records::add);
        return records;
    }

    static void writeLog(Path directory, byte[] bytes) throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        Files.write(directory.resolve("audit.jsonl"), bytes);
    }

    /** What stands in a log of two records that was torn in the second and opened again. */
    static List<String> events(boolean withSecond, boolean recovered) {
        List<String> events = new ArrayList<>(List.of("log.opened", "one"));
        if (withSecond) {
            events.add("two");
        }
        if (recovered) {
            events.add("log.recovered");
        }
        events.add("log.opened");
        return events;
    }

    /** A segment that never syncs, for tests that open hundreds. */
    static Segment unsynced(Path file) throws IOException {
        Segment real = FileSegment.open(file);
        return new Segment() {
            @Override
            public void append(byte[] bytes) throws IOException {
                real.append(bytes);
            }

            @Override
            public void force() {}

            @Override
            public Optional<String> disturbance() throws IOException {
                return real.disturbance();
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    /** A segment whose write or sync fails from when it is armed until it is disarmed. */
    static final class FailingSegment {
        private final String call;
        private boolean armed;
        private int appends;
        private int appendsWhenArmed;

        FailingSegment(String call) {
            this.call = call;
        }

        void arm() {
            armed = true;
            appendsWhenArmed = appends + (call.equals("force") ? 1 : 0);
        }

        void disarm() {
            armed = false;
        }

        int appends() {
            return appends;
        }

        int appendsWhenArmed() {
            return appendsWhenArmed;
        }

        Segment around(Path file) throws IOException {
            Segment real = FileSegment.open(file);
            return new Segment() {
                @Override
                public void append(byte[] bytes) throws IOException {
                    fail("append");
                    appends++;
                    real.append(bytes);
                }

                @Override
                public void force() throws IOException {
                    fail("force");
                    real.force();
                }

                @Override
                public Optional<String> disturbance() throws IOException {
                    return real.disturbance();
                }

                @Override
                public void close() throws IOException {
                    real.close();
                }
            };
        }

        private void fail(String now) throws IOException {
            if (armed && call.equals(now)) {
                throw new IOException("No space left on device");
            }
        }
    }
}
