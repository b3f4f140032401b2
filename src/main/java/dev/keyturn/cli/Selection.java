package dev.keyturn.cli;

import dev.keyturn.rotation.ManagedCredential;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which credentials a command is for: names, globs, labels or all. */
final class Selection {
    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "Credentials, by name or shell-style glob ('acme-*').")
    private List<String> names = List.of();

    @Option(names = "--all", description = "All credentials.")
    private boolean all;

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "Credentials with this label; given twice, both have to match.")
    private Map<String, String> labels = new LinkedHashMap<>();

    /** The credentials a command that changes something is for: it has to be told. */
    List<ManagedCredential> chosenFrom(List<ManagedCredential> configured) {
        if (isEmpty()) {
            throw new UsageException("which credentials? give names, --label KEY=VALUE or --all");
        }
        return matching(configured);
    }

    boolean isEmpty() {
        return names.isEmpty() && labels.isEmpty() && !all;
    }

    /** @param because what makes choosing pointless */
    void requireNone(String because) {
        if (!isEmpty()) {
            throw new UsageException(because + ", so it takes neither names nor --label nor --all");
        }
    }

    /** The credentials a command that only looks is for: all, where nothing is said. */
    List<ManagedCredential> matching(List<ManagedCredential> configured) {
        if (all && !names.isEmpty()) {
            throw new UsageException("--all and names exclude each other");
        }
        Set<ManagedCredential> chosen = new LinkedHashSet<>();
        if (names.isEmpty()) {
            chosen.addAll(configured);
        }
        for (String name : names) {
            PathMatcher glob = glob(name);
            List<ManagedCredential> matches = configured.stream()
                    .filter(c -> c.name().equals(name) || glob.matches(Path.of(c.name())))
                    .toList();
            if (matches.isEmpty()) {
                throw new UsageException("no credential is called '" + name + "'; there are: "
                        + String.join(
                                ", ",
                                configured.stream()
                                        .map(ManagedCredential::name)
                                        .limit(20)
                                        .toList())
                        + (configured.size() > 20 ? ", ..." : ""));
            }
            chosen.addAll(matches);
        }
        List<ManagedCredential> labelled = chosen.stream()
                .filter(c -> c.labels().entrySet().containsAll(labels.entrySet()))
                .toList();
        if (labelled.isEmpty() && !labels.isEmpty()) {
            throw new UsageException("no credential has the labels " + labels);
        }
        return labelled;
    }

    private static PathMatcher glob(String name) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + name);
        } catch (IllegalArgumentException e) {
            throw new UsageException("'" + name + "' is not a glob: " + e.getMessage());
        }
    }
}
