package dev.keyturn.cli;

import dev.keyturn.config.ConfigLoader;
import dev.keyturn.config.Configuration;
import dev.keyturn.config.Environment;
import dev.keyturn.config.InvalidConfigurationException;
import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.Journal;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.secret.Secret;
import dev.keyturn.store.EncryptionKeyRefusedException;
import dev.keyturn.store.SqliteJournal;
import dev.keyturn.store.StateRefusedException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
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
            ReloadCommand.class,
            RunCommand.class
        })
public final class Keyturn implements Callable<Integer> {
    private static final Path DEFAULT_CONFIGURATION = Path.of("/etc/keyturn/keyturn.yaml");

    private final Surroundings surroundings;
    private final Optional<Lent> lent;
    private final Optional<Secret> handed;
    private final Asking asking = new Asking(this);
    private Optional<Configuration> alreadyRead = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The configuration; else $KEYTURN_CONFIG, else /etc/keyturn/keyturn.yaml.")
    private @Nullable Path config;

    private Keyturn(Surroundings surroundings, Optional<Lent> lent, Optional<Secret> handed) {
        this.surroundings = surroundings;
        this.lent = lent;
        this.handed = handed;
    }

    public static void main(String[] args) {
        Logging.choose(args);
        System.exit(run(Surroundings.ofProcess(), args));
    }

    /** Runs one command and returns its exit status. */
    static int run(Surroundings surroundings, String... args) {
        return line(new Keyturn(surroundings, Optional.empty(), Optional.empty()))
                .execute(args);
    }

    /** Runs one command of somebody else's with what a daemon lends it. */
    static int runLent(Surroundings surroundings, Lent lent, Optional<Secret> handed, List<String> words) {
        return line(new Keyturn(surroundings, Optional.of(lent), handed))
                // Else a word that begins with @ would have the daemon read the file of that name.
                .setExpandAtFiles(false)
                .execute(words.toArray(String[]::new));
    }

    private static CommandLine line(Keyturn keyturn) {
        Surroundings surroundings = keyturn.surroundings();
        CommandLine line = new CommandLine(keyturn)
                .setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        surroundings.coloured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setExecutionStrategy(keyturn::carryOut);
        line.setExecutionExceptionHandler((exception, command, parsed) -> keyturn.explain(exception, parsed));
        return line;
    }

    /** What somebody asks of a daemon with these words; empty where that is nothing that a daemon does for others. */
    static Optional<Sendable> sendable(List<String> words) {
        try {
            // Nothing of it is run, so there is nothing to surround it with.
            return Sendable.of(
                    new CommandLine(new Keyturn(Surroundings.ofProcess(), Optional.empty(), Optional.empty()))
                            .setExpandAtFiles(false)
                            .parseArgs(words.toArray(String[]::new)));
        } catch (CommandLine.ParameterException e) {
            return Optional.empty();
        }
    }

