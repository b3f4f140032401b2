package dev.keyturn.cli;

import dev.keyturn.config.Configuration;
import dev.keyturn.dromo.HttpDromo;
import dev.keyturn.rotation.HostSlots;
import dev.keyturn.rotation.Inspection;
import dev.keyturn.rotation.Inspector;
import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.LoginBudget;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Rotator;
import dev.keyturn.rotation.SideBySide;
import dev.keyturn.ssh.SshHosts;
import dev.keyturn.ssh.SshKeyPairs;
import dev.keyturn.ssh.SshTimeouts;
import dev.keyturn.store.SqliteJournal;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * From where one looks at hosts and Dromo without touching anything: it needs the encryption key, to log in, and doesn't
 * hold the state, so it opens beside a {@link Workshop} of another process.
 */
final class Gallery implements AutoCloseable {
    private final Configuration configuration;
    private final SqliteJournal journal;
    private final HttpDromo dromo;
    private final SshHosts hosts;
    private final Inspector inspector;

    private Gallery(Configuration configuration, SqliteJournal journal, Surroundings surroundings) {
        this.configuration = configuration;
        this.journal = journal;
        this.dromo = Workshop.dromoAskedOnce(() -> configuration, journal, surroundings);
        this.hosts = new SshHosts(
                SshTimeouts.DEFAULT,
                configuration.limits().perHost(),
                new SshKeyPairs(),
                new LoginBudget(journal, surroundings.clock()),
                configuration::secretVariables);
        this.inspector =
                new Inspector(hosts, dromo, journal, new Rotator.Timing(surroundings.clock(), surroundings.sleeper()));
    }

    static Gallery open(Configuration configuration, Surroundings surroundings) throws Exception {
        SqliteJournal journal = SqliteJournal.openReadOnly(
                configuration.state().directory(), configuration.state().encryptionKey());
        try {
            return new Gallery(configuration, journal, surroundings);
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    Configuration configuration() {
        return configuration;
    }

    Journal journal() {
        return journal;
    }

    /** Runs the preflight of each, side by side within the configured limits; by the credential's name. */
    Map<String, Inspection> inspect(Collection<ManagedCredential> credentials) throws InterruptedException {
        Map<String, Inspection> found = new ConcurrentHashMap<>();
        new SideBySide(
                        configuration.limits().workers(),
                        new HostSlots(configuration.limits().perHost()))
                .run(credentials, credential -> found.put(credential.name(), inspector.inspect(credential)));
        return found;
    }

    /** Closes in the opposite order of opening. */
    @Override
    public void close() {
        try (journal;
                dromo;
                hosts) {
            // Nothing is left to be done.
        }
    }
}
