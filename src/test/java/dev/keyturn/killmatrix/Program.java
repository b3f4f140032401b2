package dev.keyturn.killmatrix;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * How to start the product: the distribution's jars with a main class that can be stopped at each point. A class-data
 * archive saves a third of what a start costs; it takes jars alone, so the main class is packed into one.
 */
final class Program implements AutoCloseable {
    private static final String MAIN = "dev.keyturn.cli.MortalKeyturn";
    /** Those of the launcher for a command that lives for seconds, with memory for several commands side by side. */
    private static final List<String> JVM = List.of(
            "-Xms64m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            // Standard output has the answers; a newer JVM warns there of an archive that it doesn't take.
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "-Djava.awt.headless=true");

    private final Path distribution = Path.of(System.getProperty("keyturn.distribution", "target/keyturn"));
    private final Path directory;
    private final Path jar;
    private final Path archive;

    Program() {
        try {
            directory = Files.createTempDirectory("keyturn-mortal-");
            jar = directory.resolve("mortal.jar");
            archive = directory.resolve("classes.jsa");
            pack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pack() throws IOException {
        Path classes = distribution.resolveSibling("test-classes");
        Path room = classes.resolve(MAIN.replace('.', '/')).getParent();
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                DirectoryStream<Path> all = Files.newDirectoryStream(room, "MortalKeyturn*.class")) {
            for (Path each : all) {
                out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
    }

    /** Makes the archive of what a rotation and its recovery load. */
    Program warmedUp() {
        try (Mortal keyturn = Mortal.start(this, "-XX:ArchiveClassesAtExit=" + archive);
                World world = World.open(keyturn, Kind.ALL.get(0), false)) {
            keyturn.mustRun(world, "rotate acme");
            keyturn.mustRun(world, "recover");
            keyturn.end();
        }
        return this;
    }

    /** For what a process complains of. */
    Path newFile() {
        try {
            return Files.createTempFile(directory, "stderr-", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> command(String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(JVM);
        if (Files.exists(archive)) {
            command.add("-XX:SharedArchiveFile=" + archive);
        }
        command.addAll(List.of(options));
        command.add("-Djava.io.tmpdir=" + directory);
        command.addAll(List.of("-cp", jar + ":" + distribution.resolve("lib") + "/*", MAIN));
        return command;
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
