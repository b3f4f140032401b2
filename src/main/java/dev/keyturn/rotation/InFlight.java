package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the steps of one rotation share.
 *
 * @param secrets wiped when the rotation is put down
 * @param accounts closed when the rotation is put down
 */
record InFlight(
        ManagedCredential credential,
        Accounts accounts,
        Dromo dromo,
        Journal journal,
        SecretsInHand secrets,
        Attempts attempts)
        implements AutoCloseable {

    LoginSecret candidate(RotationState.WithCandidate state) {
        return secrets.candidate(state);
    }

    /** What the changed account has until it gets the candidate. */
    Predecessor predecessor(RotationState state) {
        return secrets.predecessor(state.head());
    }

    /** What Dromo logs in with until it gets the candidate; empty where the store never had it. */
    Optional<LoginSecret> inDromo(RotationState state) {
        return secrets.inDromo(state.head());
    }

    /** The visit to the account that is changed. */
    HostVisit visit() {
        return accounts.visitToChanged();
    }

    /** What the store has of the changed account besides the candidate; of alternating accounts only. */
    List<SecretVersion> formerSecrets(RotationState.WithCandidate state) {
        return journal.secretsOf(credential.name(), accounts.changed().account().user()).stream()
                .filter(version -> !version.equals(state.secret()))
                .toList();
    }

    /** Whether Dromo's record says which of the two it holds: by the key's fingerprint, or by the user. */
    boolean showsInDromo() {
        return isKey() || accounts.alternate();
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
    Failure why(Step step, FailureKind kind, String message, String hint) {
        return why(step, kind.label(), message, hint);
    }

    /** The same reason at another step, or with more to it. */
    Failure why(Step step, String kind, String message, String hint) {
        return new Failure(step, kind, credential.name() + ": " + message, "", hint);
    }

    /** Whether the changed account's host takes the secret, by a login of its own; tried again where nobody answered. */
    boolean logsIn(LoginSecret secret) throws RemoteException {
        return attempts.repeatable(() -> visit().login(secret, List.of())) == HostVisit.Verdict.ACCEPTED;
    }

    /** The same, for a step that parks the rotation where the host can't be asked. */
    boolean logsIn(Step step, LoginSecret secret) throws StepException {
        return orPark(step, () -> logsIn(secret));
    }

    /** Whether the host refused the changed account's last login, not long ago. */
    boolean refusedLately(Instant now) {
        return journal.refusals(accounts.changed().account())
                .filter(refusals -> LoginBudget.counts(refusals, now))
                .isPresent();
    }

    /** What rotations of the changed account that were undone had made, as far as it is in the store. */
    List<SecretVersion> kept() {
        return journal.kept(credential.name(), accounts.changed().account());
    }

    /** Whether it is a key that the store has of a rotation that was undone: the PUT of that one may have come late. */
    boolean wasMadeAndUndone(Optional<Fingerprint> key) {
        return key.isPresent()
                && kept().stream().anyMatch(version -> version.fingerprint().equals(key));
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
            accounts.close();
        } finally {
            secrets.close();
        }
    }
}
