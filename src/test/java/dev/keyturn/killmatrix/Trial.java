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
    private final Program program;
    private final World world;
    private final Logins logins;
    private Mortal keyturn;

    Trial(Scenario scenario, Program program, Logins logins) {
        this.scenario = scenario;
        this.program = program;
        this.logins = logins;
        world = World.open(program, scenario.kind(), scenario.course().overlap());
        keyturn = Mortal.start(program, world);
    }

    /** Goes the whole course once and learns its moments. */
    List<Target> moments() {
        List<Target> moments = new ArrayList<>();
        Oracle oracle = new Oracle(world, logins);
        Before before = begin();
        boolean givenUp = false;
        for (Leg leg : scenario.course().legs()) {
            Mortal.Outcome outcome = go(leg, leg.end().orElse(null));
            outcome.passings().forEach(passing -> moments.add(new Target(leg, passing)));
            givenUp |= leg.givesUp();
        }
        world.clearTrouble();
        settle(oracle, before, givenUp);
        if (target(Leg::compromised)) {
            oracle.nothingKnownIsLeft(before, true);
        }
        if (!oracle.violations().isEmpty()) {
            throw new IllegalStateException(scenario + ", not killed: " + oracle.violations() + "\n" + keyturn.said());
        }
        return moments;
    }

    /** Kills in one moment, recovers, and says what is not as promised. */
    List<String> kill(Target target) {
        Oracle oracle = new Oracle(world, logins);
        Before before = begin();
        boolean givenUp = false;
        for (Leg leg : scenario.course().legs()) {
            boolean last = leg.equals(target.leg());
            boolean killed =
                    go(leg, last ? target.passing() : leg.end().orElse(null)).killed();
            givenUp |= leg.givesUp() && !killed;
            if (last && !killed) {
                oracle.violations().add("was not killed: it did not come by");
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
        return oracle.violations();
    }

    private boolean target(Predicate<Leg> is) {
        return scenario.targets().anyMatch(is);
    }

    private Before begin() {
        world.pass(World.UNTIL_REFUSALS_ARE_FORGOTTEN);
        scenario.course().trouble().accept(world);
        return world.before();
    }

    private void settle(Oracle oracle, Before before, boolean givenUp) {
        // Two kills in a row can each cost a refused login, and with that a password's budget for a quarter of an hour:
        // then
        // a recovery waits, which is no violation (docs/reliability.md).
        world.pass(World.UNTIL_REFUSALS_ARE_FORGOTTEN);
        oracle.isSettled(recover(oracle));
        if (scenario.course().overlap()) {
            if (scenario.kind().alternates()
                    && !before.inDromo().user().equals(world.inDromo().user())) {
                keyturn.run("rotate acme", null);
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
        int status = keyturn.run("recover", null).status();
        while (scenario.kind().byPartner() && new Partner(world, keyturn).doesWhatIsAsked()) {
            oracle.dromoLogsIn();
            status = keyturn.run("recover", null).status();
        }
        return status;
    }

    /** Where it is killed, a new process stands by afterwards. */
    private Mortal.Outcome go(Leg leg, @Nullable Passing end) {
        world.pass(leg.after());
        new Partner(world, keyturn).does(leg.act());
        Mortal.Outcome outcome = keyturn.run(leg.words(), end);
        if (outcome.killed()) {
            keyturn.close();
            keyturn = Mortal.start(program, world);
        }
        return outcome;
    }

    String said() {
        return keyturn.said();
    }

    @Override
    public void close() {
        keyturn.close();
        world.close();
    }
}
