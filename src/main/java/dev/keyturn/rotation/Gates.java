package dev.keyturn.rotation;

import dev.keyturn.policy.Blackout;
import dev.keyturn.policy.Due;
import dev.keyturn.policy.Hours;
import dev.keyturn.policy.Past;
import dev.keyturn.policy.Policy;
import dev.keyturn.policy.Shift;
import dev.keyturn.policy.Window;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why a credential is not rotated now: every gate between it and its next scheduled rotation, with what it says. Looks at
 * policy and journal only; whether host and Dromo would allow it, {@link Inspector} finds out.
 */
public final class Gates {
    private final ManagedCredential credential;
    private final Optional<CredentialFacts> facts;
    private final Instant now;
    private final List<Gate> gates = new ArrayList<>();

    private Gates(ManagedCredential credential, Optional<CredentialFacts> facts, Instant now) {
        this.credential = credential;
        this.facts = facts;
        this.now = now;
    }

    /**
     * In the order in which they are asked.
     *
     * @param facts empty where the store has never heard of it
     * @param open its rotation that has not ended
     * @param refusals the logins that the host of an account refused lately
     */
    public static List<Gate> of(
            ManagedCredential credential,
            Optional<CredentialFacts> facts,
            Optional<RotationState> open,
            Function<Account, Optional<Refusals>> refusals,
            Instant now) {
        Gates all = new Gates(credential, facts, now);
        all.adoption();
        all.rotation(open);
        all.schedule();
        all.retry();
        all.pause();
        all.hours(credential.policy().timing().hours());
        all.logins(refusals);
        return all.gates;
    }

    /** @param found what host and Dromo say */
    public static Gate preflight(Inspection found) {
        if (found.open().isPresent()) {
            return Gate.closed(
                    "preflight",
                    Optional.empty(),
                    "not looked at: a rotation of it is open; keyturn status shows where it stands");
        }
        return found.failure()
                .map(why -> Gate.closed(
                        "preflight",
                        Optional.empty(),
                        why.kind() + ": " + why.message() + " Valid now: " + why.validNow() + ". " + why.hint()))
                .orElseGet(() -> Gate.open(
                        "preflight",
                        "host and Dromo would allow it; " + found.connectors().summary()));
    }

    private void adoption() {
        boolean known = facts.flatMap(CredentialFacts::current).isPresent();
        boolean without = credential.install().worksWithoutOldSecret();
        gates.add(
                known || without
                        ? Gate.open(
                                "adopted",
                                known
                                        ? "the secret in use is in the store"
                                        : "not needed: install.as sets a new secret without the old one")
                        : Gate.closed(
                                "adopted",
                                Optional.empty(),
                                "the secret in use isn't in the store; run keyturn adopt " + credential.name()));
    }

    private void rotation(Optional<RotationState> open) {
        if (open.isEmpty()) {
            gates.add(Gate.open("lock", "no rotation of it is open"));
            return;
        }
        RotationState state = open.get();
        Optional<Instant> until = state instanceof RotationState.Overlapping overlapping && !compromiseIsInForce()
                ? Optional.of(overlapping.until())
                : facts.flatMap(CredentialFacts::lastRotation)
                        .flatMap(last -> Waiting.of(credential, last, now)
                                .map(Waiting::nextTry)
                                .or(() -> facts.flatMap(known -> Settling.next(credential, known, now))
                                        .map(Due::at)));
        gates.add(Gate.closed(
                "lock",
                until,
                "rotation " + state.head().id() + " is open ("
                        + state.kind().name().toLowerCase(java.util.Locale.ROOT)
                        + ") and is settled first; see keyturn history " + credential.name()));
    }

    private void schedule() {
        Policy policy = credential.policy();
        // A pause has a gate of its own: one without an end leaves the schedule its date.
        Optional<Due> due = facts.flatMap(
                known -> known.due(credential, now).or(() -> known.resumed().due(credential, now)));
        Optional<Compromise> known = compromise();
        if (known.isPresent()) {
            schedule(due.orElseThrow(), compromised(known.get()));
            return;
        }
        if (due.filter(Due::mendsDrift).isPresent()) {
            schedule(due.get(), "verify.on_drift: rotate");
            return;
        }
        if (policy.schedule().isEmpty()) {
            gates.add(Gate.closed(
                    "schedule",
                    Optional.empty(),
                    "policy " + policy.name() + " has none; run keyturn rotate " + credential.name()));
            return;
        }
        String schedule = policy.schedule().get().describe();
        if (facts.isEmpty()) {
            gates.add(Gate.closed(
                    "schedule",
                    Optional.empty(),
                    schedule + ", counted from when the daemon first runs with it; it never did"));
        } else if (due.isEmpty()) {
            gates.add(Gate.closed("schedule", Optional.empty(), schedule + " has no further date"));
        } else {
            schedule(due.get(), "counted from " + countsFrom(facts.get()));
        }
    }

    private Optional<Compromise> compromise() {
        return facts.flatMap(known -> known.compromiseOf(credential));
    }

    private boolean compromiseIsInForce() {
        return facts.flatMap(known -> known.compromiseInForce(credential, now)).isPresent();
    }

