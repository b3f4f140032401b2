package dev.keyturn.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds the files that {@code include} names: by shell-style globs, relative to the file it stands in, sorted. */
final class Include {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

    private final Path includer;

    /** @param includer as the operator named it; so the names of what it includes are too */
    Include(Path includer) {
        this.includer = includer;
    }

    /** Each file once, in the order of the list, and of their names within a glob; problems where one can't be there. */
    Set<Path> files(Value list) {
        Set<Path> files = new LinkedHashSet<>();
        for (Value item : list.items()) {
            Words.withoutControls(item).ifPresent(glob -> files.addAll(files(item, glob)));
        }
        return files;
    }

    private List<Path> files(Value item, String glob) {
        if (glob.contains("**")) {
            item.reject("** is not supported: name each directory");
            return List.of();
        }
        try {
            FileSystems.getDefault().getPathMatcher("glob:" + glob);
            List<Path> found = expand(Path.of(glob).normalize());
            if (!WILDCARD.matcher(glob).find() && found.stream().noneMatch(Files::exists)) {
                item.reject("there is no file " + found.get(0));
                return List.of();
            }
            return found;
        } catch (InvalidPathException | PatternSyntaxException e) {
            item.reject("is neither a path nor a glob");
        } catch (IOException e) {
            item.reject("can't be looked for: " + e.getMessage());
        }
        return List.of();
    }

    private List<Path> expand(Path glob) throws IOException {
        List<Path> places = List.of(glob.isAbsolute() ? glob.getRoot() : includer.resolveSibling(""));
        for (Path step : glob) {
            List<Path> next = new ArrayList<>();
            for (Path place : places) {
                next.addAll(expand(place, step.toString()));
            }
            places = next;
        }
        return places;
    }

    private List<Path> expand(Path place, String step) throws IOException {
        if (!WILDCARD.matcher(step).find()) {
            return List.of(place.resolve(step));
        }
        List<Path> found = new ArrayList<>();
        Path directory = place.toString().isEmpty() ? Path.of(".") : place;
        if (!Files.isDirectory(directory)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, step)) {
            for (Path entry : entries) {
                // As in a shell: editors leave their own files there. And a glob beside the includer may well match it.
                boolean hidden = entry.getFileName().toString().startsWith(".") && !step.startsWith(".");
                if (!hidden && !(Files.exists(includer) && Files.isSameFile(entry, includer))) {
                    found.add(place.resolve(entry.getFileName()));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        found.sort(null);
        return found;
    }
}
