package dev.keyturn.faults;

import dev.keyturn.rotation.Step;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.secret.AuthType;
import java.util.List;
import java.util.Optional;

/**
 * When a fault begins: with a step, and for Dromo with one kind of call in it.
 *
 * @param call empty for faults of the host
 */
record Moment(Step step, Optional<DromoCall> call) {

    /** The calls of a rotation, in their order; the last ones only on the way back. */
    static List<Moment> ofDromo(AuthType secret) {
        return List.of(
                at(Step.PREFLIGHT, DromoCall.RETRIEVE),
                at(Step.PREFLIGHT, DromoCall.CONNECTORS),
                at(Step.PUBLISH, DromoCall.PUT),
                at(Step.PUBLISH, DromoCall.RETRIEVE),
                at(Step.CONFIRM, DromoCall.TEST_CONNECTION),
                at(Step.RESTORE, DromoCall.PUT),
                at(Step.RESTORE, DromoCall.RETRIEVE),
                at(secret == AuthType.KEY ? Step.RESTORE : Step.UNDO, DromoCall.TEST_CONNECTION));
    }

    /** The steps in which somebody, Dromo included, logs in to the host. */
    static List<Moment> ofHost(AuthType secret) {
        List<Step> steps = secret == AuthType.KEY
                ? List.of(
                        Step.PREFLIGHT,
                        Step.INSTALL,
                        Step.PROVE,
                        Step.CONFIRM,
                        Step.WITHDRAW,
                        Step.REFUSE,
                        Step.RESTORE,
                        Step.UNDO)
                : List.of(Step.PREFLIGHT, Step.INSTALL, Step.PROVE, Step.CONFIRM, Step.REFUSE, Step.UNDO);
        return steps.stream().map(step -> new Moment(step, Optional.empty())).toList();
    }

    private static Moment at(Step step, DromoCall call) {
        return new Moment(step, Optional.of(call));
    }

    /** Whether a rotation only gets there where something else has gone wrong before. */
    boolean onTheWayBack() {
        return step == Step.RESTORE || step == Step.UNDO;
    }

    @Override
    public String toString() {
        return step.label() + call.map(c -> " " + name(c)).orElse("");
    }

    private static String name(DromoCall call) {
        return switch (call) {
            case RETRIEVE -> "GET";
            case TEST_CONNECTION -> "test";
            case CONNECTORS -> "connectors";
            default -> call.name();
        };
    }
}
