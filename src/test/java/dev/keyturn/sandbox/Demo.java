package dev.keyturn.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Runs the product's main job for a newcomer: the real command line, against an SFTP host and a Dromo that live in this
 * process. Ends with 0 only if every command succeeded and an independent client finds host and Dromo as they should be.
 */
public final class Demo {
    private static final String ORDERS_ID = "ee5d0e45-b098-47bc-8217-e93790243dfa";
    private static final String ARCHIVE_ID = "7b1f7b9e-0f0e-4a53-9d5c-0f6d8f4f2f10";
    private static final String SOMEBODY_ELSES_LINE = "# somebody else's line stays as it is";

    private final Path keyturn;
    private final Path directory;
    private final List<String> broken = new ArrayList<>();

    private Demo(Path keyturn, Path directory) {
        this.keyturn = keyturn;
        this.directory = directory;
    }

    /** @param arguments the launcher's path */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("keyturn-demo-");
        int status;
        try {
            status = new Demo(Path.of(arguments[0]).toAbsolutePath(), directory).run();
        } finally {
            delete(directory);
        }
        System.exit(status);
    }

    private int run() throws Exception {
        OpensshKeys oldKey = OpensshKeys.ed25519();
        OpensshKeys administratorKey = OpensshKeys.ed25519();
        String oldPassword = "correct-horse-battery-staple";
        try (SftpStandIn host = SftpStandIn.start();
                DromoStandIn dromo = DromoStandIn.start()) {
            SftpAccount orders = host.account("orders").withDirectory("uploads");
            orders.withKey(SOMEBODY_ELSES_LINE).withKey("restrict " + oldKey.publicLine());
            host.account("archive").withPassword(oldPassword).withDirectory("incoming");
            host.account("keyturn-admin").withKey(administratorKey.publicLine()).asAdministrator();
            DromoCredential oldOrders =
                    DromoCredential.ofKey(host.hostname(), host.port(), "orders", oldKey.privateKey());
            DromoCredential oldArchive =
                    DromoCredential.ofPassword(host.hostname(), host.port(), "archive", oldPassword);
            dromo.seed(oldOrders.withId(ORDERS_ID));
            dromo.seed(oldArchive.withId(ARCHIVE_ID));
            dromo.seed(DromoConnector.of(ORDERS_ID, "uploads"));
            dromo.seed(DromoConnector.of(ARCHIVE_ID, "incoming"));
            secret("license-key", dromo.licenseKey());
            secret("admin-key", administratorKey.privateKey());
            secret("orders-key-of-today", oldKey.privateKey());
            secret("archive-password-of-today", oldPassword);
            Files.writeString(directory.resolve("keyturn.yaml"), configuration(host, dromo));

            title("Two SFTP accounts and their credentials in Dromo, on stand-ins at " + host.hostname() + ":"
                    + host.port() + " and " + dromo.url());
            keyturn("init-key", directory.resolve("keyturn.key").toString());
            keyturn("check");
            keyturn("adopt", "orders", "--private-key-file", file("orders-key-of-today"));
            keyturn("adopt", "archive", "--password-file", file("archive-password-of-today"));
            keyturn("check", "--online");
            keyturn("rotate", "orders", "--reason", "demo");
            keyturn("rotate", "archive", "--reason", "demo");
            keyturn("status");
            keyturn("audit", "show");
            keyturn("audit", "verify");

            title("An independent client looks: Apache MINA SSHD's, not Keyturn's");
            prove("the key in Dromo logs in", dromo.stored(ORDERS_ID), List.of("uploads"), true);
            prove("the old key is dead", oldOrders, List.of("."), false);
            prove("the password in Dromo logs in", dromo.stored(ARCHIVE_ID), List.of("incoming"), true);
            prove("the old password is dead", oldArchive, List.of("."), false);
            check(
                    "Dromo's key is a new one",
                    !oldKey.fingerprint().equals(dromo.stored(ORDERS_ID).keyFingerprint()));
            check(
                    "the new line kept the old one's options, and the other line is untouched",
                    orders.authorizedKeys().contains(SOMEBODY_ELSES_LINE + "\n")
                            && orders.authorizedKeys().contains("restrict ssh-ed25519 ")
                            && orders.authorizedKeys().lines().count() == 2);
        }
        if (broken.isEmpty()) {
            title("All of it held.");
            return 0;
        }
        title("NOT all of it held:");
        broken.forEach(System.out::println);
        return 1;
    }

    private String configuration(SftpStandIn host, DromoStandIn dromo) {
        return """
                version: 1
                dromo:
                  url: %s
                  license_key: {file: license-key}
                state:
                  encryption_key: {file: keyturn.key}
                  directory: state
                audit: {directory: audit}
                policies:
                  keys:
                    secret: {type: ssh_key, algorithm: ed25519}
                    schedule: {cron: "0 3 * * SUN", zone: Europe/Berlin}
                  passwords:
                    secret: {type: password, length: 40}
                    schedule: {every: 60d}
                    allow_gap: true
                credentials:
                  orders:
                    policy: keys
                    dromo_id: %s
                    host: {hostname: %s, port: %d, user: orders, host_key: "%s"}
                    install: {method: authorized_keys}
                  archive:
                    policy: passwords
                    dromo_id: %s
                    host: {hostname: %s, port: %d, user: archive, host_key: "%s"}
                    install: {method: chpasswd, as: {user: keyturn-admin, private_key: {file: admin-key}}}
                """.formatted(
                        dromo.url(),
                        ORDERS_ID,
                        host.hostname(),
                        host.port(),
                        host.hostKeyFingerprint(),
                        ARCHIVE_ID,
                        host.hostname(),
                        host.port(),
                        host.hostKeyFingerprint());
    }

    private void keyturn(String... arguments) throws IOException, InterruptedException {
        title("$ keyturn " + String.join(" ", arguments).replace(directory + "/", ""));
        List<String> command = new ArrayList<>();
        command.add(keyturn.toString());
        command.add("--config");
        command.add(file("keyturn.yaml"));
        command.addAll(List.of(arguments));
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            broken.add("keyturn " + arguments[0] + " ended with " + status);
        }
    }

    private void prove(String what, DromoCredential credential, List<String> directories, boolean expected) {
        try (RealLogin login = new RealLogin()) {
            String refusal = login.tryOut(credential, directories);
            boolean refused = "Authentication failed".equals(refusal);
            check(what, expected ? refusal == null : refused);
        }
    }

    private void check(String what, boolean held) {
        System.out.println((held ? "  ok      " : "  BROKEN  ") + what);
        if (!held) {
            broken.add(what);
        }
    }

    private static void title(String text) {
        System.out.println();
        System.out.println(text);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private void secret(String name, String text) throws IOException {
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rw-------");
        Path file = Files.createFile(directory.resolve(name), PosixFilePermissions.asFileAttribute(ownerOnly));
        Files.writeString(file, text);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
