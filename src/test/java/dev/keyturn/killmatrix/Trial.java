package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Course.Leg;
import dev.keyturn.killmatrix.Scenario.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One scenario in a world of its own, again and again: each time is killed somewhere else. */
final class Trial implements AutoCloseable {
    private final Scenario scenario;
    private final Crew crew;
    private final World world;
    private final Logins logins;

    /** @param crew which this is a member of */
    Trial(Scenario scenario, Crew crew, Logins logins) {
        this.scenario = scenario;
        this.crew = crew;
        this.logins = logins;
        world = World.open(crew.process(), scenario.kind(), scenario.course().overlap());
    }

    /** Goes the whole course once, undisturbed, and learns its moments. */
    List<Target> moments() {
        List<Target> moments = new ArrayList<>();
        Oracle oracle = new Oracle(world, logins);
        Before before = begin();
        boolean givenUp = false;
        for (Leg leg : scenario.course().legs()) {
            Mortal.Outcome outcome = go(leg, leg.end().orElse(null));
            if (leg.end().isPresent() && !outcome.stopped()) {
                oracle.violations().add(leg + " did not come by " + leg.end().get());
            }
            outcome.passings().forEach(passing -> moments.add(new Target(leg, passing)));
            givenUp |= leg.givesUp();
        }
        world.clearTrouble();
        settle(oracle, before, givenUp);
        if (target(Leg::compromised)) {
            oracle.nothingKnownIsLeft(before, true);
        }
        if (!oracle.violations().isEmpty()) {
            throw new IllegalStateException(scenario + ", not killed: " + oracle.violations() + "\n" + said());
        }
        return moments;
    }

    /**
     * What came of a kill.
     *
     * @param inTime whether it struck in the chosen moment, and not later
     * @param violations what is not as promised
     */
    record Kill(boolean inTime, List<String> violations) {}

    /** Kills in one moment and recovers. */
    Kill kill(Target target) {
        Oracle oracle = new Oracle(world, logins);
        Before before = begin();
        boolean givenUp = false;
        boolean inTime = true;
        for (Leg leg : scenario.course().legs()) {
            boolean last = leg.equals(target.leg());
            Passing end = last ? target.passing() : leg.end().orElse(null);
            Mortal process = crew.process();
            boolean stopped = go(leg, end).stopped();
            inTime &= end == null || (stopped && !process.wentOn(world));
            givenUp |= leg.givesUp() && !stopped;
            if (end != null && !stopped) {
                oracle.violations().add("was not killed: " + leg + " did not come by " + end);
            }
            if (last) {
                break;
            }
        }
        world.clearTrouble();
        oracle.nothingIsLost();
        boolean said = Store.read(world).compromised() != null;
        settle(oracle, before, givenUp);
        if (target(Leg::compromised)) {
            oracle.nothingKnownIsLeft(before, said);
        }
        return new Kill(inTime, oracle.violations());
    }

    private boolean target(Predicate<Leg> is) {
        return scenario.targets().anyMatch(is);
    }

    private Before begin() {
        world.forgetWhatWasSaid();
        world.pass(World.UNTIL_REFUSALS_ARE_FORGOTTEN);
        scenario.course().trouble().accept(world);
        return world.before();
    }

    private void settle(Oracle oracle, Before before, boolean givenUp) {
        // Two kills in a row can each cost a refused login, and with that a password's budget for a quarter of an hour:
        // then a recovery waits, which is no violation (docs/reliability.md).
        world.pass(World.UNTIL_REFUSALS_ARE_FORGOTTEN);
        oracle.isSettled(recover(oracle));
        if (scenario.course().overlap()) {
            if (scenario.kind().alternates()
                    && !before.inDromo().user().equals(world.inDromo().user())) {
                crew.process().run(world, "rotate acme", null);
                oracle.turnsAreApart(before);
            }
            world.pass(World.OVERLAP_IS_OVER);
            oracle.isSettled(recover(oracle));
        }
        oracle.nothingIsLeftBehind(before);
        if (givenUp) {
            oracle.wentBack(before);
        }
    }

    /** The last exit status, once no partner is asked for anything any more. */
    private int recover(Oracle oracle) {
        int status = crew.process().run(world, "recover", null).status();
        while (scenario.kind().byPartner() && new Partner(world, crew.process()).doesWhatIsAsked()) {
            oracle.dromoLogsIn();
            status = crew.process().run(world, "recover", null).status();
        }
        return status;
    }

    /** Where it is killed, a new process stands by afterwards. */
    private Mortal.Outcome go(Leg leg, @Nullable Passing end) {
        world.pass(leg.after());
        new Partner(world, crew.process()).does(leg.act());
        Mortal.Outcome outcome = crew.process().run(world, leg.words(), end);
        if (outcome.stopped()) {
            crew.die();
        }
        return outcome;
    }

    String said() {
        return world.whatWasSaid();
    }

    @Override
    public void close() {
        world.close();
    }
}
