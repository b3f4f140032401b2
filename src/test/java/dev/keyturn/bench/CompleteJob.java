package dev.keyturn.bench;

import dev.keyturn.realhost.Login;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks whether a contestant did all of its job: a fast run that left something out counts for nothing.
 *
 * <p>For every account: its key is another, the lines around it and the file's mode and owner are what they were, Dromo
 * stores the very key that is installed, and was asked to store it, to show it and to log in with it. For a sample,
 * OpenSSH logs in with what Dromo stores and is refused with the old key.
 */
final class CompleteJob {

    private static final Set<DromoCall> CALLS = Set.of(DromoCall.PUT, DromoCall.RETRIEVE, DromoCall.TEST_CONNECTION);

    private final Fleet fleet;
    private final int sample;

    CompleteJob(Fleet fleet, int sample) {
        this.fleet = fleet;
        this.sample = sample;
    }

    /** @param requests those that Dromo has had from this contestant */
    void check(List<DromoRequest> requests) throws IOException {
        var calls = requests.stream()
                .filter(request -> CALLS.contains(request.call()))
                .collect(Collectors.groupingBy(
                        DromoRequest::credentialId, Collectors.mapping(DromoRequest::call, Collectors.toSet())));
        for (Member member : fleet.members()) {
            require(
                    member,
                    CALLS.equals(calls.get(member.dromoId())),
                    "Dromo was asked " + calls.get(member.dromoId()));
            checkFiles(member);
        }
        int step = Math.max(1, fleet.members().size() / Math.max(1, sample));
        for (int i = 0; i < sample && i * step < fleet.members().size(); i++) {
            checkLogins(fleet.members().get(i * step));
        }
    }

    private void checkFiles(Member member) throws IOException {
        var account = fleet.sshd().account(member.name());
        List<String> lines = account.keys();
        require(member, member.isRotated(lines), "authorized_keys is\n" + String.join("\n", lines));
        Path file = account.authorizedKeys();
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        require(member, mode.equals("rw-------"), "authorized_keys has mode " + mode);
        require(
                member,
                Files.getAttribute(file, "unix:uid").equals(account.uid()),
                "authorized_keys has another owner");
        String stored = fleet.dromo().stored(member.dromoId()).keyFingerprint();
        require(member, fingerprint(Member.newBlob(lines)).equals(stored), "Dromo stores " + stored);
    }

    private void checkLogins(Member member) {
        String stored =
                Objects.requireNonNull(fleet.dromo().stored(member.dromoId()).privateKey());
        Login withStored = fleet.sshd().client().login(member.name(), stored.getBytes(StandardCharsets.UTF_8));
        require(member, withStored == Login.ACCEPTED, "Dromo's key is " + withStored);
        Login withOld = fleet.sshd().client().login(member.name(), member.key().privateKey());
        require(member, withOld == Login.REFUSED, "the old key is " + withOld);
    }

    private static String fingerprint(String blob) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getDecoder().decode(blob));
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void require(Member member, boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("The job is not done for " + member.name() + ": " + otherwise);
        }
    }
}
