package dev.keyturn.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Loads a configuration file. Reads no secret: those are loaded where they are used, each time anew. */
public final class ConfigLoader {
    private static final int VERSION = 1;
    static final Keys KEYS = Keys.of(
            "version", "1",
            "dromo", "{license_key: {credential: dromo-license-key}}",
            "state", "{encryption_key: {credential: keyturn-key}}",
            "audit", "{directory: /var/log/keyturn}",
            "control", "{socket: /run/keyturn/control.sock}",
            "known_hosts", "/etc/keyturn/known_hosts",
            "include", "[credentials.d/*.yaml]",
            "limits", "{workers: 16, per_host: 4}",
            "notify", "{webhooks: [{url: {credential: slack-webhook}, format: slack}]}",
            "policies", "{partner-keys: {secret: {type: ssh_key}}}",
            "credentials", "{acme-orders: {policy: partner-keys, ...}}");

    private ConfigLoader() {}

    /**
     * @param file its name appears in problems as it is given here
     * @throws InvalidConfigurationException with everything that is wrong, including a file that can't be read
     */
    public static Configuration load(Path file, Environment environment) throws InvalidConfigurationException {
        Problems problems = new Problems(file.toString());
        FleetReader fleet = new FleetReader(environment);
        Optional<Configuration> configuration =
                fleet.read(file, KEYS, problems).map(main -> read(main, fleet, file, environment, problems));
        problems.throwIfAny();
        return configuration.orElseThrow();
    }

    private static Configuration read(
            Part main, FleetReader fleet, Path file, Environment environment, Problems problems) {
        Section section = main.section();
        References references = main.references();
        section.value("include")
                .map(new Include(file)::files)
                .orElse(Set.of())
                .forEach(included -> fleet.read(included, Part.INCLUDED, problems.of(included.toString())));
        fleet.finish();
        section.required("version").ifPresent(ConfigLoader::checkVersion);
        DromoSection dromo = section.required("dromo")
                .flatMap(value -> value.section(DromoSection.KEYS))
                .map(it -> DromoSection.read(it, references))
                .orElseGet(DromoSection::unread);
        StateSection state = section.required("state")
                .flatMap(value -> value.section(StateSection.KEYS))
                .map(it -> StateSection.read(it, references, environment))
                .orElseGet(() -> new StateSection(UnreadSecret.INSTANCE, environment.stateDirectory()));
        AuditSection audit = section.value("audit")
                .flatMap(value -> value.section(AuditSection.KEYS))
                .map(it -> AuditSection.read(it, references, environment))
                .orElseGet(() -> new AuditSection(environment.logsDirectory()));
        ControlSection control = control(main, state.directory(), environment);
        Limits limits = section.value("limits")
                .flatMap(value -> value.section(Limits.KEYS))
                .map(Limits::read)
                .orElse(Limits.DEFAULT);
        NotifySection notify = section.value("notify")
                .flatMap(value -> value.section(NotifySection.KEYS))
                .map(it -> new NotifyReader(references).read(it))
                .orElse(NotifySection.NOBODY);
        return new Configuration(
                VERSION,
                dromo,
                state,
                audit,
                control,
                limits,
                notify,
                fleet.policies(),
                fleet.credentials(),
                fleet.secretVariables(),
                fleet.hash(),
                file);
    }

    private static ControlSection control(Part main, Path state, Environment environment) {
        return main.section()
                .value("control")
                .flatMap(value -> value.section(ControlSection.KEYS))
                .map(it -> ControlSection.read(it, main.references(), state, environment))
                .orElseGet(() -> ControlSection.unsaid(environment));
    }

    /** What can be said of a file's daemon, however much else is wrong with it. */
    public static Whereabouts whereabouts(Path file, Environment environment) {
        Problems ignored = new Problems(file.toString());
        return new FleetReader(environment)
                .read(file, KEYS, ignored)
                .map(main -> {
                    Path state = main.section()
                            .value("state")
                            .flatMap(value -> value.section(StateSection.KEYS))
                            .flatMap(it -> it.value("directory"))
                            .flatMap(main.references()::path)
                            .orElseGet(environment::stateDirectory);
                    return new Whereabouts(Optional.of(state), control(main, state, environment));
                })
                .orElseGet(() -> new Whereabouts(Optional.empty(), ControlSection.unsaid(environment)));
    }

    private static void checkVersion(Value value) {
        value.wholeNumber(0, Integer.MAX_VALUE)
                .filter(version -> version != VERSION)
                .ifPresent(other -> value.reject("this Keyturn reads version " + VERSION + " of the format only"));
    }
}
