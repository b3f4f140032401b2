package dev.keyturn.rotation;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An SFTP host did not do what was asked. */
public final class HostException extends RemoteException {
    /** What went wrong, by who has to act. */
    public enum Fault {
        CONNECTION_REFUSED(Disposition.TRANSIENT, "Check the port, and that sshd listens there."),
        UNREACHABLE(Disposition.TRANSIENT, "Check the host name, routing and firewalls between here and the host."),
        TIMED_OUT(Disposition.TRANSIENT, "Check firewalls that drop silently, and the host's load."),
        CONNECTION_LOST(Disposition.UNCLEAR, "Check the host's sshd log at this time."),
        CONNECTION_LIMIT(
                Disposition.TRANSIENT, "Lower limits.per_host, or raise MaxStartups or MaxSessions in sshd_config."),
        HOST_KEY_UNKNOWN(
                Disposition.REFUSED,
                "Ask the host's owner for its key over another channel and pin it with host_key or known_hosts."),
        HOST_KEY_CHANGED(
                Disposition.REFUSED,
                "Somebody may be in between. Ask the host's owner; change the pin only when they confirm the new key."),
        HOST_KEY_REVOKED(Disposition.REFUSED, "known_hosts marks this key as revoked. Ask the host's owner."),
        AUTHENTICATION_REFUSED(
                Disposition.REFUSED, "Check the account, and the credential that is meant to log in to it."),
        LOGIN_BUDGET(
                Disposition.TRANSIENT,
                "Check the account on the host, then wait until that time or have it accept a login of somebody else's."),
        NEGOTIATION(
                Disposition.REFUSED,
                "Host and client share no algorithm; see the message for both lists and update the older side."),
        PASSWORD_EXPIRED(
                Disposition.REFUSED,
                "The host demands a new password first; `install: {method: passwd}` can give one."),
        PASSWORD_REJECTED(
                Disposition.REFUSED, "The host's own password rules are stricter; change the policy's password rules."),
        NO_SFTP(Disposition.REFUSED, "Check that the account may use the sftp subsystem."),
        PERMISSION(Disposition.REFUSED, "Check owner and mode of the path on the host."),
        NOT_FOUND(Disposition.REFUSED, "Check the path on the host, as the account's SFTP session sees it."),
        DISK_FULL(Disposition.REFUSED, "Free space, or raise the quota, on the host."),
        NO_ATOMIC_RENAME(
                Disposition.REFUSED,
                "The server offers no posix-rename@openssh.com, so the key file can't be replaced safely."),
        CONCURRENT_EDIT(Disposition.TRANSIENT, "Somebody else is changing the same file; nothing of theirs was lost."),
        READ_BACK(Disposition.UNCLEAR, "What was read back differs from what was written; look at the file."),
        COMMAND_TRY_AGAIN(Disposition.TRANSIENT, "The install command asked to be called again later."),
        COMMAND_REFUSED(Disposition.REFUSED, "See the command's own output in the log."),
        COMMAND_TIMED_OUT(Disposition.UNCLEAR, "Raise install.timeout, or look at what the command waits for."),
        SECRET_UNAVAILABLE(Disposition.REFUSED, "Mend the reference in the configuration."),
        PROTOCOL(Disposition.UNCLEAR, "The host answered something unexpected; see the message.");

        private final Disposition disposition;
        private final String hint;

        Fault(Disposition disposition, String hint) {
            this.disposition = disposition;
            this.hint = hint;
        }

        public Disposition disposition() {
            return disposition;
        }

        public String hint() {
            return hint;
        }
    }

    private final Fault fault;

    public HostException(Fault fault, String message) {
        this(fault, message, (Throwable) null);
    }

    public HostException(Fault fault, String message, @Nullable Throwable cause) {
        super(message, fault.hint, fault.disposition, null, cause);
        this.fault = fault;
    }

    public HostException(Fault fault, String message, Duration retryAfter) {
        super(message, fault.hint, fault.disposition, retryAfter, null);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    @Override
    public String kind() {
        return fault.name().toLowerCase(Locale.ROOT);
    }
}
