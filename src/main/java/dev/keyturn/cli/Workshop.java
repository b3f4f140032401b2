package dev.keyturn.cli;

import dev.keyturn.audit.AnchoredLog;
import dev.keyturn.audit.AuditLog;
import dev.keyturn.config.Configuration;
import dev.keyturn.config.DromoSection;
import dev.keyturn.config.NotifySection;
import dev.keyturn.daemon.Daemon;
import dev.keyturn.dromo.DromoSettings;
import dev.keyturn.dromo.HttpDromo;
import dev.keyturn.notify.Notifier;
import dev.keyturn.rotation.Adopter;
import dev.keyturn.rotation.AuditTrail;
import dev.keyturn.rotation.Compromises;
import dev.keyturn.rotation.Dromo;
import dev.keyturn.rotation.HostSlots;
import dev.keyturn.rotation.Hosts;
import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.KeyPairs;
import dev.keyturn.rotation.LoginBudget;
import dev.keyturn.rotation.Notices;
import dev.keyturn.rotation.Pauses;
import dev.keyturn.rotation.Rotator;
import dev.keyturn.rotation.SecretMaker;
import dev.keyturn.rotation.SideBySide;
import dev.keyturn.rotation.StoredSecrets;
import dev.keyturn.rotation.Verifier;
import dev.keyturn.rotation.WatchedDromo;
import dev.keyturn.rotation.WatchedHosts;
import dev.keyturn.secret.PasswordGenerator;
import dev.keyturn.ssh.SshHosts;
import dev.keyturn.ssh.SshKeyPairs;
import dev.keyturn.ssh.SshTimeouts;
import dev.keyturn.store.SqliteJournal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: creates everything that changes something, from a configuration. While it is open, this process
 * holds the state directory.
 */
final class Workshop implements AutoCloseable {
    /** The steps of a rotation repeat a call where that is right; repeating it below them would only multiply. */
    private static final int ONE_ATTEMPT = 1;

