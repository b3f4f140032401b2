package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.LoginSecret;

/**
 * What the steps of one rotation share.
 *
 * @param secrets wiped when the rotation is put down
 * @param visit closed when the rotation is put down
 */
record InFlight(
        ManagedCredential credential,
        HostVisit visit,
        Dromo dromo,
        Journal journal,
        SecretsInHand secrets,
        Attempts attempts)
        implements AutoCloseable {

    LoginSecret candidate(RotationState.WithCandidate state) {
        return secrets.candidate(state);
    }

    Predecessor predecessor(RotationState state) {
        return secrets.predecessor(state.head());
    }

    boolean isKey() {
        return credential.authType() == AuthType.KEY;
    }

    /** Whether a partner changes the host, and we only look. */
    boolean byPartner() {
        return credential.install() instanceof InstallMethod.Manual;
    }

    /** A failure of the other side, as a reason to stop. */
    Failure why(Step step, RemoteException e) {
        return why(step, e.kind(), String.valueOf(e.getMessage()), e.hint());
    }

    /** A reason to stop; which credential is valid is added when it is known where the rotation stops. */
    Failure why(Step step, String kind, String message, String hint) {
        return new Failure(step, kind, credential.name() + ": " + message, "", hint);
    }

    /** Turns the other side's failure into one that parks the rotation where it stands. */
    <T> T orPark(Step step, Attempts.Call<T> call) throws StepException {
        try {
            return call.run();
        } catch (RemoteException e) {
            throw new StepException(why(step, e), e);
        }
    }

    @Override
    public void close() {
        try {
            visit.close();
        } finally {
            secrets.close();
        }
    }
}
