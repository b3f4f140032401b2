package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.secret.AuthType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ValidNowTest {
    private static final String OLD_KEY = "the old key (" + States.OLD + ")";
    private static final String NEW_KEY = "the new key (" + States.NEW + ")";

    /** What a person reads first when something failed; spelled out, so that a change is seen. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STARTED     | nothing was changed: OLD is as valid as it was, on the host and in Dromo",
                "GENERATED   | nothing was changed: OLD is as valid as it was, on the host and in Dromo",
                "ABANDONED   | nothing was changed: OLD is as valid as it was, on the host and in Dromo",
                "INSTALLING  | Dromo holds OLD, which logs in; NEW may be on the host too",
                "UNDOING     | Dromo holds OLD, which logs in; NEW may be on the host too",
                "AWAITING_INSTALL | Dromo holds OLD; NEW may be on the host too, if the partner has installed it",
                "INSTALLED   | Dromo holds OLD, which logs in; NEW is on the host too",
                "PROVED      | Dromo holds OLD, which logs in; NEW is on the host too",
                "PUBLISHING  | OLD and NEW both log in; Dromo holds one of them",
                "RESTORING   | OLD and NEW both log in; Dromo holds one of them",
                "PUBLISHED   | Dromo holds NEW; it and OLD both log in",
                "CONFIRMED   | Dromo holds NEW; it and OLD both log in",
                "OVERLAPPING | Dromo holds NEW; it and OLD both log in",
                "WITHDRAWING | Dromo holds NEW, which logs in; OLD may still log in",
                "AWAITING_WITHDRAWAL | Dromo holds NEW; OLD logs in too until the partner has taken it off",
                "WITHDRAWN   | Dromo holds NEW, which logs in; OLD was taken off the host but is not proved dead",
                "COMPLETED   | host and Dromo have NEW",
                "ROLLED_BACK | OLD logs in and Dromo holds it; NEW is in the store alone"
            })
    void saysWhichKeyLogsInAndWhatDromoHolds(Kind kind, String text) {
        assertThat(ValidNow.in(States.of(kind, AuthType.KEY)))
                .isEqualTo(text.replace("OLD", OLD_KEY).replace("NEW", kind == Kind.STARTED ? "" : NEW_KEY));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STARTED     | nothing was changed: OLD is as valid as it was, on the host and in Dromo",
                "INSTALLING  | Dromo holds OLD; the host has either it or NEW; both are in the store",
                "UNDOING     | Dromo holds OLD; the host has either it or NEW; both are in the store",
                "INSTALLED   | the host has NEW, Dromo still holds OLD; both are in the store",
                "PROVED      | the host has NEW, Dromo still holds OLD; both are in the store",
                "PUBLISHING  | the host has NEW; Dromo holds it or OLD; both are in the store",
                "RESTORING   | the host has NEW; Dromo is to get OLD back; both are in the store",
                "PUBLISHED   | host and Dromo have NEW",
                "CONFIRMED   | host and Dromo have NEW",
                "WITHDRAWN   | Dromo holds NEW, which logs in; OLD was taken off the host but is not proved dead",
                "COMPLETED   | host and Dromo have NEW",
                "ROLLED_BACK | OLD logs in and Dromo holds it; NEW is in the store alone"
            })
    void saysWhichPasswordLogsInAndWhatDromoHolds(Kind kind, String text) {
        assertThat(ValidNow.in(States.of(kind, AuthType.PASSWORD)))
                .isEqualTo(text.replace("OLD", "the old password").replace("NEW", "the new password"));
    }

    /** An administrator can replace a password that nobody handed over; then there is one secret to recover, not two. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"INSTALLING", "INSTALLED", "PROVED", "PUBLISHING"})
    void doesNotPromiseAnOldPasswordThatTheStoreNeverHad(Kind kind) {
        assertThat(ValidNow.in(States.of(kind, States.unadopted(AuthType.PASSWORD))))
                .doesNotContain("both are in the store")
                .endsWith("; the new password is in the store, the old one never was");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void saysWhatToRunNext(Kind kind) {
        Failure told = ValidNow.tell(States.of(kind, AuthType.KEY), States.WHY);

        String next = switch (kind) {
            case COMPLETED -> "";
            case ABANDONED, ROLLED_BACK -> " Then run: keyturn rotate acme";
            default -> " Then run: keyturn recover";
        };
        assertThat(told.hint()).isEqualTo("Do something." + next);
        assertThat(ValidNow.tell(States.of(kind, AuthType.KEY), told)).isEqualTo(told);
        assertThat(told.message()).isEqualTo(States.WHY.message());
    }

    @Test
    void saysOnlyWhatIsNextWhereThereIsNoHint() {
        Failure bare = new Failure(Step.PUBLISH, "interrupted", "acme: interrupted", "", "");

        assertThat(ValidNow.tell(States.of(Kind.PUBLISHING, AuthType.KEY), bare).hint())
                .isEqualTo("Then run: keyturn recover");
    }

    /** A rotation told at one stop and then at another has one next command, not two that contradict each other. */
    @Test
    void givesOneCommandAlsoWhenToldAgainInAnotherState() {
        Failure parked = ValidNow.tell(States.of(Kind.UNDOING, AuthType.KEY), States.WHY);

        assertThat(ValidNow.tell(States.of(Kind.ROLLED_BACK, AuthType.KEY), parked)
                        .hint())
                .isEqualTo("Do something. Then run: keyturn rotate acme");
    }
}