    private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);

    private volatile Configuration configuration;
    /** Variables that hold secrets, of this configuration and of those before it: the process has them all its life. */
    private volatile Set<String> withheld;

    private final SqliteJournal journal;
    private final AuditLog audit;
    private final Dromo dromo;
    private final Hosts hosts;
    private final SshKeyPairs keyPairs = new SshKeyPairs();
    private final HostSlots slots;
    private final Rotator.Timing timing;
    private final Rotator rotator;
    private final Verifier verifier;
    private final Aftermath aftermath;
    private final Deque<AutoCloseable> closing = new ArrayDeque<>();

    private Workshop(Configuration configuration, SqliteJournal journal, AuditLog audit, Surroundings surroundings) {
        this.configuration = configuration;
        this.withheld = configuration.secretVariables();
        this.journal = journal;
        this.audit = audit;
        this.timing = new Rotator.Timing(surroundings.clock(), surroundings.sleeper());
        HttpDromo httpDromo = dromoAskedOnce(() -> this.configuration, journal, surroundings);
        SshHosts sshHosts = new SshHosts(
                SshTimeouts.DEFAULT,
                configuration.limits().perHost(),
                keyPairs,
                new LoginBudget(journal, surroundings.clock()),
                () -> withheld);
        this.dromo = new WatchedDromo(httpDromo, surroundings.watch());
        this.hosts = new WatchedHosts(sshHosts, surroundings.watch());
        this.slots = new HostSlots(
                configuration.limits().perHost(), configuration.limits().workers());
        this.aftermath = Aftermath.NONE;
        this.rotator = new Rotator(
                hosts, dromo, records(), new SecretMaker(keyPairs, new PasswordGenerator(new SecureRandom())), timing);
        this.verifier = new Verifier(hosts, dromo, records(), timing);
        closing.push(journal);
        closing.push(audit);
        closing.push(this::rememberAuditEnd);
        closing.push(httpDromo);
        closing.push(sshHosts);
    }

    private Workshop(Workshop owner, Configuration configuration, Aftermath aftermath) {
        this.configuration = configuration;
        this.withheld = configuration.secretVariables();
        this.journal = owner.journal;
        this.audit = owner.audit;
        this.timing = owner.timing;
        this.dromo = owner.dromo;
        this.hosts = owner.hosts;
        this.slots = owner.slots;
        this.rotator = owner.rotator;
        this.verifier = owner.verifier;
        this.aftermath = aftermath;
    }

    /**
     * The same workshop for somebody else's command; closing it closes nothing.
     *
     * @param inForce the credentials as the owner has them now
     */
    Workshop lent(Configuration inForce, Aftermath told) {
        return new Workshop(this, inForce, told);
    }

    static Workshop open(Configuration configuration, Surroundings surroundings) throws Exception {
        SqliteJournal journal = SqliteJournal.open(
                configuration.state().directory(),
                configuration.state().encryptionKey(),
                surroundings.clock().instant(),
                surroundings.watch());
        try {
            AnchoredLog.require(configuration.audit().directory(), journal.auditAnchor());
            AuditLog audit = AuditLog.openWatched(
                    configuration.audit().directory(),
                    node(),
                    Optional.of(configuration.hash()),
                    surroundings.clock(),
                    surroundings.watch());
            try {
                journal.anchorTo(audit::end);
                return new Workshop(configuration, journal, audit, surroundings);
            } catch (RuntimeException e) {
                audit.close();
                throw e;
            }
        } catch (Exception e) {
            journal.close();
            throw e;
        }
    }

    /** Where the store fails, somebody was told already, and what it remembers from before is true as well. */
    private void rememberAuditEnd() {
        try {
            journal.anchorTo(audit::end);
        } catch (JournalException e) {
            LOG.warn("How far the audit log reaches is not remembered: {}", e.getMessage());
        }
    }

    /** Dromo alone, for what neither needs nor holds the state. The caller closes it. */
    static HttpDromo dromo(Configuration configuration, Surroundings surroundings) {
        return new HttpDromo(
                settings(configuration.dromo()),
                new HttpDromo.Timing(System::nanoTime, surroundings.clock(), surroundings.sleeper()));
    }

    /**
     * Dromo for callers that repeat by themselves. What it says is shown without the secrets that the store has.
     *
     * @param inForce the configuration as it is by then
     */
    static HttpDromo dromoAskedOnce(Supplier<Configuration> inForce, Journal journal, Surroundings surroundings) {
        return new HttpDromo(
                settings(inForce.get().dromo()),
                new HttpDromo.Timing(System::nanoTime, surroundings.clock(), surroundings.sleeper()),
                ONE_ATTEMPT,
                id -> inForce.get().credentials().stream()
                        .filter(credential -> credential.dromoId().equals(id))
                        .flatMap(credential -> StoredSecrets.of(credential, journal).stream())
                        .toList());
    }

    private static DromoSettings settings(DromoSection section) {
        return new DromoSettings(
                section.url(),
                section.licenseKey(),
                section.timeout(),
                section.requestsPerSecond(),
                section.caFile(),
                section.proxy());
    }

    /** This machine's name, as the audit log knows it. */
    static String node() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    Configuration configuration() {
        return configuration;
    }

    Journal journal() {
        return journal;
    }

    AuditTrail audit() {
        return audit;
    }

    /** From now on this one is in force, and the audit log's records name it; a former one is kept nowhere. */
    void configuredWith(Configuration read) {
        Set<String> all = new HashSet<>(withheld);
        all.addAll(read.secretVariables());
        withheld = Set.copyOf(all);
        configuration = read;
        audit.configuredWith(read.hash());
    }

    KeyPairs keyPairs() {
        return keyPairs;
    }

    Rotator.Records records() {
        return new Rotator.Records(
                journal, audit, node() + "/" + ProcessHandle.current().pid());
    }

    Rotator rotator() {
        return rotator;
    }

    Verifier verifier() {
        return verifier;
    }

    Adopter adopter() {
        return new Adopter(hosts, dromo, records(), timing);
    }

    Pauses pauses() {
        return new Pauses(records(), timing.clock());
    }

    Compromises compromises() {
        return new Compromises(records(), timing.clock());
    }

    /** Who has to be told what a command did. */
    Aftermath aftermath() {
        return aftermath;
    }

    SideBySide sideBySide() {
        return new SideBySide(configuration.limits().workers(), slots);
    }

    /** Whom the daemon tells; closed with the workshop, which gives what is still to be delivered a little time. */
    synchronized Notices notices() {
        NotifySection section = configuration.notifications();
        if (section.webhooks().isEmpty() && section.email().isEmpty()) {
            return Notices.NONE;
        }
        Notifier notifier = new Notifier(
                Notifying.settings(section),
                node(),
                configuration.state().directory().resolve("notices"),
                timing.clock(),
                timing.sleeper(),
                Notifier.DRAIN);
        closing.push(notifier);
        return notifier;
    }

    Daemon.Capacity capacity() {
        return new Daemon.Capacity(configuration.limits().workers(), slots);
    }

    /** Closes in the opposite order of opening. Harmless when repeated. */
    @Override
    public synchronized void close() {
        while (!closing.isEmpty()) {
            try {
                closing.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("could not close: " + e.getMessage(), e);
            }
        }
    }
}
