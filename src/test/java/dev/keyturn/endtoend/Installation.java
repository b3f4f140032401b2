package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.sandbox.DromoStandIn;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A user's installation of the distribution: a private directory with configuration, secrets, state and audit log. The
 * configuration is written anew whenever something is added to it.
 */
final class Installation implements AutoCloseable {

    private static final Path PROGRAM =
            Path.of(System.getProperty("keyturn.distribution", "target/keyturn"), "bin/keyturn");

    private final Path directory;
    private final DromoStandIn dromo;
    private final Map<String, String> policies = new LinkedHashMap<>();
    private final Map<String, String> credentials = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<Path> secretFiles = new ArrayList<>();
    private final List<Running> started = new ArrayList<>();
    private String limits = "{workers: 16, per_host: 4}";
    private String notify = "";
    private String control = "";
    private Path auditDirectory;
    private int commands;

    Installation(DromoStandIn dromo) {
        this.dromo = dromo;
        try {
            directory = Files.createTempDirectory("keyturn-endtoend-");
            auditDirectory = directory.resolve("audit");
            Files.createDirectory(directory.resolve("tmp"));
            Files.createDirectory(directory.resolve("work"));
            Files.createDirectory(directory.resolve("output"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("LC_ALL", "C");
        environment.put("HOME", directory.resolve("work").toString());
        // Where its socket is while the configuration names none: as under systemd, and out of other daemons' way.
        environment.put("RUNTIME_DIRECTORY", directory.resolve("run").toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        javaOptions("");
        secretFile("license", dromo.licenseKey());
        Ran made = run("init-key", encryptionKey().toString());
        assertThat(made.status()).as(made::toString).isEqualTo(0);
        secretFiles.add(encryptionKey());
        write();
    }

    Path directory() {
        return directory;
    }

    Path configuration() {
        return directory.resolve("keyturn.yaml");
    }

    Path encryptionKey() {
        return directory.resolve("encryption-key");
    }

    Path state() {
        return directory.resolve("state");
    }

    Path audit() {
        return auditDirectory;
    }

    /** @param yaml a flow mapping, such as {@code {secret: {type: ssh_key}}} */
    Installation policy(String name, String yaml) {
        policies.put(name, yaml);
        return write();
    }

    /** The policies most suites need: {@code keys} (ed25519) and {@code passwords}. */
    Installation usualPolicies() {
        policy("keys", "{secret: {type: ssh_key, algorithm: ed25519}}");
        return policy("passwords", "{secret: {type: password}, allow_gap: true}");
    }

    /**
     * Adds a credential of the account's name, or replaces it.
     *
     * @param install a flow mapping, such as {@code {method: authorized_keys}}
     * @param more further entries, such as {@code labels: {team: data}}
     */
    Installation manage(ManagedAccount account, String policy, String install, String... more) {
        return credential(account.name(), account.yaml(policy, install, more));
    }

    /** @param yaml a flow mapping */
    Installation credential(String name, String yaml) {
        credentials.put(name, yaml);
        return write();
    }

    /** Takes it out of the configuration. */
    Installation forget(String name) {
        credentials.remove(name);
        return write();
    }

    Installation limits(String yaml) {
        limits = yaml;
        return write();
    }

    /** @param yaml a flow mapping */
    Installation notify(String yaml) {
        notify = "notify: " + yaml + "\n";
        return write();
    }

    /** @param yaml a flow mapping */
    Installation control(String yaml) {
        control = "control: " + yaml + "\n";
        return write();
    }

    /** Where the daemon listens while the configuration names no socket. */
    Path socket() {
        return directory.resolve("run/control.sock");
    }

    Installation auditIn(Path elsewhere) {
        auditDirectory = elsewhere;
        return write();
    }

    Installation environment(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** A file of mode 0600, whose path is absolute. */
    Path secretFile(String name, byte[] content) {
        Path file = file(name, content, "rw-------");
        secretFiles.add(file);
        return file;
    }

    /** Where secrets are allowed to stand: the files that were there before Keyturn read them. */
    List<Path> secretFiles() {
        return List.copyOf(secretFiles);
    }

    /** Options that a machine's owner gives the JVM besides. */
    Installation javaOptions(String options) {
        return environment("KEYTURN_JAVA_OPTIONS", "-Djava.io.tmpdir=" + directory.resolve("tmp") + " " + options);
    }

    Path secretFile(String name, String content) {
        return secretFile(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Path script(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8), "rwx------");
    }

    /** Hands over what the accounts log in with today, all in one command, and expects that to succeed. */
    void adopt(ManagedAccount... accounts) {
        Ran adopted = run("adopt", "--from", adoptionList(accounts).toString());
        assertThat(adopted.status()).as(adopted::toString).isEqualTo(0);
    }

    Path adoptionList(ManagedAccount... accounts) {
        StringBuilder csv = new StringBuilder("credential,private_key_file,password_file\n");
        for (ManagedAccount account : accounts) {
            Path secret = secretFile("old-" + account.name(), account.oldSecret());
            csv.append(account.name()).append(account.isKey() ? "," + secret + ",\n" : ",," + secret + "\n");
        }
        return secretFile("adopt.csv", csv.toString());
    }

    /** Runs a command to its end. */
    Ran run(String... words) {
        return start(words).ended();
    }

    /** As though the quarter of an hour had passed in which refused logins count; no command may run. */
    void forgetRefusedLogins() {
        changeStore("DELETE FROM refused_login");
    }

    /** As if all that the store knows of its credentials had happened so much earlier, at one instant. */
    void timePasses(Duration time) {
        String then = Instant.now().minus(time).toString();
        changeStore("UPDATE credential SET first_seen_at = '" + then + "', adopted_at = '" + then
                + "', scheduled_since = '" + then + "'");
    }

    private void changeStore(String sql) {
        try (Connection store = DriverManager.getConnection("jdbc:sqlite:" + state().resolve("keyturn.db"));
                Statement statement = store.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("can't change the store", e);
        }
    }

    /** Checks the audit log, as an auditor does. */
    void assertAuditVerifies() {
        Ran verified = run("audit", "verify");
        assertThat(verified.status()).as(verified::toString).isEqualTo(0);
    }

    Running start(String... words) {
        return start(List.of(), words);
    }

    /** As the leader of a process group, so that it can be killed with everything it has started. */
    Running startAsGroup(String... words) {
        return start(List.of("/usr/bin/setsid"), words);
    }

    /** As somebody else, who is in the group that the socket is given to. */
    Running startAs(int uid, int gid, String... words) {
        return start(
                List.of(
                        "/usr/bin/setpriv",
                        "--reuid",
                        String.valueOf(uid),
                        "--regid",
                        String.valueOf(gid),
                        "--clear-groups"),
                words);
    }

    private Running start(List<String> before, String... words) {
        List<String> command = new ArrayList<>(before);
        command.add(PROGRAM.toAbsolutePath().toString());
        command.addAll(List.of("--config", configuration().toString()));
        command.addAll(List.of(words));
        try {
            String name = "output/" + commands++;
            Path out = Files.createFile(directory.resolve(name + ".out"));
            Path err = Files.createFile(directory.resolve(name + ".err"));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.resolve("work").toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Running running = new Running(List.of(words), builder.start(), out, err);
            started.add(running);
            return running;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't run " + command, e);
        }
    }

    /** Kills what still runs and removes everything. */
    @Override
    public void close() {
        started.forEach(Running::close);
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove " + directory, e);
        }
    }

    private Installation write() {
        StringBuilder yaml = new StringBuilder("version: 1\n");
        yaml.append("dromo:\n  url: ").append(dromo.url()).append('\n');
        yaml.append("  license_key: {file: license}\n  timeout: 3m\n  requests_per_second: 1000\n");
        yaml.append("state: {encryption_key: {file: encryption-key}, directory: state}\n");
        yaml.append("audit: {directory: ").append(auditDirectory).append("}\n");
        yaml.append(control);
        yaml.append("limits: ").append(limits).append('\n');
        yaml.append(notify);
        append(yaml, "policies", policies);
        append(yaml, "credentials", credentials);
        file("keyturn.yaml", yaml.toString().getBytes(StandardCharsets.UTF_8), "rw-------");
        return this;
    }

    private static void append(StringBuilder yaml, String section, Map<String, String> entries) {
        if (!entries.isEmpty()) {
            yaml.append(section).append(":\n");
            entries.forEach((name, entry) ->
                    yaml.append("  ").append(name).append(": ").append(entry).append('\n'));
        }
    }

    private Path file(String name, byte[] content, String mode) {
        try {
            Path file = directory.resolve(name);
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, content);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
