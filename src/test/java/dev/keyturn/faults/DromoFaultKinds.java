package dev.keyturn.faults;

import static dev.keyturn.sandbox.DromoCall.CONNECTORS;
import static dev.keyturn.sandbox.DromoCall.PUT;
import static dev.keyturn.sandbox.DromoCall.RETRIEVE;
import static dev.keyturn.sandbox.DromoCall.TEST_CONNECTION;
import static dev.keyturn.sandbox.DromoFault.field;
import static dev.keyturn.sandbox.DromoFault.refusal;

import dev.keyturn.faults.FaultKind.OfDromo;
import dev.keyturn.faults.FaultKind.OfState;
import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What can go wrong with Dromo. */
final class DromoFaultKinds {
    private static final int TOO_LARGE = 1_100_000;

    /** Of a hundred bytes one after the other, longer than {@link FaultWorld#IMPATIENT}. */
    private static final Duration SLOW = Duration.ofMillis(80);

    private DromoFaultKinds() {}

    static final List<FaultKind> ALL = Stream.of(noAnswer(), refusals(), damage(), lies(), tls())
            .flatMap(List::stream)
            .toList();

    private static List<FaultKind> noAnswer() {
        return List.of(
                any("timeout", DromoFault.timeoutBefore()).hanging(),
                put("timeout after the change", DromoFault.timeoutAfter()).hanging(),
                any("connection reset", DromoFault.resetBefore()),
                put("connection reset after the change", DromoFault.resetAfter()),
                any("slow bytes, past the timeout", DromoFault.slowBytes(SLOW)).hanging(),
                any("slow start, within the timeout", DromoFault.slowStart(SLOW)));
    }

    private static List<FaultKind> refusals() {
        return List.of(
                any("400", refusal(400, "Invalid.")),
                put("400 after the change", DromoFault.statusAfter(400, DromoFault.JSON, "{\"detail\":\"Invalid.\"}")),
                any("401", refusal(401, "Authentication credentials were not provided.")),
                any("403", refusal(403, "Invalid license key.")),
                any("404", refusal(404, "Not found.")),
                any("409", refusal(409, "Conflict.")),
                any("429 without Retry-After", DromoFault.tooManyRequests()),
                any("429 with Retry-After of 2 s", DromoFault.tooManyRequests(Duration.ofSeconds(2))),
                any("429 with Retry-After of 1 h", DromoFault.tooManyRequests(Duration.ofHours(1))),
                any("500", refusal(500, "Server error.")),
                any("502 with HTML", DromoFault.html502()),
                put("502 with HTML after the change", DromoFault.html502After()),
                any("503", DromoFault.status(503, Map.of("Content-Type", "text/html"), "<h1>Maintenance</h1>")),
                any("redirect to another origin", DromoFault.redirect(302, "https://login.invalid/")),
                any("redirect that keeps the method", DromoFault.redirect(308, "/api/v2/headless/sftp/")));
    }

    private static List<FaultKind> damage() {
        return List.of(
                any("truncated body", DromoFault.truncatedBody()),
                any("oversized body", DromoFault.oversizedBody(TOO_LARGE)),
                any("empty body", DromoFault.emptyBody()),
                any("body that is not JSON", DromoFault.notJson()),
                any("body of another type", DromoFault.wrongTypedBody()));
    }

    private static List<FaultKind> lies() {
        return List.of(
                record("wrong fingerprint", DromoFault.wrongFingerprint()),
                record("missing fingerprint", DromoFault.missingFingerprint()),
                record("padded fingerprint", DromoFault.paddedFingerprint()),
                record("wrong user", DromoFault.wrongUser()),
                record("wrong hostname", field("hostname", "sftp.invalid")),
                record("wrong port", field("port", 2)),
                record("wrong id", field("id", "00000000-0000-4000-8000-000000000000")),
                record("wrong auth_type", DromoFault.wrongAuthType()),
                new OfDromo("stale read", Set.of(RETRIEVE), DromoFault.staleRead()),
                put("change forgotten", DromoFault.lostWrite()),
                new OfDromo("login fails", Set.of(TEST_CONNECTION), DromoFault.testFails("Network unreachable")),
                new OfDromo("success without a login", Set.of(TEST_CONNECTION), DromoFault.testLies()));
    }

    private static List<FaultKind> tls() {
        return List.of(
                certificate("certificate for another name", Certificates.FOR_ANOTHER_NAME),
                certificate("expired certificate", Certificates.EXPIRED),
                certificate("certificate of an unknown issuer", Certificates.OF_UNKNOWN_ISSUER));
    }

    private static OfDromo any(String name, DromoFault fault) {
        return new OfDromo(name, Set.of(RETRIEVE, CONNECTORS, PUT, TEST_CONNECTION), fault);
    }

    private static OfDromo put(String name, DromoFault fault) {
        return new OfDromo(name, Set.of(PUT), fault);
    }

    private static OfDromo record(String name, DromoFault fault) {
        return new OfDromo(name, Set.of(DromoCall.PUT, RETRIEVE), fault);
    }

    private static FaultKind certificate(String name, Certificates certificate) {
        return new OfState(name, Moment::ofDromo, world -> world.dromo().present(certificate.certificate()));
    }
}
