package dev.keyturn.killmatrix;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoCredential;
import dev.keyturn.sandbox.DromoStandIn;
import dev.keyturn.sandbox.HostEvent;
import dev.keyturn.sandbox.HostStep;
import dev.keyturn.sandbox.SftpAccount;
import dev.keyturn.sandbox.SftpFault;
import dev.keyturn.sandbox.SftpStandIn;
import dev.keyturn.sandbox.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One credential, {@code acme}, with its host, Dromo, configuration and store. Outlives the processes that work on it. */
final class World implements AutoCloseable {
    static final String USER = "acme";
    /** The account that takes turns with it, where one does. */
    static final String OTHER_USER = "acme-2";

    static final String KEYS_FILE = "/home/acme/.ssh/authorized_keys";
    static final String ADMINISTRATOR = "{user: admin, private_key: {file: admin-key}}";
    static final Duration OVERLAP_IS_OVER = Duration.ofHours(2);
    /** Longer than a refused login counts. A real account is not rotated every other second. */
    static final Duration UNTIL_REFUSALS_ARE_FORGOTTEN = Duration.ofMinutes(16);

    static final String REMOTE = "DONE_";

    private static final Set<HostStep> CHANGES = EnumSet.of(
            HostStep.CREATE,
            HostStep.WRITE,
            HostStep.ATTRIBUTES,
            HostStep.RENAME,
            HostStep.REMOVE,
            HostStep.MAKE_DIRECTORY,
            HostStep.PASSWORD);

    private final Kind kind;
    private final Path directory;
    private final SftpStandIn host;
    private final DromoStandIn dromo;
    private final SftpAccount account;
    private final List<SftpAccount> accounts = new ArrayList<>();
    private final HostApi api;
    private final String dromoId;
    private final String foreignLine = KeyFiles.make("ed25519").publicLine();
    private volatile Consumer<String> remote = point -> {};
    private Duration shift = Duration.ZERO;

    private World(Kind kind, boolean overlap) throws IOException {
        this.kind = kind;
        directory = Files.createTempDirectory("keyturn-kill-");
        host = SftpStandIn.start();
        dromo = DromoStandIn.start();
        account = host.account(USER).withKey(foreignLine);
        accounts.add(account);
        if (kind.alternates()) {
            accounts.add(host.account(OTHER_USER));
        }
        api = new HostApi(account, this::done);
        KeyFiles administrator = KeyFiles.make("ed25519");
        host.account("admin").withKey(administrator.publicLine()).asAdministrator();
        secretFile("admin-key", administrator.privateKey());
        secretFile("license", dromo.licenseKey().getBytes(StandardCharsets.US_ASCII));
        dromoId = kind.isKey() ? seedKey() : seedPassword();
        configure(overlap);
        clearTrouble();
    }

