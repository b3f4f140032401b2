package dev.keyturn.faults;

import static dev.keyturn.sandbox.SftpFault.after;
import static dev.keyturn.sandbox.SftpFault.before;
import static dev.keyturn.sandbox.SftpFault.hangAfter;
import static dev.keyturn.sandbox.SftpFault.hangBefore;
import static dev.keyturn.sandbox.SftpFault.meanwhile;
import static dev.keyturn.sandbox.SftpFault.resetAfter;
import static dev.keyturn.sandbox.SftpFault.resetBefore;

import dev.keyturn.faults.FaultKind.OfHost;
import dev.keyturn.faults.FaultKind.OfState;
import dev.keyturn.sandbox.HostStep;
import dev.keyturn.sandbox.SftpAccount.Expiry;
import dev.keyturn.sandbox.SftpFault;
import dev.keyturn.sandbox.SftpStandIn;
import dev.keyturn.sandbox.Trouble;
import dev.keyturn.sandbox.Welcome;
import dev.keyturn.secret.AuthType;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What can go wrong with an SFTP host. */
final class HostFaultKinds {
    /** The host's banner is about 30 bytes, its part of the key exchange ends before 2000. */
    private static final long IN_THE_KEY_EXCHANGE = 600;

    private static final Trouble FAILURE = Trouble.failure(new IOException("Input/output error"));

    private HostFaultKinds() {}

    static final List<FaultKind> ALL = Stream.of(connections(), logins(), files(), administrators(), passwords())
            .flatMap(List::stream)
            .toList();

    private static List<FaultKind> connections() {
        return List.of(
                new OfState(
                        "connection refused",
                        Moment::ofHost,
                        world -> world.host().refuseConnections()),
                any("reset on connecting", SftpFault.resetOnConnect()),
                any("MaxStartups: closed before the banner", SftpFault.maxStartups(0)),
                any("closed without a word", SftpFault.onConnect(Welcome.dismissal(""))),
                any("hang before the banner", SftpFault.hangOnConnect()).hanging(),
                any("reset in the key exchange", resetAfter(IN_THE_KEY_EXCHANGE)),
                any("hang in the key exchange", hangAfter(IN_THE_KEY_EXCHANGE)).hanging(),
                any("another host key", SftpFault.anotherKey()));
    }

    private static List<FaultKind> logins() {
        return List.of(
                any("locked account", SftpFault.lockedAccount(FaultWorld.USER)),
                any("any credential is accepted", SftpFault.acceptAnyCredential()),
                any("partial: a second method is demanded", SftpFault.demands("publickey,keyboard-interactive")),
                any("reset before the login", resetBefore(HostStep.LOGIN)),
                any("reset after the login", resetAfter(HostStep.LOGIN)),
                any("hang in the login", hangBefore(HostStep.LOGIN)).hanging(),
                any("slow login", before(HostStep.LOGIN, Trouble.delay(Duration.ofMillis(50)))),
                any("no SFTP subsystem", before(HostStep.SFTP, FAILURE)),
                any("hang when opening SFTP", hangBefore(HostStep.SFTP)).hanging(),
                new OfState("password expired, told after the login", Moment::ofHost, expired(Expiry.AFTER_LOGIN)));
    }

    private static List<FaultKind> files() {
        return List.of(
                file("authorized_keys unreadable", SftpFault.unreadable("authorized_keys")),
                file("reset while reading", resetBefore(HostStep.READ)),
                file("hang while reading", hangBefore(HostStep.READ)).hanging(),
                file("full disk", SftpFault.diskFull()),
                file("read-only directory", SftpFault.readOnly(".ssh")),
                file("reset while writing", resetBefore(HostStep.WRITE)),
                file("hang while writing", hangBefore(HostStep.WRITE)).hanging(),
                file("mode can't be set", before(HostStep.ATTRIBUTES, FAILURE)),
                file("no posix-rename", SftpFault.noPosixRename()),
                file("rename fails", before(HostStep.RENAME, FAILURE)),
                file("reset before the rename", resetBefore(HostStep.RENAME)),
                file("reset after the rename", resetAfter(HostStep.RENAME)),
                file("hang after the rename", hangAfter(HostStep.RENAME)).hanging());
    }

    /** Somebody with an editor at the same moment. */
    private static List<FaultKind> administrators() {
        return List.of(
                file("edit by another while writing", world -> meanwhile(HostStep.WRITE, world.editor()::addLine)),
                file(
                        "edit by another after the rename",
                        world -> after(
                                HostStep.RENAME, connection -> world.editor().addLine())),
                file("former version saved over the new", world -> {
                    world.editor().open();
                    return after(HostStep.RENAME, connection -> world.editor().save());
                }));
    }

    private static List<FaultKind> passwords() {
        return List.of(
                password("password change fails", before(HostStep.PASSWORD, FAILURE)),
                password("reset before the password change", resetBefore(HostStep.PASSWORD)),
                password("reset after the password change", resetAfter(HostStep.PASSWORD)),
                password("hang after the password change", hangAfter(HostStep.PASSWORD))
                        .hanging(),
                new OfState(
                        "password expired, told in the login",
                        secret -> secret == AuthType.PASSWORD ? Moment.ofHost(secret) : List.of(),
                        expired(Expiry.AT_LOGIN)));
    }

    private static OfState.Change expired(Expiry effect) {
        return world -> world.account().withExpiredPassword(effect);
    }

    /** Ends what {@link SftpStandIn#faults} don't. */
    static void heal(FaultWorld world) throws IOException {
        world.host().acceptConnections();
        world.account().withExpiredPassword(Expiry.NONE);
    }

    private static OfHost any(String name, SftpFault fault) {
        return new OfHost(name, EnumSet.allOf(AuthType.class), world -> fault);
    }

    private static OfHost file(String name, SftpFault fault) {
        return file(name, world -> fault);
    }

    private static OfHost file(String name, Function<FaultWorld, SftpFault> fault) {
        return new OfHost(name, Set.of(AuthType.KEY), fault);
    }

    private static OfHost password(String name, SftpFault fault) {
        return new OfHost(name, Set.of(AuthType.PASSWORD), world -> fault);
    }
}
