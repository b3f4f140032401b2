package dev.keyturn.rotation;

import dev.keyturn.rotation.RotationState.Generated;
import dev.keyturn.rotation.RotationState.Started;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;

/** Makes the new secret and keeps it: encrypted, durable and read back before anybody else sees it. */
final class Generation {
    private final InFlight flight;
    private final Chronicle chronicle;
    private final SecretMaker secretMaker;

    Generation(InFlight flight, Chronicle chronicle, SecretMaker secretMaker) {
        this.flight = flight;
        this.chronicle = chronicle;
        this.secretMaker = secretMaker;
    }

    /** @param found the rotation's head, with the predecessor that preflight found */
    Generated run(Started state, RotationHead found) {
        chronicle.began(Step.GENERATE);
        LoginSecret made = secretMaker.make(flight.credential());
        flight.secrets().made(made);
        SecretVersion version = new SecretVersion(state.head().id().text(), made.authType(), made.fingerprint());
        Generated next = state.generated(version, found);
        chronicle.enter(next, chronicle.entry(next).storing(made));
        try (LoginSecret readBack = flight.journal().secret(version)) {
            if (!made.sameAs(readBack)) {
                throw new JournalException("the store gave back another secret than it was given for "
                        + flight.credential().name() + "; nothing was sent anywhere");
            }
        }
        chronicle.record("secret.generated", next, null, null);
        chronicle.done(
                Step.GENERATE, next, made.fingerprint().map(Fingerprint::text).orElse("a new password"));
        return next;
    }
}