    /** With the credential in use adopted. */
    static World open(Mortal keyturn, Kind kind, boolean overlap) {
        try {
            World world = new World(kind, overlap);
            try {
                world.adopt(keyturn);
                return world;
            } catch (RuntimeException e) {
                world.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void adopt(Mortal keyturn) {
        keyturn.mustRun(this, "init-key " + encryptionKey());
        Path old = directory.resolve("old");
        if (kind.isKey()) {
            keyturn.mustRun(this, "adopt acme --private-key-file " + old);
        } else {
            keyturn.mustRun(this, "adopt acme --password-file " + old);
        }
        if (kind.alternates()) {
            keyturn.mustRun(
                    this, "adopt acme --user " + OTHER_USER + " --password-file " + directory.resolve("old-of-other"));
        }
    }

    private String seedKey() throws IOException {
        KeyFiles key = KeyFiles.make("ed25519");
        secretFile("old", key.privateKey());
        secretFile("old.pub", key.publicLine().getBytes(StandardCharsets.US_ASCII));
        account.withKey("restrict " + key.publicLine());
        String text = new String(key.privateKey(), StandardCharsets.US_ASCII);
        return dromo.seed(DromoCredential.ofKey(host.hostname(), host.port(), USER, text));
    }

    private String seedPassword() throws IOException {
        String password = "Old-words-of-acme-1";
        secretFile("old", password.getBytes(StandardCharsets.US_ASCII));
        account.withPassword(password);
        if (kind.alternates()) {
            String other = "Old-words-of-acme-2";
            secretFile("old-of-other", other.getBytes(StandardCharsets.US_ASCII));
            accounts.get(1).withPassword(other);
        }
        return dromo.seed(DromoCredential.ofPassword(host.hostname(), host.port(), USER, password));
    }

    private void configure(boolean overlap) throws IOException {
        String policy = kind.isKey()
                ? "secret: {type: ssh_key, algorithm: ed25519}"
                : "secret: {type: password}" + (kind.alternates() ? "" : ", allow_gap: true");
        String user = kind.alternates() ? "" : ", user: " + USER;
        String alternate = kind.alternates() ? ", alternate: {users: [" + USER + ", " + OTHER_USER + "]}" : "";
        String yaml = """
                version: 1
                dromo: {url: "%s", license_key: {file: license}, timeout: 60s, requests_per_second: 1000}
                state: {encryption_key: {file: encryption-key}, directory: state}
                audit: {directory: audit}
                control: {socket: control.sock}
                policies:
                  policy: {%s}
                credentials:
                  acme: {policy: policy, dromo_id: %s, host: {hostname: %s, port: %d%s, host_key: "%s"}, install: %s%s}
                """.formatted(
                        dromo.url(),
                        policy + (overlap ? ", overlap: 1h" : ""),
                        dromoId,
                        host.hostname(),
                        host.port(),
                        user,
                        host.hostKeyFingerprint(),
                        kind.install().apply(this),
                        alternate);
        Files.writeString(configuration(), yaml);
    }

    private void secretFile(String name, byte[] content) throws IOException {
        Path file = Files.createFile(
                directory.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, content);
    }

    Kind kind() {
        return kind;
    }

    Path directory() {
        return directory;
    }

    /** What the commands printed; the name is the world's own. */
    Path said() {
        return directory.resolve("said");
    }

    String whatWasSaid() {
        try {
            return Files.exists(said()) ? Files.readString(said()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forgetWhatWasSaid() {
        try {
            Files.deleteIfExists(said());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path configuration() {
        return directory.resolve("keyturn.yaml");
    }

    Path encryptionKey() {
        return directory.resolve("encryption-key");
    }

    Path database() {
        return directory.resolve("state/keyturn.db");
    }

    Path audit() {
        return directory.resolve("audit/audit.jsonl");
    }

    DromoStandIn dromo() {
        return dromo;
    }

    HostApi api() {
        return api;
    }

    DromoCredential inDromo() {
        return dromo.stored(dromoId);
    }

    /** The key lines on the host, without the one that was never ours. */
    List<String> keyLines() {
        return account.authorizedKeys()
                .lines()
                .filter(line -> !line.equals(foreignLine))
                .toList();
    }

    boolean hasForeignLine() {
        return account.authorizedKeys().lines().filter(foreignLine::equals).count() == 1;
    }

    void addKeyLine(String line) {
        account.withKey(line);
    }

    /** Whatever stands beside it on its line. */
    void removeKey(String publicLine) {
        String blob = publicLine.split(" ")[1];
        try {
            List<String> others = Files.readAllLines(account.keysFile()).stream()
                    .filter(line -> !line.contains(blob))
                    .toList();
            Files.write(account.keysFile(), others);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void putIntoDromo(String privateKey) {
        dromo.seed(DromoCredential.ofKey(host.hostname(), host.port(), USER, privateKey)
                .withId(dromoId));
    }

    void putPasswordOnHost(String user, String password) {
        accounts.stream().filter(each -> each.user().equals(user)).forEach(each -> each.withPassword(password));
    }

    /** What the host has, by user; empty for keys. */
    Map<String, String> passwords() {
        Map<String, String> passwords = new TreeMap<>();
        for (SftpAccount each : accounts) {
            String password = each.password();
            if (password != null) {
                passwords.put(each.user(), password);
            }
        }
        return passwords;
    }

    Before before() {
        return new Before(inDromo(), passwords());
    }

    /** How far the clock of the next command is put forward. */
    Duration shift() {
        return shift;
    }

    void pass(Duration time) {
        shift = shift.plus(time);
    }

    /** From now on nothing goes wrong on the other side. */
    void clearTrouble() {
        dromo.faults().clear();
        dromo.faults().always(DromoCall.ANY, exchange -> {
            var answer = exchange.proceed();
            done("DROMO_" + exchange.request().call());
            return answer;
        });
        host.faults().clear();
        host.faults().always(new SftpFault() {
            @Override
            public @Nullable Trouble during(HostEvent event) {
                return event.done() && CHANGES.contains(event.step())
                        ? connection -> done("HOST_" + event.step())
                        : null;
            }
        });
    }

    /** From now on {@code watch} is told what host and Dromo have done and not answered yet. */
    void watchRemote(Consumer<String> watch) {
        remote = watch;
    }

    private void done(String what) {
        remote.accept(REMOTE + what);
    }

    @Override
    public void close() {
        try (dromo;
                host;
                api;
                Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
