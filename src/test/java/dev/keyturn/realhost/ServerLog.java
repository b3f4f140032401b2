package dev.keyturn.realhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server wrote about itself so far, read anew each time it is asked. */
final class ServerLog {

    private final Path file;

    ServerLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    long length() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return textFrom(0);
    }

    String textFrom(long offset) {
        try {
            byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            int from = (int) Math.min(offset, bytes.length);
            return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Logins logins(String account) {
        Matcher line = Pattern.compile("(?m)^(Accepted|Partial|Failed) (?!none )\\S+ for (?:invalid user )?"
                        + Pattern.quote(account) + " from ")
                .matcher(text());
        int accepted = 0;
        int partial = 0;
        int failed = 0;
        while (line.find()) {
            switch (line.group(1)) {
                case "Accepted" -> accepted++;
                case "Partial" -> partial++;
                default -> failed++;
            }
        }
        return new Logins(accepted, partial, failed);
    }
}
