package dev.keyturn.cli;

import dev.keyturn.config.ConfigLoader;
import dev.keyturn.config.Configuration;
import dev.keyturn.config.Environment;
import dev.keyturn.config.InvalidConfigurationException;
import dev.keyturn.rotation.Journal;
import dev.keyturn.store.SqliteJournal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program. Parses the command line, runs a command, and turns what came of it into an exit status. */
@Command(
        name = "keyturn",
        description = "Rotates the SFTP credentials that Dromo logs in with, proves each step, and writes it down.",
        mixinStandardHelpOptions = true,
        versionProvider = Keyturn.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            InitKeyCommand.class,
            CheckCommand.class,
            AdoptCommand.class,
            PlanCommand.class,
            WhyCommand.class,
            RotateCommand.class,
            VerifyCommand.class,
            StatusCommand.class,
            HistoryCommand.class,
            RecoverCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            ShowKeyCommand.class,
            AuditCommand.class,
            NotifyCommand.class,
            RunCommand.class
        })
public final class Keyturn implements Callable<Integer> {
    private static final Path DEFAULT_CONFIGURATION = Path.of("/etc/keyturn/keyturn.yaml");

    private final Surroundings surroundings;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The configuration; else $KEYTURN_CONFIG, else /etc/keyturn/keyturn.yaml.")
    private @Nullable Path config;

    Keyturn(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    public static void main(String[] args) {
        Logging.choose(args);
        System.exit(run(Surroundings.ofProcess(), args));
    }

    /** Runs one command and returns its exit status. */
    static int run(Surroundings surroundings, String... args) {
        CommandLine line = new CommandLine(new Keyturn(surroundings))
                .setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        surroundings.coloured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setExecutionExceptionHandler(
                (exception, command, parsed) -> Failures.explain(exception, surroundings.err()));
        return line.execute(args);
    }

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        throw new UsageException("which command? see keyturn --help");
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Configuration configuration() throws InvalidConfigurationException {
        return ConfigLoader.load(configurationFile(), environment());
    }

    Path configurationFile() {
        if (config != null) {
            return config;
        }
        String variable = surroundings.environment().getOrDefault("KEYTURN_CONFIG", "");
        return variable.isEmpty() ? DEFAULT_CONFIGURATION : Path.of(variable);
    }

    private Environment environment() {
        return new Environment(surroundings.environment(), surroundings.clock());
    }

    /** Everything that changes something: this process holds the state directory until the workshop is closed. */
    Workshop openWorkshop() throws Exception {
        return Workshop.open(configuration(), surroundings);
    }

    /** What a command that only looks does with configuration and journal. */
    interface Look<T> {
        T at(Configuration configuration, Journal journal) throws Exception;
    }

    /**
     * Looks beside a running daemon, without the encryption key. The journal is empty where nothing was ever written; it
     * can't be written, and gives out no secret.
     */
    <T> T look(Look<T> look) throws Exception {
        Configuration configuration = configuration();
        try (SqliteJournal journal =
                SqliteJournal.openReadOnly(configuration.state().directory())) {
            return look.at(configuration, journal);
        }
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Keyturn.class.getPackage().getImplementationVersion();
            return new String[] {"keyturn " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
