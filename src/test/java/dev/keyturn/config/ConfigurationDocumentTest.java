package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/configure.md shows is what the loader takes. */
class ConfigurationDocumentTest {
    private static final Path DOCUMENT = Path.of("docs/configure.md");
    private static final Pattern SAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final Pattern PROBLEM = Pattern.compile("(?m)^ {4}(keyturn\\.yaml:12:5: .*)$");

    @TempDir
    Path directory;

    static Stream<String> samples() throws Exception {
        return SAMPLE.matcher(Files.readString(DOCUMENT)).results().map(result -> result.group(1)).toList().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void loadsEverySample(String sample) throws Exception {
        StringBuilder whole = new StringBuilder(sample);
        addUnlessThere(whole, "version:", "version: 1\n");
        addUnlessThere(whole, "dromo:", "dromo: {license_key: {env: KEY}}\n");
        addUnlessThere(whole, "state:", "state: {encryption_key: {env: KEY}}\n");

        Configuration configuration = ConfigLoader.load(write(whole.toString()), ConfigLoaderTest.NOTHING);

        assertThat(configuration.credentials()).hasSize(sample.contains("credentials:") ? 1 : 0);
    }

    @Test
    void quotesAProblemAsItIsPrinted() throws Exception {
        String document = Files.readString(DOCUMENT);
        String problem = PROBLEM.matcher(document)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElseThrow()
                .trim();
        String yaml = "version: 1\ndromo: {license_key: {env: K}}\nstate: {encryption_key: {env: K}}\n" + "\n".repeat(5)
                + "policies:\n  partner-keys:\n    secret: {type: ssh_key}\n    scheduel: {every: 60d}\n";

        Problem printed = refusal(yaml).get(0);

        assertThat(printed.toString()).isEqualTo(problem.replace("keyturn.yaml", printed.file()));
    }

    @Test
    void describesEveryKey() throws Exception {
        String document = Files.readString(DOCUMENT);

        assertThat(Stream.of(
                                ConfigLoader.KEYS,
                                Part.INCLUDED,
                                DromoSection.KEYS,
                                StateSection.KEYS,
                                AuditSection.KEYS,
                                Limits.KEYS,
                                NotifySection.KEYS,
                                NotifySection.Webhook.KEYS,
                                NotifySection.Email.KEYS,
                                NotifySection.Smtp.KEYS,
                                NotifySection.Digest.KEYS,
                                PolicyReader.KEYS,
                                TimingReader.RETRY,
                                HoursReader.WINDOW,
                                HoursReader.BLACKOUT,
                                PolicyReader.VERIFY,
                                ScheduleReader.KEYS,
                                SecretRulesReader.KEYS,
                                CredentialReader.KEYS,
                                CredentialReader.PROBE,
                                HostReader.KEYS,
                                InstallReader.KEYS,
                                InstallReader.AS,
                                References.KEYS)
                        .flatMap(keys -> keys.names().stream())
                        .distinct())
                .allSatisfy(key -> assertThat(document).contains("`" + key + "`"));
    }

    private static void addUnlessThere(StringBuilder yaml, String key, String line) {
        if (!yaml.toString().startsWith(key) && !yaml.toString().contains("\n" + key)) {
            yaml.append(line);
        }
    }

    private List<Problem> refusal(String yaml) throws Exception {
        Path file = write(yaml);
        try {
            ConfigLoader.load(file, ConfigLoaderTest.NOTHING);
            return List.of();
        } catch (InvalidConfigurationException e) {
            return e.problems();
        }
    }

    private Path write(String yaml) throws Exception {
        return Files.writeString(directory.resolve("keyturn.yaml"), yaml);
    }
}
