package dev.keyturn.rotation;

import dev.keyturn.policy.Policy;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.Schedule;
import dev.keyturn.policy.Timing;
import dev.keyturn.policy.Verify;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * A {@link World} for tests of other packages: its credential under any schedule, at the real time, for Quartz knows no
 * other. All credentials share one account.
 */
public final class DaemonWorld {
    private static final RetryRule AT_ONCE = new RetryRule(5, Duration.ofMillis(10), Duration.ofMillis(10));

    private final World world;
    private final List<ManagedCredential> credentials = new ArrayList<>();
    private final Map<String, String> schedules = new HashMap<>();
    private volatile Consumer<String> beforeJournalCall = method -> {};

    private DaemonWorld(World world) {
        this.world = world;
        Duration toNow =
                Duration.between(world.clock.instant(), Clock.systemUTC().instant());
        world.clock.advance(toNow);
    }

    public static DaemonWorld adopted() {
        return new DaemonWorld(World.withKey());
    }

    public static DaemonWorld neverAdopted() {
        return new DaemonWorld(World.withUnknownKeyAndNoAdministrator());
    }

    /** Adds a credential of this name, due each time {@code every} has passed since its adoption {@code ago}. */
    public DaemonWorld with(String name, Duration every, Duration ago) {
        ManagedCredential credential = credential(name, every);
        Instant at = world.clock.instant().minus(ago);
        try {
            Lease lease = world.journal.lease(name, "adopter", at, Duration.ofMinutes(1));
            world.journal.adopt(
                    lease,
                    name,
                    new SecretVersion("adopted-" + name, world.old.authType(), world.old.fingerprint()),
                    world.old,
                    Optional.empty(),
                    at);
            world.journal.release(lease);
        } catch (BusyException e) {
            throw new AssertionError(e);
        }
        schedule(credential, at);
        credentials.add(credential);
        return this;
    }

    /** Adds a credential whose secret nobody has handed over. */
    public DaemonWorld withUnadopted(String name, Duration every, Duration ago) {
        world.journal.firstSeen(List.of(name), world.clock.instant().minus(ago));
        ManagedCredential credential = credential(name, every);
        schedule(credential, world.clock.instant().minus(ago));
        credentials.add(credential);
        return this;
    }

    private void schedule(ManagedCredential credential, Instant since) {
        String schedule = credential.policy().schedule().orElseThrow().describe();
        schedules.put(credential.name(), schedule);
        world.journal.scheduled(schedules, since);
    }

    /** Somebody says that others know its secret, so that it is due at any time. */
    public DaemonWorld leaked(String name) {
        ManagedCredential credential = credentials.stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
        Instant now = world.clock.instant();
        world.journal.compromised(Map.of(name, Compromise.of(credential, now, "leaked", Actor.cli(1000, "ops"))));
        return this;
    }

    /** Adds a credential that is not due for a day, but checked each second, and that an administrator can change. */
    public DaemonWorld withVerify(String name, Verify.OnDrift onDrift) {
        with(name, Duration.ofDays(2), Duration.ofDays(1));
        ManagedCredential like = credentials.remove(credentials.size() - 1);
        Policy policy = like.policy();
        credentials.add(new ManagedCredential(
                name,
                new Policy(
                        policy.name(),
                        policy.secret(),
                        policy.timing(),
                        policy.overlap(),
                        policy.maxAge(),
                        policy.allowGap(),
                        Optional.of(new Verify(Duration.ofSeconds(1), onDrift))),
                like.dromoId(),
                like.account(),
                like.hostKey(),
                World.withKeyOfAdministrator().credential.install(),
                like.probeDirectory(),
                Map.of()));
        return this;
    }

    /** Somebody takes the key off the host. */
    public void drift() {
        world.hosts.keys.clear();
    }

    /** From now on nobody reaches the host. */
    public void hostIsAway() {
        world.hosts.faults.before("login", HostException.Fault.UNREACHABLE, 1000);
    }

    /** And from now on everybody again. */
    public void hostIsBack() {
        world.hosts.faults.clear();
    }

    /** Somebody puts the key back. */
    public void repair() {
        world.hosts.keys.add(world.old.fingerprint().orElseThrow());
    }

    /** Time goes on. */
    public void advance(Duration by) {
        world.clock.advance(by);
    }

    /** Who did what the last event of this name says. */
    public Actor actor(String event) {
        List<AuditEvent> events = world.audit.events(event);
        return events.get(events.size() - 1).actor().orElseThrow();
    }

    public CredentialFacts facts(String name) {
        return world.journal.facts(name).orElseThrow();
    }

