package dev.keyturn.faults;

import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.Step;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;

/** Lets a rotation turn back, by a Dromo whose login fails, and then has the fault struck on the way. */
final class WayBackFirst implements Progress {
    private final FaultWorld world;
    private final Progress then;
    private boolean turned;

    WayBackFirst(FaultWorld world, Progress then) {
        this.world = world;
        this.then = then;
    }

    @Override
    public void began(ManagedCredential credential, Step step) {
        if (step == Step.CONFIRM) {
            world.dromo().faults().always(DromoCall.TEST_CONNECTION, DromoFault.testFails("Network unreachable"));
        } else if (step == Step.RESTORE && !turned) {
            turned = true;
            world.dromo().faults().clear();
        }
        then.began(credential, step);
    }

    @Override
    public void done(ManagedCredential credential, Step step, String detail) {}

    @Override
    public void failed(ManagedCredential credential, Step step, String message) {}
}
