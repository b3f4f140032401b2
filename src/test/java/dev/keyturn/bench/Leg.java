package dev.keyturn.bench;

import java.time.Duration;

/**
 * One run of one contestant over the whole fleet.
 *
 * @param round from 1
 * @param time from start to end, or what a login contestant took for its own
 * @param cpu used meanwhile
 * @param accepted logins that sshd accepted
 * @param refused keys that sshd refused
 */
record Leg(Contestant contestant, int round, int accounts, Duration time, CpuTimes cpu, int accepted, int refused) {

    double seconds() {
        return time.toNanos() / 1e9;
    }

    /** Accounts a second. */
    double rate() {
        return accounts / seconds();
    }

    double perAccount(int count) {
        return count / (double) accounts;
    }

    /** In milliseconds. */
    double perAccount(Duration spent) {
        return spent.toNanos() / 1e6 / accounts;
    }
}
