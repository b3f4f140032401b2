package dev.keyturn.faults;

import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.secret.AuthType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One fault, at one moment of a rotation. */
record FaultCase(AuthType secret, FaultKind kind, Moment moment, Extent extent) {

    /** Those of a kind, in the order of a row of the table: by moment, then by extent. */
    static List<FaultCase> of(AuthType secret, FaultKind kind) {
        return kind.moments(secret).stream()
                .flatMap(moment -> kind.extents().stream().map(extent -> new FaultCase(secret, kind, moment, extent)))
                .toList();
    }

    /**
     * Rotates with the fault, heals it, recovers, and rotates once more; the oracle looks in between.
     *
     * @param directory empty, for this case alone
     */
    Convergence run(Path directory) throws Exception {
        try (FaultWorld world = new FaultWorld(secret, kind.hangs(), directory)) {
            Oracle oracle = new Oracle(world);
            Fuse fuse = new Fuse(world, kind, moment, extent);
            RotationResult rotated = world.rotate(moment.onTheWayBack() ? new WayBackFirst(world, fuse) : fuse);
            boolean struck = fuse.struck() || rotated.outcome() != undisturbed();
            oracle.looksDuringTheFault(rotated);

            world.heal();
            Optional<RotationResult> recovered = world.recover(Progress.NONE);
            oracle.looksOnceHealed();

            oracle.looksAtTheNext(world.rotateLater());
            return struck ? Convergence.of(rotated, recovered) : Convergence.NOT_HIT;
        }
    }

    private Outcome undisturbed() {
        return moment.onTheWayBack() ? Outcome.ROLLED_BACK : Outcome.COMPLETED;
    }

    @Override
    public String toString() {
        return (secret + ", " + kind.name() + ", " + moment + ", " + extent).toLowerCase(Locale.ROOT);
    }
}
