package dev.keyturn.rotation;

import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.secret.AuthType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the refused logins to one account, over restarts too: hosts lock accounts after some in a row, and a locked
 * account would strand Dromo. Until the host accepts a login or fifteen minutes have passed, a password is not tried after
 * two refusals (pam_faillock locks at the third within fifteen minutes, by default), a key not after four: sshd itself
 * locks nobody for keys, but other servers and fail2ban's stricter modes count them (to five, by default). Thread-safe.
 */
public final class LoginBudget {
    private static final int PASSWORDS_IN_A_ROW = 2;
    private static final int KEYS_IN_A_ROW = 4;
    private static final Duration WINDOW = Duration.ofMinutes(15);

    private final Journal journal;
    private final Clock clock;
    private final Map<Account, Lock> oneByOne = new ConcurrentHashMap<>();
    /** Accounts whose last login was accepted: their keys may log in side by side. */
    private final Set<Account> sound = ConcurrentHashMap.newKeySet();

    public LoginBudget(Journal journal, Clock clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /** Leave to try one login. Its end is to be told before it is closed; without one, it counts as neither. */
    public interface Leave extends AutoCloseable {
        void refused();

        void accepted();

        @Override
        void close();
    }

    /**
     * Gives leave to try a login. Logins of one account wait for each other, for many workers may share an administrator
     * whose secret has become wrong: passwords always, keys until the host has accepted one.
     *
     * @param what is to be tried
     * @throws HostException where another refusal could lock the account; nothing was sent then
     */
    public Leave leave(Account account, AuthType what) throws HostException {
        return leave(account, what, false);
    }

    /**
     * The same for a login that the host is to refuse, by which something is proved dead: a password's refusal is counted
     * before it is asked for. A process that is killed between the host's answer and the count would lose it otherwise, and
     * the host counts on.
     */
    public Leave leaveInVain(Account account, AuthType what) throws HostException {
        return leave(account, what, what == AuthType.PASSWORD);
    }

    private Leave leave(Account account, AuthType what, boolean countedBefore) throws HostException {
        if (what == AuthType.KEY && sound.contains(account)) {
            return new Granted(account, Optional.empty());
        }
        Lock lock = oneByOne.computeIfAbsent(account, key -> new ReentrantLock());
        lock.lock();
        try {
            require(account, what);
            return countedBefore ? new CountedBefore(account, lock) : new Granted(account, Optional.of(lock));
        } catch (HostException | RuntimeException e) {
            lock.unlock();
            throw e;
        }
    }

    private void require(Account account, AuthType what) throws HostException {
        Instant now = clock.instant();
        Optional<Refusals> refusals = journal.refusals(account).map(known -> notAhead(account, known, now));
        Optional<Instant> until = refusals.flatMap(it -> closedUntil(it, what, now));
        if (until.isPresent()) {
            throw new HostException(
                    Fault.LOGIN_BUDGET,
                    "no login to " + account + " is tried before " + until.get() + ": the host refused the last "
                            + refusals.get().inARow() + ", and many hosts lock an account at the next",
                    Duration.between(now, until.get()));
        }
    }

    /**
     * Where the clock was ahead when the host refused, nobody knows how long ago that was: from now on it counts from now,
     * lest the account stays closed until the clock comes to that time once more.
     */
    private Refusals notAhead(Account account, Refusals known, Instant now) {
        if (!known.lastAt().isAfter(now)) {
            return known;
        }
        // Wherever that stands: one from then would seem newer than all that comes.
        journal.accepted(account);
        journal.refused(account, now, known.inARow());
        return new Refusals(known.inARow(), now);
    }

    /** Before when no login with such a secret is tried; empty where one may be. */
    static Optional<Instant> closedUntil(Refusals refusals, AuthType what, Instant now) {
        Instant last = refusals.lastAt().isAfter(now) ? now : refusals.lastAt();
        Instant until = last.plus(WINDOW);
        return refusals.inARow() >= most(what) && now.isBefore(until) ? Optional.of(until) : Optional.empty();
    }

    private static int most(AuthType what) {
        return what == AuthType.KEY ? KEYS_IN_A_ROW : PASSWORDS_IN_A_ROW;
    }

    /** Whether the last login was refused, not long ago: then the next had better be one that the host accepts. */
    public boolean refusedLately(Account account) {
        return recent(account).isPresent();
    }

    private Optional<Refusals> recent(Account account) {
        Instant now = clock.instant();
        return journal.refusals(account).filter(refusals -> counts(refusals, now));
    }

    /** Whether a host may still remember them. */
    static boolean counts(Refusals refusals, Instant now) {
        return now.isBefore(refusals.lastAt().plus(WINDOW));
    }

    /** Its refusal is in the journal already, and is taken back where it was none. */
    private final class CountedBefore implements Leave {
        private final Account account;
        private final Lock lock;
        private final Optional<Refusals> before;
        private boolean answered;

        CountedBefore(Account account, Lock lock) {
            this.account = account;
            this.lock = lock;
            this.before = recent(account);
            journal.refused(
                    account, clock.instant(), before.map(Refusals::inARow).orElse(0) + 1);
        }

        @Override
        public void refused() {
            sound.remove(account);
            answered = true;
        }

        @Override
        public void accepted() {
            journal.accepted(account);
            sound.add(account);
            answered = true;
        }

        @Override
        public void close() {
            try {
                if (!answered) {
                    takeBack();
                }
            } finally {
                lock.unlock();
            }
        }

        private void takeBack() {
            if (before.isPresent()) {
                journal.refused(account, before.get().lastAt(), before.get().inARow());
            } else {
                journal.accepted(account);
            }
        }
    }

    private final class Granted implements Leave {
        private final Account account;
        private final Optional<Lock> lock;

        Granted(Account account, Optional<Lock> lock) {
            this.account = account;
            this.lock = lock;
        }

        @Override
        public void refused() {
            sound.remove(account);
            Lock counting = oneByOne.computeIfAbsent(account, key -> new ReentrantLock());
            counting.lock();
            try {
                int before = recent(account).map(Refusals::inARow).orElse(0);
                journal.refused(account, clock.instant(), before + 1);
            } finally {
                counting.unlock();
            }
        }

        @Override
        public void accepted() {
            if (journal.refusals(account).isPresent()) {
                journal.accepted(account);
            }
            sound.add(account);
        }

        @Override
        public void close() {
            lock.ifPresent(Lock::unlock);
        }
    }
}
