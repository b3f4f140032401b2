package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Partner.Act;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A way a rotation can go: the commands that are run, and what goes wrong on the other side meanwhile.
 *
 * @param of what it makes sense for
 * @param overlap whether the policy has one, of an hour
 * @param trouble prepares what goes wrong
 */
record Course(String name, Set<Secrets> of, boolean overlap, Consumer<World> trouble, List<Leg> legs) {
    private static final Consumer<World> NONE = world -> {};
    private static final Set<Secrets> KEYS = EnumSet.of(Secrets.KEY);
    private static final Set<Secrets> TURNS = EnumSet.of(Secrets.ALTERNATING_PASSWORDS);
    private static final Set<Secrets> BY_PARTNER = EnumSet.of(Secrets.KEY_BY_PARTNER);
    /** Whatever Keyturn itself changes on the host. */
    private static final Set<Secrets> BY_KEYTURN = EnumSet.complementOf(EnumSet.of(Secrets.KEY_BY_PARTNER));

    private static final Leg ROTATE = new Leg("rotate acme", Duration.ZERO, Act.NOTHING, Optional.empty());
    private static final Leg COMPROMISED =
            new Leg("rotate acme --compromised", Duration.ZERO, Act.NOTHING, Optional.empty());
    private static final Leg RECOVER = new Leg("recover", Duration.ZERO, Act.NOTHING, Optional.empty());
    private static final Leg GIVE_UP = new Leg("recover --abandon acme", Duration.ZERO, Act.NOTHING, Optional.empty());
    private static final Leg INSTALLED = RECOVER.once(Act.INSTALL_NEW);
    private static final Leg OLD_IS_OFF = RECOVER.once(Act.TAKE_OLD_OFF);
    private static final Leg NEW_IS_OFF = RECOVER.once(Act.TAKE_NEW_OFF);
    private static final Leg OVERLAP_IS_OVER = RECOVER.after(World.OVERLAP_IS_OVER);

    static final List<Course> ALL = List.of(
            new Course("forward", BY_KEYTURN, false, NONE, List.of(ROTATE)),
            new Course("overlap", KEYS, true, NONE, List.of(ROTATE, OVERLAP_IS_OVER)),
            new Course("next turn too early", TURNS, true, NONE, List.of(ROTATE, ROTATE.after(Duration.ofSeconds(1)))),
            new Course("compromised", BY_KEYTURN, false, NONE, List.of(COMPROMISED)),
            new Course("PUT rejected", BY_KEYTURN, false, Course::rejectPut, List.of(ROTATE)),
            new Course("wrong fingerprint", KEYS, false, Course::lieAboutFingerprint, List.of(ROTATE)),
            new Course("Dromo's login fails", BY_KEYTURN, false, Course::failDromosLogin, List.of(ROTATE)),
            recovery("install", BY_KEYTURN, NONE, Passing.at("AFTER_HOST_INSTALL", 1)),
            recovery("PUT", BY_KEYTURN, NONE, Passing.at("AFTER_DROMO_UPDATE", 1)),
            recovery("withdrawal", KEYS, NONE, Passing.at("AFTER_HOST_WITHDRAW", 1)),
            recovery(
                    "undo",
                    EnumSet.of(Secrets.KEY, Secrets.PASSWORD),
                    Course::rejectPut,
                    Passing.at("BEFORE_HOST_UNINSTALL", 1)),
            recovery("restore", BY_KEYTURN, Course::failDromosLogin, Passing.at("BEFORE_DROMO_UPDATE", 2)),
            new Course("hand-over", BY_PARTNER, false, NONE, List.of(ROTATE, RECOVER, INSTALLED, OLD_IS_OFF)),
            new Course(
                    "hand-over, overlap",
                    BY_PARTNER,
                    true,
                    NONE,
                    List.of(ROTATE, INSTALLED, OVERLAP_IS_OVER, OLD_IS_OFF)),
            new Course(
                    "hand-over, PUT rejected",
                    BY_PARTNER,
                    false,
                    Course::rejectPut,
                    List.of(ROTATE, INSTALLED, RECOVER, OLD_IS_OFF)),
            new Course(
                    "hand-over, Dromo's login fails",
                    BY_PARTNER,
                    false,
                    Course::failDromosLogin,
                    List.of(ROTATE, INSTALLED, NEW_IS_OFF)),
            new Course("given up", BY_PARTNER, false, NONE, List.of(ROTATE, GIVE_UP)),
            new Course(
                    "given up once installed",
                    BY_PARTNER,
                    false,
                    NONE,
                    List.of(ROTATE, GIVE_UP.once(Act.INSTALL_NEW), NEW_IS_OFF)));

    /**
     * One command.
     *
     * @param after how much later than the one before
     * @param act what a partner does before it
     * @param end where it is always killed; empty where it is to be killed at each point in turn
     */
    record Leg(String words, Duration after, Act act, Optional<Passing> end) {
        Leg after(Duration time) {
            return new Leg(words, time, act, end);
        }

        Leg once(Act done) {
            return new Leg(words, after, done, end);
        }

        boolean compromised() {
            return words.contains("--compromised");
        }

        boolean givesUp() {
            return words.contains("--abandon");
        }

        @Override
        public String toString() {
            return words + (act == Act.NOTHING ? "" : " after " + act);
        }
    }

    /** The rotation is killed in one moment, and the recovery from there in every moment. */
    private static Course recovery(String call, Set<Secrets> of, Consumer<World> trouble, Passing end) {
        Leg interrupted = new Leg(ROTATE.words(), Duration.ZERO, Act.NOTHING, Optional.of(end));
        return new Course("recovery of " + call, of, false, trouble, List.of(interrupted, RECOVER));
    }

    boolean fits(Kind kind) {
        return of.contains(kind.secrets());
    }

    static Stream<Course> fitting(Kind kind) {
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
