package dev.keyturn.rotation;

import dev.keyturn.policy.Past;
import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.rotation.RotationSummary.Transition;
import dev.keyturn.secret.Fingerprint;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an open rotation waits for a partner to do.
 *
 * @param key the one to install, or to take off
 * @param since when the partner was first asked
 * @param nextTry when the daemon looks next whether it was done
 */
public record Waiting(What what, Optional<Fingerprint> key, Instant since, Instant nextTry) {
    public enum What {
        /** The new key is to be installed. */
        INSTALL,
        /** The old key is to be taken off. */
        WITHDRAWAL;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Empty where it waits for nobody. */
    public static Optional<Waiting> of(ManagedCredential credential, RotationSummary rotation, Instant now) {
        List<Transition> asked = rotation.latest();
        if (asked.isEmpty() || !(credential.install() instanceof InstallMethod.Manual)) {
            return Optional.empty();
        }
        Kind kind = asked.get(0).state();
        if (kind != Kind.AWAITING_INSTALL && kind != Kind.AWAITING_WITHDRAWAL) {
            return Optional.empty();
        }
        boolean install = kind == Kind.AWAITING_INSTALL;
        Instant tried = asked.get(asked.size() - 1).at();
        return Optional.of(new Waiting(
                install ? What.INSTALL : What.WITHDRAWAL,
                install ? rotation.fingerprint() : rotation.previousFingerprint(),
                asked.get(0).at(),
                // What a clock wrote that was ahead would have it wait until that time comes once more.
                Past.isAhead(tried, now)
                        ? now
                        : tried.plus(credential.policy().tries().longestAfter(asked.size()))));
    }
}
