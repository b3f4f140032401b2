package dev.keyturn.bench;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RealSshd;
import dev.keyturn.sandbox.DromoStandIn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Many accounts on one sshd, Dromo's record of each, and the files from which the contestants know them. One sshd and
 * one Dromo serve all contestants; {@link #reset()} puts both back to where they were.
 */
final class Fleet implements AutoCloseable {

    private final List<Member> members;
    private final RealSshd sshd;
    private final DromoStandIn dromo;

    private Fleet(List<Member> members, RealSshd sshd, DromoStandIn dromo) {
        this.members = members;
        this.sshd = sshd;
        this.dromo = dromo;
    }

    static Fleet start(int accounts) throws IOException {
        List<Member> members = IntStream.range(0, accounts)
                .parallel()
                .mapToObj(i -> new Member(
                        String.format(Locale.ROOT, "acct-%05d", i),
                        UUID.randomUUID().toString(),
                        KeyFiles.make("ed25519")))
                .toList();
        // One refusal is what drops a connection here: raised for all alike, and far above what any of them opens.
        RealSshd sshd = RealSshd.builder()
                .option("MaxStartups 100:30:200")
                .accounts(members.stream()
                        .map(member -> NewAccount.shell(member.name())
                                .withKey(member.linesBefore().toArray(String[]::new)))
                        .toList())
                .start();
        try {
            return new Fleet(
                    members, sshd, DromoStandIn.options().withoutLogin().start());
        } catch (IOException | RuntimeException e) {
            sshd.close();
            throw e;
        }
    }

    List<Member> members() {
        return members;
    }

    RealSshd sshd() {
        return sshd;
    }

    DromoStandIn dromo() {
        return dromo;
    }

    /** Ends every session, and makes keys and records what they were at the start. */
    void reset() {
        sshd.stop();
        for (Member member : members) {
            member.reset(sshd.account(member.name()));
            dromo.seed(member.dromoBefore(sshd));
        }
        sshd.start();
    }

    /** Writes what the contestants read, into a directory that is there; see the comment at the top of rotate.sh. */
    void writeTo(Path directory) throws IOException {
        Path keys = Files.createDirectory(directory.resolve("keys"));
        for (Member member : members) {
            secret(keys.resolve(member.name()), member.key().privateKey());
            Files.writeString(keys.resolve(member.name() + ".pub"), member.key().publicLine() + "\n");
        }
        secret(directory.resolve("stranger"), KeyFiles.make("ed25519").privateKey());
        Files.writeString(
                directory.resolve("fleet"),
                members.stream()
                        .map(member -> member.name() + " " + member.dromoId() + "\n")
                        .collect(Collectors.joining()));
        Files.writeString(
                directory.resolve("known_hosts"), "[" + sshd.host() + "]:" + sshd.port() + " " + sshd.hostKey() + "\n");
        secret(
                directory.resolve("license-header"),
                ("X-Dromo-License-Key: " + dromo.licenseKey() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        try (dromo) {
            sshd.close();
        }
    }

    static void secret(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