    private String compromised(Compromise known) {
        int left = known.left(credential);
        return known.by().name().orElse("somebody") + " said so with keyturn rotate --compromised at "
                + seconds(known.since()) + " (" + known.reason() + "); "
                + (left == 1 ? "one user is" : left + " users are") + " still to get a new secret";
    }

    private void schedule(Due due, String because) {
        boolean open = !now.isBefore(due.at());
        gates.add(new Gate(
                "schedule",
                open,
                open ? Optional.empty() : Optional.of(due.at()),
                path(due.shifts()) + "; " + because));
    }

    private String countsFrom(CredentialFacts known) {
        Past past = known.past(credential, now);
        if (known.lastRotation().filter(Abandonment::ended).isPresent()) {
            return "when the last rotation was given up, " + seconds(past.countsFrom());
        }
        if (past.failuresInARow() > 0 && past.lastFailure().isPresent()) {
            return "the last failure, " + seconds(past.lastFailure().get());
        }
        Instant from = past.countsFrom();
        if (known.rotatedAt().equals(Optional.of(from))) {
            return "the last rotation, " + seconds(from);
        }
        if (known.adoptedAt().equals(Optional.of(from))) {
            return "its adoption, " + seconds(from);
        }
        return (from.equals(now)
                        ? "the daemon's next start, which first sees this schedule: "
                        : "when it got this schedule, ")
                + seconds(from);
    }

    private static Instant seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }

    /** What gave a date, and what moved it, in a line. */
    public static String path(List<Shift> shifts) {
        return shifts.stream()
                .map(shift -> shift.why() + ": " + seconds(shift.to()))
                .collect(Collectors.joining(", then "));
    }

    private void retry() {
        int failures = facts.map(CredentialFacts::failuresInARow).orElse(0);
        if (failures == 0) {
            gates.add(Gate.open("retry", "the last rotation did not fail"));
            return;
        }
        int attempts = credential.policy().retry().attempts();
        String last = facts.flatMap(CredentialFacts::lastRotation)
                .flatMap(RotationSummary::failure)
                .map(why -> "; the last one: " + why.step().label() + " (" + why.kind() + "): " + why.message())
                .orElse("");
        if (compromise().isPresent()) {
            gates.add(Gate.open(
                    "retry",
                    failures + " failed in a row; a compromised secret is tried again until it is gone" + last));
            return;
        }
        boolean more = credential.policy().retry().allowsAfter(failures);
        gates.add(
                more
                        ? Gate.open("retry", failures + " failed in a row, " + attempts + " retries are allowed" + last)
                        : Gate.closed(
                                "retry",
                                facts.flatMap(known -> known.due(credential, now))
                                        .map(Due::at),
                                failures + " failed in a row, and " + attempts + " retries are allowed: it waits for"
                                        + " the schedule's next date, or for keyturn rotate " + credential.name()
                                        + last));
    }

    private void pause() {
        if (compromiseIsInForce()) {
            gates.add(Gate.open("pause", "holds no compromised secret back"));
            return;
        }
        Optional<Pause> pause = facts.flatMap(known -> known.pauseAt(now));
        gates.add(pause.map(it -> Gate.closed(
                        "pause",
                        it.until(),
                        "paused by " + it.by().name().orElse("?") + " at " + seconds(it.since())
                                + it.reason().map(why -> ": " + why).orElse("")
                                + "; keyturn resume " + credential.name() + " ends it"))
                .orElseGet(() -> Gate.open("pause", "not paused")));
    }

    private void hours(Hours hours) {
        if (compromise().isPresent()) {
            gates.add(Gate.open("window", "holds no compromised secret back"));
            gates.add(Gate.open("blackout", "holds no compromised secret back"));
            return;
        }
        Optional<Window> window = hours.window(now);
        boolean anyTime = hours.windows().isEmpty();
        gates.add(
                anyTime || window.isPresent()
                        ? Gate.open("window", window.map(Window::describe).orElse("the policy has none: any time"))
                        : Gate.closed("window", Optional.of(hours.opensAfter(now)), hours.describeWindows()));
        Optional<Blackout> blackout = hours.blackout(now);
        gates.add(blackout.map(it -> Gate.closed("blackout", Optional.of(it.to()), it.describe()))
                .orElseGet(() -> Gate.open("blackout", "none now")));
    }

    /** A rotation of alternating accounts logs in to both. */
    private void logins(Function<Account, Optional<Refusals>> refusals) {
        List<Instant> until = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (Account account : credential.accounts()) {
            refusals.apply(account)
                    .ifPresent(its -> LoginBudget.closedUntil(its, credential.authType(), now)
                            .ifPresent(at -> {
                                until.add(at);
                                refused.add("the last " + its.inARow() + " logins to " + account);
                            }));
        }
        gates.add(until.stream()
                .max(Comparator.naturalOrder())
                .map(last -> Gate.closed(
                        "logins",
                        Optional.of(last),
                        "the host refused " + String.join(", and ", refused)
                                + ", and many hosts lock an account at the next"))
                .orElseGet(() -> Gate.open("logins", "the host has not refused too many")));
    }
}
