package dev.keyturn.rotation;

import java.util.Locale;
import java.util.Optional;

/** Why an open rotation can't be gone on with under the configuration of today: it was begun under another one. */
final class Misfit {
    private Misfit() {}

    /**
     * @param resumed whether the rotation was begun before
     * @return empty where the rotation can go on
     */
    static Optional<Failure> of(ManagedCredential credential, RotationState open, boolean resumed) {
        if (open.head().authType() != credential.authType()) {
            return misfit(
                    credential,
                    open,
                    "its open rotation is of a "
                            + open.head().authType().name().toLowerCase(Locale.ROOT)
                            + ", its policy is for another kind of secret now",
                    "Put the former policy back until the rotation is settled.");
        }
        RotationHead.Place now = RotationHead.Place.of(credential);
        Optional<RotationHead.Place> other = open.head().place().filter(place -> !place.equals(now));
        if (other.isPresent()) {
            return misfit(
                    credential,
                    open,
                    "its open rotation is on " + other.get() + ", the configuration says " + now,
                    "Put the former host and dromo_id back until the rotation is settled.");
        }
        boolean ofOneAccount =
                open.candidate().isPresent() && open.head().users().isEmpty();
        if (resumed && ofOneAccount && credential.alternate().isPresent()) {
            return misfit(
                    credential,
                    open,
                    "its open rotation was begun by an earlier version, with one account; it has alternate now",
                    "Put host.user back in place of alternate until the rotation is settled.");
        }
        return Optional.empty();
    }

    private static Optional<Failure> misfit(
            ManagedCredential credential, RotationState open, String message, String hint) {
        Failure why = new Failure(
                Step.PREFLIGHT,
                FailureKind.CONFIGURATION_CHANGED.label(),
                credential.name() + ": " + message,
                "",
                hint);
        return Optional.of(ValidNow.tell(open, why));
    }
}