    private int carryOut(ParseResult parsed) {
        @Nullable Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        Optional<Sendable> sendable = Sendable.of(parsed);
        if (lent.isPresent()) {
            if (sendable.isEmpty() || config != null) {
                surroundings.err().println("keyturn: this is nothing that a daemon does for others");
                return ExitStatus.USAGE;
            }
        } else if (sendable.isPresent() && asksFirst(sendable.get())) {
            Optional<Integer> done = askFirst(sendable.get());
            if (done.isPresent()) {
                return done.get();
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static boolean asksFirst(Sendable command) {
        return command.kind() == Sendable.Kind.CHANGES || command.kind() == Sendable.Kind.IS_FOR_THE_DAEMON;
    }

    /**
     * Has the daemon run a command that takes a secret.
     *
     * @param valid the configuration, where it is
     * @return the exit status; empty where there is no daemon, and the command has to do it itself
     */
    Optional<Integer> handOver(Sendable command, Optional<Configuration> valid, Secret secret) {
        Optional<Integer> done = asking.ask(command, valid, Optional.of(secret));
        alreadyRead = valid;
        return done;
    }

    private Optional<Integer> askFirst(Sendable command) {
        Optional<Configuration> valid = Optional.empty();
        Optional<InvalidConfigurationException> problems = Optional.empty();
        try {
            valid = Optional.of(configuration());
        } catch (InvalidConfigurationException e) {
            problems = Optional.of(e);
        }
        Optional<Integer> done = asking.ask(command, valid);
        alreadyRead = valid;
        if (done.isPresent() || command.kind() != Sendable.Kind.IS_FOR_THE_DAEMON) {
            return done;
        }
        int status = problems.map(e -> Failures.explain(e, surroundings.err())).orElse(ExitStatus.FAILED);
        surroundings
                .err()
                .println("keyturn: no daemon to reload: " + asking.silence().orElse("none was found")
                        + "; a daemon reads its configuration when it starts");
        return Optional.of(status);
    }

    private int explain(Exception exception, ParseResult parsed) {
        Optional<Sendable> sendable = Sendable.of(parsed);
        if (lent.isPresent()) {
            int status = Failures.explain(exception, surroundings.err());
            boolean looks =
                    sendable.filter(it -> it.kind() == Sendable.Kind.LOOKS).isPresent();
            if (!looks && (exception instanceof AuditException || exception instanceof JournalException)) {
                lent.get().daemon().abort((RuntimeException) exception);
            }
            return status;
        }
        boolean invalid = exception instanceof InvalidConfigurationException;
        boolean hidden = exception instanceof StateRefusedException refused && refused.unreadable();
        boolean locked = exception instanceof EncryptionKeyRefusedException;
        Optional<Sendable> look = sendable.filter(it -> it.kind() == Sendable.Kind.LOOKS);
        if (look.isPresent() && (hidden || locked || (invalid && !look.get().isCheck()))) {
            Optional<Integer> done = asking.ask(look.get(), invalid ? Optional.empty() : Asking.valid(this));
            if (done.isPresent()) {
                if (invalid) {
                    surroundings
                            .err()
                            .println("keyturn: " + configurationFile()
                                    + " is not valid now (see keyturn check), so this went by what the daemon has");
                }
                return done.get();
            }
        }
        int status = Failures.explain(exception, surroundings.err());
        if (exception instanceof BusyException || hidden || asking.wasThere()) {
            asking.silence().ifPresent(why -> surroundings.err().println("keyturn: " + why));
        }
        return status;
    }

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        throw new UsageException("which command? see keyturn --help");
    }

    Surroundings surroundings() {
        return surroundings;
    }

    /** What a daemon lends to this command; empty where the command stands on its own. */
    Optional<Lent> lent() {
        return lent;
    }

    /** What a client of the daemon handed over for this command. */
    Optional<Secret> handed() {
        return handed;
    }

    /** Read anew each time, but for the daemon's own where it lends that. */
    Configuration configuration() throws InvalidConfigurationException {
        if (lent.isPresent()) {
            return lent.get().configuration();
        }
        Optional<Configuration> already = alreadyRead;
        alreadyRead = Optional.empty();
        return already.isPresent() ? already.get() : ConfigLoader.load(configurationFile(), environment());
    }

    Path configurationFile() {
        if (config != null) {
            return config;
        }
        String variable = surroundings.environment().getOrDefault("KEYTURN_CONFIG", "");
        return variable.isEmpty() ? DEFAULT_CONFIGURATION : Path.of(variable);
    }

    Environment environment() {
        return new Environment(
                surroundings.environment(),
                surroundings.clock(),
                Runtime.getRuntime().maxMemory());
    }

    /** Everything that changes something: this process holds the state directory until the workshop is closed. */
    Workshop openWorkshop() throws Exception {
        return lent.isPresent() ? lent.get().workshop() : Workshop.open(configuration(), surroundings);
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
            return new String[] {"keyturn " + number()};
        }

        static String number() {
            String version = Keyturn.class.getPackage().getImplementationVersion();
            return version == null ? "(unpackaged)" : version;
        }
    }
}
