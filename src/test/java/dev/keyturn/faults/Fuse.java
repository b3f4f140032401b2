package dev.keyturn.faults;

import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.Step;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Arms a fault when its moment has come. */
final class Fuse implements Progress {
    private final FaultWorld world;
    private final FaultKind kind;
    private final Moment moment;
    private final Extent extent;
    private boolean armed;
    private int strikesBefore;
    private int pausesBefore;

    Fuse(FaultWorld world, FaultKind kind, Moment moment, Extent extent) {
        this.world = world;
        this.kind = kind;
        this.moment = moment;
        this.extent = extent;
    }

    @Override
    public void began(ManagedCredential credential, Step step) {
        if (step == moment.step() && !armed) {
            armed = true;
            strikesBefore = world.strikes();
            pausesBefore = world.pauses();
            try {
                kind.arm(world, moment, extent);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Whether the fault has struck since, or the product had to wait, as for a host that refuses connections. */
    boolean struck() {
        return armed && (world.strikes() > strikesBefore || world.pauses() > pausesBefore);
    }

    @Override
    public void done(ManagedCredential credential, Step step, String detail) {}

    @Override
    public void failed(ManagedCredential credential, Step step, String message) {}
}
