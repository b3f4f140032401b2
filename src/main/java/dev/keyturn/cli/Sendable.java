package dev.keyturn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * A command line that a daemon may run for somebody else: these commands, with these options, none of which names a file
 * that the daemon would open. Whatever else there is would have it read or write what only it may read or write.
 *
 * @param words the command with its options and arguments, and nothing of what belongs to the client alone
 */
record Sendable(List<String> words, Kind kind) {
    /** Who does it where a daemon runs. */
    enum Kind {
        /** The daemon, for it has the state. */
        CHANGES,
        /** The same; but whoever asks reads the secret from its file, and hands it over. */
        TAKES_A_SECRET,
        /** Whoever asks, by looking at the store; the daemon where that is not possible. */
        LOOKS,
        /** The daemon, for it is about the daemon. */
        IS_FOR_THE_DAEMON
    }

    private record Rule(Kind kind, Set<String> options) {}

    private static final Set<String> CHOICE = Set.of("--all", "--label", "--json");

    private static final Map<String, Rule> RULES = Map.ofEntries(
            Map.entry(
                    "rotate",
                    new Rule(Kind.CHANGES, Set.of("--all", "--label", "--json", "--reason", "--compromised"))),
            Map.entry("verify", new Rule(Kind.CHANGES, Set.of("--all", "--label", "--json", "--estate"))),
            Map.entry("pause", new Rule(Kind.CHANGES, Set.of("--all", "--label", "--until", "--reason"))),
            Map.entry("resume", new Rule(Kind.CHANGES, CHOICE)),
            Map.entry(
                    "recover",
                    new Rule(Kind.CHANGES, Set.of("--all", "--label", "--json", "--abandon", "--not-compromised"))),
            Map.entry(
                    "adopt", new Rule(Kind.TAKES_A_SECRET, Set.of("--private-key-file", "--password-file", "--user"))),
            Map.entry("check", new Rule(Kind.LOOKS, Set.of("--online", "--json"))),
            Map.entry("why", new Rule(Kind.LOOKS, Set.of("--all", "--label", "--json", "--online"))),
            Map.entry("status", new Rule(Kind.LOOKS, CHOICE)),
            Map.entry("history", new Rule(Kind.LOOKS, Set.of("--all", "--label", "--json", "--limit"))),
            Map.entry("plan", new Rule(Kind.LOOKS, Set.of("--all", "--label", "--json", "--days", "--ics"))),
            Map.entry("show-key", new Rule(Kind.LOOKS, Set.of("--json", "--old"))),
            Map.entry("reload", new Rule(Kind.IS_FOR_THE_DAEMON, Set.of())));

    /** Of the client: where its daemon is. */
    private static final String CONFIG = "--config";

    private static final String ONLINE = "--online";

    Sendable {
        words = List.copyOf(words);
    }

    /** Empty where it is no command for a daemon. */
    static Optional<Sendable> of(ParseResult parsed) {
        if (!parsed.hasSubcommand() || parsed.subcommand().hasSubcommand()) {
            return Optional.empty();
        }
        ParseResult command = parsed.subcommand();
        String name = command.commandSpec().name();
        Rule rule = RULES.get(name);
        if (rule == null) {
            return Optional.empty();
        }
        if (name.equals("check") && !command.hasMatchedOption(ONLINE)) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>(List.of(name));
        for (OptionSpec option : command.matchedOptions()) {
            if (option.longestName().equals(CONFIG)) {
                continue;
            }
            if (!rule.options().contains(option.longestName())) {
                return Optional.empty();
            }
            add(words, option);
        }
        List<String> names = command.matchedPositionals().stream()
                .map(ArgSpec::originalStringValues)
                .flatMap(List::stream)
                .toList();
        if (!names.isEmpty()) {
            words.add("--");
            words.addAll(names);
        }
        return Optional.of(new Sendable(words, rule.kind()));
    }

    boolean changes() {
        return kind == Kind.CHANGES || kind == Kind.TAKES_A_SECRET;
    }

    /** Whether it is about the configuration as it is on disk. */
    boolean isCheck() {
        return words.get(0).equals("check");
    }

    private static void add(List<String> words, OptionSpec option) {
        if (option.arity().max() == 0) {
            words.add(option.longestName());
        } else {
            option.originalStringValues().forEach(value -> words.add(option.longestName() + "=" + value));
        }
    }
}
