package dev.keyturn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A program that was run to its end, with an environment of its own and its output in files. */
record Program(Duration time, String output) {

    /**
     * @param directory its working directory and HOME; gets the files {@code stdout} and {@code stderr}
     * @throws IllegalStateException where it ends with anything but 0
     */
    static Program run(Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = directory.resolve("stdout");
        Path errors = directory.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        int status = builder.start().waitFor();
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        if (status != 0) {
            throw new IllegalStateException(command + " ended with " + status + "\n" + tail(errors) + tail(output));
        }
        return new Program(time, Files.readString(output));
    }

    private static String tail(Path file) throws IOException {
        String text = Files.readString(file);
        return text.substring(Math.max(0, text.length() - 4000));
    }
}
