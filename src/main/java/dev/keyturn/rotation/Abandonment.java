package dev.keyturn.rotation;

import dev.keyturn.rotation.RotationState.AwaitingInstall;
import dev.keyturn.rotation.RotationState.Installed;
import dev.keyturn.rotation.RotationState.Proved;
import dev.keyturn.rotation.RotationState.Published;
import dev.keyturn.rotation.RotationState.Publishing;
import java.util.Optional;

/** A person gives up a rotation that waits for a partner. */
final class Abandonment {
    private static final String KIND = FailureKind.ABANDONED.label();

    private Abandonment() {}

    /** Whether a rotation came to its end in this way; then the next one is not a retry, but waits for its date. */
    static boolean ended(RotationSummary rotation) {
        return rotation.finishedAt().isPresent()
                && rotation.failure().filter(why -> why.kind().equals(KIND)).isPresent();
    }

    /** The state from which {@code open} goes back; empty where there is no way back, or recovery finds its own. */
    static Optional<RotationState> of(ManagedCredential credential, RotationState open, Actor by) {
        if (!(credential.install() instanceof InstallMethod.Manual)) {
            return Optional.empty();
        }
        Failure why = new Failure(
                Step.INSTALL,
                KIND,
                credential.name() + ": given up by " + by.name().orElse("somebody")
                        + by.uid().map(uid -> " (uid " + uid + ")").orElse(""),
                "",
                "Tell the partner that the new key is not wanted any more.");
        if (open instanceof AwaitingInstall state) {
            return Optional.of(state.undoing(why));
        }
        if (open instanceof Installed state) {
            return Optional.of(state.undoing(why));
        }
        if (open instanceof Proved state) {
            return Optional.of(state.publishing().undoing(why));
        }
        if (open instanceof Publishing state) {
            return Optional.of(state.restoring(why));
        }
        if (open instanceof Published state) {
            return Optional.of(state.restoring(why));
        }
        return switch (open.kind()) {
            case STARTED, GENERATED, RESTORING, UNDOING -> Optional.of(open);
            default -> Optional.empty();
        };
    }

    static Failure refusal(RotationState open) {
        return ValidNow.tell(
                open,
                new Failure(
                        Step.UNDO,
                        FailureKind.NOT_ABANDONED.label(),
                        open.head().credential()
                                + ": only a rotation in which a partner installs the key can be given up, and only until"
                                + " Dromo has logged in with it; nothing was changed",
                        "",
                        "Mend what keyturn status says of it."));
    }
}