    private ManagedCredential credential(String name, Duration every) {
        ManagedCredential like = world.credential;
        Policy policy = like.policy();
        return new ManagedCredential(
                name,
                new Policy(
                        policy.name(),
                        policy.secret(),
                        Timing.of(Optional.of(new Schedule.Every(every)), AT_ONCE),
                        policy.overlap(),
                        policy.maxAge(),
                        policy.allowGap(),
                        policy.verify()),
                like.dromoId(),
                like.account(),
                like.hostKey(),
                like.install(),
                like.probeDirectory(),
                Map.of());
    }

    /** Begins a rotation of the credential and is killed right after the host took the new key. */
    public void interrupt(String name) {
        CrashPoints points = new CrashPoints() {
            @Override
            void reach(String point) {
                if (point.equals("after host install")) {
                    throw new Killed(point);
                }
            }
        };
        world.hosts.crash = points;
        try {
            rotator().rotate(named(name), "a test", Actor.SCHEDULE, Progress.NONE);
            throw new AssertionError("it was not killed");
        } catch (CrashPoints.Killed e) {
            world.restart();
        } catch (BusyException e) {
            throw new AssertionError(e);
        }
    }

    /** The credential as it never was before: another one of Dromo's, and retried after an hour. */
    public ManagedCredential withAnotherRecord(String name) {
        ManagedCredential like = named(name);
        Policy policy = like.policy();
        RetryRule hourly = new RetryRule(5, Duration.ofHours(1), Duration.ofHours(1));
        return new ManagedCredential(
                name,
                new Policy(
                        policy.name(),
                        policy.secret(),
                        Timing.of(policy.schedule(), hourly),
                        policy.overlap(),
                        policy.maxAge(),
                        policy.allowGap(),
                        policy.verify()),
                "00000000-0000-4000-8000-000000000000",
                like.account(),
                like.hostKey(),
                like.install(),
                like.probeDirectory(),
                like.labels());
    }

    /** Another process holds the credential for the next hour. */
    public void leaseElsewhere(String name) {
        try {
            world.journal.lease(name, "another/1", world.clock.instant(), Duration.ofHours(1));
        } catch (BusyException e) {
            throw new AssertionError(e);
        }
    }

    /** As if {@code rotate --compromised} had been killed just after the store had the word. */
    public void compromised(String name) {
        new Compromises(records(), world.clock).tell(List.of(named(name)), "leaked", Actor.cli(1000, "ops"));
    }

    private ManagedCredential named(String name) {
        return credentials.stream()
                .filter(credential -> credential.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    public List<ManagedCredential> credentials() {
        return List.copyOf(credentials);
    }

    public Clock clock() {
        return world.clock;
    }

    public Rotator rotator() {
        return world.rotator();
    }

    /** A rotator on {@link #journal()} instead of the one underneath. */
    public Rotator watchedRotator() {
        return new Rotator(
                world.hosts,
                world.dromo,
                records(),
                world.secretMaker(),
                new Rotator.Timing(world.clock, world.clock::advance));
    }

    public Verifier verifier() {
        return new Verifier(world.hosts, world.dromo, records(), new Rotator.Timing(world.clock, world.clock::advance));
    }

    public Rotator.Records records() {
        return new Rotator.Records(journal(), world.audit, "test");
    }

    /** The journal, with {@link #beforeJournalCall} before each of its methods. */
    private Journal journal() {
        return (Journal) Proxy.newProxyInstance(
                DaemonWorld.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, arguments) -> {
                    beforeJournalCall.accept(method.getName());
                    try {
                        return method.invoke(world.journal, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Is told the name of each method of the journal before it does its work; what it throws, the method throws. */
    public void beforeJournalCall(Consumer<String> watcher) {
        beforeJournalCall = watcher;
    }

    /** Opens once the audit log has this event of this credential. */
    public CountDownLatch event(String event, String credential) {
        CountDownLatch latch = new CountDownLatch(1);
        Consumer<AuditEvent> before = world.audit.afterAppend;
        world.audit.afterAppend = written -> {
            before.accept(written);
            if (written.event().equals(event) && written.credential().equals(Optional.of(credential))) {
                latch.countDown();
            }
        };
        return latch;
    }

    /** The names of the events of a credential; of none for those of the daemon itself. */
    public List<String> events(Optional<String> credential) {
        return world.audit.events().stream()
                .filter(event -> event.credential().equals(credential))
                .map(AuditEvent::event)
                .toList();
    }

    public void breakAuditLog() {
        world.audit.breakDown();
    }

    public boolean dromoLogsIn() {
        return world.dromo.logsIn();
    }

    public int callsOnTheHost() {
        return world.hosts.calls.size();
    }
}
