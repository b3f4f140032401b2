package dev.keyturn.rotation;

import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.rotation.Verifier.Check;
import dev.keyturn.rotation.Verifier.Verdict;
import dev.keyturn.secret.LoginSecret;
import java.util.List;
import java.util.Optional;

/** Looks whether the account whose turn is next can be logged in to with what the store knows, before its turn comes. */
final class IdleAccount {
    private static final String NAME = Check.IDLE_ACCOUNT;

    private final Hosts hosts;
    private final Journal journal;
    private final Attempts attempts;

    IdleAccount(Hosts hosts, Journal journal, Attempts attempts) {
        this.hosts = hosts;
        this.journal = journal;
        this.attempts = attempts;
    }

    /**
     * One login: each refusal brings an account nearer to being locked, and its turn may be the next thing to come.
     *
     * @param active the credential on the account that Dromo uses
     * @return empty where accounts don't alternate
     */
    Optional<Check> look(ManagedCredential active) {
        return active.alternate()
                .filter(pair -> pair.has(active.account().user()))
                .map(pair -> look(
                        active.on(pair.other(active.account().user())),
                        active.account().user()));
    }

    private Check look(ManagedCredential idle, String active) {
        String user = idle.account().user();
        List<SecretVersion> known = journal.secretsOf(idle.name(), user);
        if (known.isEmpty()) {
            return new Check(NAME, Verdict.NOT_LOOKED_AT, "not looked at: the store has no password of " + user);
        }
        if (known.size() > 1) {
            return new Check(
                    NAME,
                    Verdict.NOT_LOOKED_AT,
                    "not looked at: after a rotation that was undone the store has " + known.size() + " passwords of "
                            + user + ", of which one is right; its turn tries them");
        }
        try (HostVisit visit = hosts.visit(idle);
                LoginSecret password = journal.secret(known.get(0))) {
            return attempts.repeatable(() -> visit.login(password, List.of())) == HostVisit.Verdict.ACCEPTED
                    ? new Check(NAME, Verdict.SOUND, user + " logs in")
                    : new Check(NAME, Verdict.DIFFERENT, refused(idle, active));
        } catch (RemoteException e) {
            boolean expired = e instanceof HostException host && host.fault() == Fault.PASSWORD_EXPIRED;
            return expired
                    ? new Check(NAME, Verdict.SOUND, user + "'s password is the right one, and has expired")
                    : new Check(NAME, Verdict.NOT_KNOWN, user + ": " + e.withHint());
        }
    }

    private static String refused(ManagedCredential idle, String active) {
        String user = idle.account().user();
        return "the host refuses the password that the store has of " + user + "; Dromo uses " + active
                + " and isn't affected, but "
                + (idle.install().worksWithoutOldSecret()
                        ? "somebody changed it; the next rotation sets a new one"
                        : "the next rotation can't begin: hand the password over with: keyturn adopt " + idle.name()
                                + " --user " + user + " --password-file FILE");
    }
}
