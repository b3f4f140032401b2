package dev.keyturn.ssh;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchAlgoNegoFailException;
import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.JSchRevokedHostKeyException;
import com.jcraft.jsch.SftpException;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns what JSch throws into {@link HostException}, in one place: JSch has one exception for a refused login, a timeout
 * and a lost connection, and often tells them apart by text or cause only.
 */
final class SshFailures {
    private static final int TEXT = 200;
    private static final Pattern EXPIRED = Pattern.compile(
            "(?i)(password|account) has expired|required to change your password|password change required");

    private SshFailures() {}

    /**
     * A failure before the login was through. Nothing was changed on the host.
     *
     * @param heard what the host sent first
     */
    static HostException connecting(Account account, Throwable failure, String heard) {
        restoreInterrupt(failure);
        if (failure instanceof JSchHostKeyException hostKey) {
            return hostKey(account, hostKey);
        }
        if (failure instanceof JSchAlgoNegoFailException nego) {
            return failed(
                    Fault.NEGOTIATION,
                    account,
                    "no common " + nego.getAlgorithmName() + ": this side has " + nego.getJSchProposal()
                            + ", the host has " + nego.getServerProposal(),
                    failure);
        }
        if (has(failure, UnknownHostException.class)) {
            return failed(Fault.UNREACHABLE, account, "the host name can't be resolved", failure);
        }
        if (has(failure, NoRouteToHostException.class)) {
            return failed(Fault.UNREACHABLE, account, "no route to the host", failure);
        }
        if (isTimeout(failure)) {
            return failed(Fault.TIMED_OUT, account, "no answer in time while logging in", failure);
        }
        if (has(failure, ConnectException.class)) {
            return unreachable(account, failure);
        }
        if (has(failure, InterruptedIOException.class) || has(failure, InterruptedException.class)) {
            return failed(Fault.TIMED_OUT, account, "interrupted while logging in", failure);
        }
        String message = text(failure);
        if (!heard.startsWith("SSH-")) {
            return beforeTheProtocol(account, failure, heard);
        }
        if (message.contains("SSH_MSG_DISCONNECT") && message.contains("Too many")) {
            return failed(Fault.CONNECTION_LIMIT, account, "the host hung up: " + shortened(message), failure);
        }
        if (has(failure, java.io.IOException.class) || message.contains("SSH_MSG_DISCONNECT")) {
            return failed(
                    Fault.CONNECTION_LOST,
                    account,
                    "the connection was lost while logging in: " + shortened(message),
                    failure);
        }
        return failed(Fault.PROTOCOL, account, "logging in failed: " + shortened(message), failure);
    }

    /** A failure of an operation in a session that is logged in. */
    static HostException operating(Account account, String what, Throwable failure) {
        restoreInterrupt(failure);
        Optional<SftpException> status = sftpStatus(failure);
        return status.isPresent() ? sftp(account, what, status.get()) : lost(account, what, failure);
    }

    /** The connection ended, or no answer came in time, while a change may have been under way. */
    static HostException lost(Account account, String what, Throwable failure) {
        String why =
                isTimeout(failure) ? "no answer in time" : "the connection was lost (" + shortened(text(failure)) + ")";
        return failed(Fault.CONNECTION_LOST, account, "can't " + what + ": " + why, failure);
    }

    /**
     * The status an SFTP server answered with, as opposed to a failure to ask it, which JSch throws in the same class
     * and with the same id as SFTP's general failure, but with a cause.
     */
    static Optional<SftpException> sftpStatus(Throwable failure) {
        return failure instanceof SftpException status && status.getCause() == null
                ? Optional.of(status)
                : Optional.empty();
    }

    static HostException failed(Fault fault, Account account, String detail, @Nullable Throwable cause) {
        return new HostException(fault, account + ": " + detail, cause);
    }

