package dev.keyturn.killmatrix;

import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A way a rotation can go: the commands that are run, and what goes wrong on the other side meanwhile.
 *
 * @param keysOnly whether it makes sense for keys alone
 * @param overlap whether both keys stay valid for an hour
 * @param trouble prepares what goes wrong
 */
record Course(String name, boolean keysOnly, boolean overlap, Consumer<World> trouble, List<Leg> legs) {
    private static final Consumer<World> NONE = world -> {};
    private static final Leg ROTATE = new Leg("rotate acme", Duration.ZERO, Optional.empty());
    private static final Leg RECOVER = new Leg("recover", Duration.ZERO, Optional.empty());

    static final List<Course> ALL = List.of(
            new Course("forward", false, false, NONE, List.of(ROTATE)),
            new Course("overlap", true, true, NONE, List.of(ROTATE, RECOVER.after(World.OVERLAP_IS_OVER))),
            new Course("PUT rejected", false, false, Course::rejectPut, List.of(ROTATE)),
            new Course("wrong fingerprint", true, false, Course::lieAboutFingerprint, List.of(ROTATE)),
            new Course("Dromo's login fails", false, false, Course::failDromosLogin, List.of(ROTATE)),
            recovery("install", false, NONE, Passing.at("AFTER_HOST_INSTALL", 1)),
            recovery("PUT", false, NONE, Passing.at("AFTER_DROMO_UPDATE", 1)),
            recovery("withdrawal", true, NONE, Passing.at("AFTER_HOST_WITHDRAW", 1)),
            recovery("undo", false, Course::rejectPut, Passing.at("BEFORE_HOST_UNINSTALL", 1)),
            recovery("restore", false, Course::failDromosLogin, Passing.at("BEFORE_DROMO_UPDATE", 2)));

    /**
     * One command.
     *
     * @param after how much later than the one before
     * @param end where it is always killed; empty where it is to be killed at each point in turn
     */
    record Leg(String words, Duration after, Optional<Passing> end) {
        Leg after(Duration time) {
            return new Leg(words, time, end);
        }
    }

    /** The rotation is killed in one moment, and the recovery from there in every moment. */
    private static Course recovery(String of, boolean keysOnly, Consumer<World> trouble, Passing end) {
        Leg interrupted = new Leg(ROTATE.words(), Duration.ZERO, Optional.of(end));
        return new Course("recovery of " + of, keysOnly, false, trouble, List.of(interrupted, RECOVER));
    }

    boolean fits(Kind kind) {
        return kind.isKey() || !keysOnly;
    }

    static Stream<Course> of(Kind kind) {
        return ALL.stream().filter(course -> course.fits(kind));
    }

    private static void rejectPut(World world) {
        world.dromo()
                .faults()
                .onNext(
                        DromoCall.PUT,
                        DromoFault.status(400, DromoFault.JSON, "{\"detail\":\"This field may not be blank.\"}"));
    }

    private static void lieAboutFingerprint(World world) {
        world.dromo().faults().onNext(DromoCall.PUT, DromoFault.wrongFingerprint());
    }

    /** While Dromo has the new credential, and not when it has the old one again. */
    private static void failDromosLogin(World world) {
        int before = world.dromo().requests(DromoCall.PUT).size();
        DromoFault fault = DromoFault.testFails("Connection refused");
        world.dromo()
                .faults()
                .always(
                        DromoCall.TEST_CONNECTION,
                        exchange -> world.dromo().requests(DromoCall.PUT).size() == before + 1
                                ? fault.around(exchange)
                                : exchange.proceed());
    }

    @Override
    public String toString() {
        return name;
    }
}
