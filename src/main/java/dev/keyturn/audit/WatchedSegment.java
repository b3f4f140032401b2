package dev.keyturn.audit;

import dev.keyturn.rotation.CrashPoint;
import java.io.IOException;
import java.util.Optional;

/** A segment with a crash point before and after each write and sync. */
record WatchedSegment(Segment segment, CrashPoint.Watch watch) implements Segment {
    @Override
    public void append(byte[] bytes) throws IOException {
        watch.passed(CrashPoint.BEFORE_AUDIT_WRITE);
        segment.append(bytes);
    }

    @Override
    public void force() throws IOException {
        watch.passed(CrashPoint.BEFORE_AUDIT_SYNC);
        segment.force();
        watch.passed(CrashPoint.AFTER_AUDIT_SYNC);
    }

    @Override
    public Optional<String> disturbance() throws IOException {
        return segment.disturbance();
    }

    @Override
    public void close() throws IOException {
        segment.close();
    }
}
