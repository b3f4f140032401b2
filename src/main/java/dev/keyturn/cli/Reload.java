package dev.keyturn.cli;

import dev.keyturn.config.Configuration;
import dev.keyturn.config.InvalidConfigurationException;
import dev.keyturn.daemon.Daemon;
import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.AuditEvent;
import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.ManagedCredential;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a changed configuration into force while the daemon runs: all of it, or nothing. Thread-safe. */
final class Reload {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private final Keyturn keyturn;
    private final Workshop workshop;
    private final Daemon daemon;
    private volatile Configuration inForce;

    /**
     * What came of it.
     *
     * @param status the exit status of who asked
     * @param said a line or more, for people
     */
    record Outcome(int status, List<String> said) {}

    Reload(Keyturn keyturn, Workshop workshop, Daemon daemon) {
        this.keyturn = keyturn;
        this.workshop = workshop;
        this.daemon = daemon;
        this.inForce = workshop.configuration();
    }

    /** The configuration that the daemon goes by. */
    Configuration inForce() {
        return inForce;
    }

    /** Because of a signal, of which nobody knows who sent it. */
    void onSignal() {
        try {
            run(Optional.empty());
        } catch (AuditException | JournalException e) {
            daemon.abort(e);
        }
        Memory.giveBack();
    }

    /**
     * @param asked who wants it, where that is known
     * @throws AuditException where it can't be written down; then the daemon has to end
     * @throws JournalException where the store fails; then the daemon has to end
     */
    synchronized Outcome run(Optional<Actor> asked) {
        try {
            Configuration read = keyturn.configuration();
            List<String> fixed = needRestart(inForce, read);
            if (fixed.isEmpty()) {
                return putIntoForce(read, asked);
            }
            String why = "a change of " + String.join(", ", fixed) + " needs a restart of the daemon";
            refuse(why, asked);
            return new Outcome(
                    ExitStatus.FAILED, List.of("not reloaded, the former configuration stays in force: " + why));
        } catch (InvalidConfigurationException e) {
            e.problems().forEach(problem -> LOG.atError().log("{}", problem));
            refuse(
                    "the configuration is invalid: " + e.problems().get(0)
                            + (e.problems().size() > 1
                                    ? " (and " + (e.problems().size() - 1) + " more)"
                                    : ""),
                    asked);
            List<String> said = new ArrayList<>();
            e.problems().forEach(problem -> said.add(problem.toString()));
            said.add("not reloaded, the former configuration stays in force");
            return new Outcome(ExitStatus.CONFIGURATION, said);
        }
    }

    private Outcome putIntoForce(Configuration read, Optional<Actor> asked) {
        Configuration former = inForce;
        Set<String> before = names(inForce);
        Set<String> after = names(read);
        List<String> added =
                after.stream().filter(name -> !before.contains(name)).sorted().toList();
        List<String> removed =
                before.stream().filter(name -> !after.contains(name)).sorted().toList();
        workshop.configuredWith(read);
        workshop.audit()
                .append(by(asked, AuditEvent.of("config.loaded"))
                        .result(Result.SUCCESS, Optional.empty())
                        .with("file", read.file().toString())
                        .with("credentials", read.credentials().size())
                        .with("added", added)
                        .with("removed", removed));
        daemon.reload(read.credentials());
        inForce = read;
        removed.forEach(name -> LOG.atWarn()
                .addKeyValue("credential", name)
                .log("No longer configured: nothing is done with it; its secrets stay in the store"));
        LOG.atInfo()
                .addKeyValue("credentials", read.credentials().size())
                .addKeyValue("added", added.size())
                .addKeyValue("removed", removed.size())
                .log("Configuration reloaded");
        return new Outcome(ExitStatus.DONE, new Changes(former, read).lines());
    }

    private static AuditEvent by(Optional<Actor> asked, AuditEvent event) {
        return asked.map(event::by).orElse(event);
    }

    private void refuse(String why, Optional<Actor> asked) {
        LOG.atError().log("Not reloaded, the former configuration stays in force: {}", why);
        workshop.audit()
                .append(by(asked, AuditEvent.of("config.loaded"))
                        .result(Result.FAILURE, Optional.of(why))
                        .with("file", inForce.file().toString()));
    }

    private static Set<String> names(Configuration configuration) {
        return configuration.credentials().stream().map(ManagedCredential::name).collect(Collectors.toSet());
    }

    /** The settings that differ and that the process has built itself upon. */
    static List<String> needRestart(Configuration before, Configuration after) {
        List<String> changed = new ArrayList<>();
        compare("dromo", before.dromo(), after.dromo(), changed);
        compare("state.directory", before.state().directory(), after.state().directory(), changed);
        compare(
                "state.encryption_key",
                before.state().encryptionKey(),
                after.state().encryptionKey(),
                changed);
        compare("audit.directory", before.audit().directory(), after.audit().directory(), changed);
        compare("control.socket", before.control().socket(), after.control().socket(), changed);
        compare("limits", before.limits(), after.limits(), changed);
        return changed;
    }

    private static void compare(String name, Object before, Object after, List<String> changed) {
        if (!Objects.equals(before, after)) {
            changed.add(name);
        }
    }
}
