package dev.keyturn.cli;

import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.RotationResult;
import java.util.Optional;

/**
 * What a person takes back: a rotation that waits for a partner, or the word that others know a secret. Two things, and each
 * has to be said: with its rotation given up, a secret that others know is still in use.
 */
final class Retraction {
    private final Workshop workshop;
    private final Surroundings surroundings;
    private final boolean json;

    Retraction(Workshop workshop, Surroundings surroundings, boolean json) {
        this.workshop = workshop;
        this.surroundings = surroundings;
        this.json = json;
    }

    /** What follows is the schedule's again. The credential need not be configured any more. */
    void ofCompromise(String name) {
        Optional<ManagedCredential> configured = workshop.configuration().credentials().stream()
                .filter(credential -> credential.name().equals(name))
                .findFirst();
        boolean said = workshop.compromises().takeBack(name, surroundings.actor());
        if (!said && configured.isEmpty()) {
            throw ShowKeyCommand.unknown(name);
        }
        surroundings
                .err()
                .println(name
                        + (said
                                ? ": taken back that others know its secret"
                                : ": nothing to take back: nobody said that others know its secret"));
        configured.ifPresent(workshop.aftermath()::changed);
    }

    /** @return the exit status: 1 as long as a secret that others know is in use */
    int ofRotation(String name) {
        ManagedCredential credential = ShowKeyCommand.named(name, workshop.configuration());
        boolean givenUp;
        try {
            Optional<RotationResult> abandoned = workshop.aftermath().begin(credential, () -> {
                Optional<RotationResult> ended = workshop.rotator()
                        .abandon(
                                credential, surroundings.actor(), json ? Progress.NONE : new Steps(surroundings, true));
                ended.ifPresent(result -> workshop.aftermath().rotated(credential, result));
                return ended;
            });
            givenUp = abandoned.map(this::report).orElse(true);
            if (abandoned.isEmpty()) {
                surroundings.err().println(name + ": nothing to give up: no rotation of it is open");
            }
        } catch (BusyException e) {
            givenUp = report(RotateCommand.busy(credential, e));
        }
        Optional<CredentialFacts> facts = workshop.journal()
                .facts(name)
                .filter(it -> it.compromiseOf(credential).isPresent());
        facts.ifPresent(known -> sayThatItIsKnown(credential, known));
        return givenUp && facts.isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    private void sayThatItIsKnown(ManagedCredential credential, CredentialFacts facts) {
        String name = credential.name();
        boolean paused = facts.compromiseInForce(
                        credential, surroundings.clock().instant())
                .isEmpty();
        surroundings
                .err()
                .println(name
                        + ": others know the secret in use, so it is still to be replaced: a new rotation begins with"
                        + (paused ? " keyturn resume " : " the daemon or keyturn recover ") + name
                        + ". If that is not so: keyturn recover --not-compromised " + name);
    }

    private boolean report(RotationResult result) {
        RotateCommand.report(surroundings.out(), result, json);
        return result.outcome() == Outcome.ROLLED_BACK || RecoverCommand.untouched(result);
    }
}
