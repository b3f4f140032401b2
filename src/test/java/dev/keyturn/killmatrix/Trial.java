package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Course.Leg;
import dev.keyturn.killmatrix.Scenario.Target;
import dev.keyturn.sandbox.DromoCredential;
import java.util.ArrayList;
import java.util.List;
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
        DromoCredential before = world.inDromo();
        scenario.course().trouble().accept(world);
        for (Leg leg : scenario.course().legs()) {
            Mortal.Outcome outcome = go(leg, leg.end().orElse(null));
            outcome.passings().forEach(passing -> moments.add(new Target(leg, passing)));
        }
        world.clearTrouble();
        Oracle oracle = new Oracle(world, logins);
        recover(oracle, before);
        if (!oracle.violations().isEmpty()) {
            throw new IllegalStateException(scenario + ", not killed: " + oracle.violations() + "\n" + keyturn.said());
        }
        return moments;
    }

    /** Kills in one moment, recovers, and says what is not as promised. */
    List<String> kill(Target target) {
        Oracle oracle = new Oracle(world, logins);
        DromoCredential before = world.inDromo();
        scenario.course().trouble().accept(world);
        for (Leg leg : scenario.course().legs()) {
            boolean last = leg.equals(target.leg());
            boolean killed =
                    go(leg, last ? target.passing() : leg.end().orElse(null)).killed();
            if (last && !killed) {
                oracle.violations().add("was not killed: it did not come by");
            }
            if (last) {
                break;
            }
        }
        world.clearTrouble();
        oracle.nothingIsLost();
        recover(oracle, before);
        return oracle.violations();
    }

    private void recover(Oracle oracle, DromoCredential before) {
        world.pass(World.BETWEEN_COMMANDS);
        oracle.dromoLogsIn(keyturn.run("recover", null).status());
        if (scenario.course().overlap()) {
            world.pass(World.OVERLAP_IS_OVER);
            oracle.dromoLogsIn(keyturn.run("recover", null).status());
        }
        oracle.nothingIsLeftBehind(before);
    }

    /** Where it is killed, a new process stands by afterwards. */
    private Mortal.Outcome go(Leg leg, @Nullable Passing end) {
        world.pass(World.BETWEEN_COMMANDS.plus(leg.after()));
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