    private static HostException sftp(Account account, String what, SftpException status) {
        String said = shortened(text(status)).toLowerCase(Locale.ROOT);
        Fault fault = switch (status.id) {
            case ChannelSftp.SSH_FX_NO_SUCH_FILE, 10 -> Fault.NOT_FOUND;
            case ChannelSftp.SSH_FX_PERMISSION_DENIED, 12 -> Fault.PERMISSION;
            case 14, 15 -> Fault.DISK_FULL;
            case ChannelSftp.SSH_FX_NO_CONNECTION, ChannelSftp.SSH_FX_CONNECTION_LOST -> Fault.CONNECTION_LOST;
            default ->
                Stream.of("no space", "disk full", "quota").anyMatch(said::contains)
                        ? Fault.DISK_FULL
                        : Stream.of("read-only", "permission").anyMatch(said::contains)
                                ? Fault.PERMISSION
                                : Fault.PROTOCOL;
        };
        return failed(
                fault,
                account,
                "can't " + what + ": " + shortened(text(status)) + " (SFTP status " + status.id + ")",
                status);
    }

    private static HostException hostKey(Account account, JSchHostKeyException failure) {
        if (failure instanceof JSchRevokedHostKeyException) {
            return failed(Fault.HOST_KEY_REVOKED, account, "the host's key is marked as revoked", failure);
        }
        if (failure instanceof JSchChangedHostKeyException) {
            return failed(Fault.HOST_KEY_CHANGED, account, "the host's key is another than the trusted one", failure);
        }
        return failed(
                Fault.HOST_KEY_UNKNOWN, account, "the host's key is not known: " + shortened(text(failure)), failure);
    }

    private static HostException unreachable(Account account, Throwable failure) {
        String said = causes(failure)
                .map(SshFailures::text)
                .reduce((first, last) -> last)
                .orElse("");
        return said.toLowerCase(Locale.ROOT).contains("refused")
                ? failed(Fault.CONNECTION_REFUSED, account, "nothing accepts connections there", failure)
                : failed(Fault.UNREACHABLE, account, "the host can't be reached: " + shortened(said), failure);
    }

    /**
     * The host hung up before it said which SSH it speaks. OpenSSH does so, without a word or with "Exceeded
     * MaxStartups" or "Not allowed at this time", when it has too many connections that are not logged in yet.
     */
    private static HostException beforeTheProtocol(Account account, Throwable failure, String heard) {
        if (heard.isEmpty() || heard.contains("MaxStartups") || heard.contains("Not allowed at this time")) {
            return failed(
                    Fault.CONNECTION_LIMIT,
                    account,
                    "the host closed the connection at once" + (heard.isEmpty() ? "" : ": " + shortened(heard)),
                    failure);
        }
        return failed(Fault.PROTOCOL, account, "what answers there speaks no SSH: '" + shortened(heard) + "'", failure);
    }

    /** Whether a host's words while logging in are those of PAM about an expired password or account. */
    static boolean saysExpired(String said) {
        return EXPIRED.matcher(said).find();
    }

    static boolean isTimeout(Throwable failure) {
        return has(failure, SocketTimeoutException.class)
                || causes(failure).anyMatch(cause -> text(cause).startsWith("timeout:"));
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        return causes(failure).anyMatch(type::isInstance);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(10);
    }

    /** JSch turns an interrupt into an exception of its pipes, and the thread's flag is lost. */
    private static void restoreInterrupt(Throwable failure) {
        boolean interrupted = causes(failure)
                .anyMatch(cause -> cause instanceof InterruptedException
                        || (cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException)));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    /** One line, without control characters: a host's words go into logs and terminals. */
    static String shortened(String text) {
        String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= TEXT ? line : line.substring(0, TEXT) + "...";
    }

    /** Whether the host clearly refused the credential it was offered. */
    static boolean isRefusal(JSchException failure) {
        String message = text(failure);
        return message.startsWith("Auth fail")
                || message.startsWith("Auth cancel")
                || message.matches("(?s)SSH_MSG_DISCONNECT: 2 Too many authentication failures.*")
                || message.startsWith("SSH_MSG_DISCONNECT: 14 ");
    }
}
