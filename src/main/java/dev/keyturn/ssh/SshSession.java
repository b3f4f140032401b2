package dev.keyturn.ssh;

import com.jcraft.jsch.Channel;
import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpException;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.HostException;
import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.ssh.Deadlines.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session that is logged in. Not thread-safe. A session that has failed is closed, and {@link #isOpen()} says so. */
final class SshSession implements AutoCloseable {

    private final Account account;
    private final Session session;
    private final HostSockets sockets;
    private final Banner banner;
    private final Duration limit;
    private final Deadlines deadlines;
    private @Nullable ChannelSftp sftp;

    /** @param sockets made the session's connection */
    SshSession(
            Account account, Session session, HostSockets sockets, Banner banner, Duration limit, Deadlines deadlines) {
        this.account = account;
        this.session = session;
        this.sockets = sockets;
        this.banner = banner;
        this.limit = limit;
        this.deadlines = deadlines;
    }

    /** Something to do over SFTP. */
    interface SftpWork<T> {
        T with(ChannelSftp sftp) throws SftpException;
    }

    /** Something to do with an exec channel that is not connected yet. */
    interface ExecWork<T> {
        T with(ChannelExec exec) throws JSchException, IOException;
    }

    Account account() {
        return account;
    }

    boolean isOpen() {
        return session.isConnected();
    }

    /**
     * Proves the login: SFTP opens, the starting directory is there, each directory can be listed. {@code connect()}
     * alone proves nothing: OpenSSH lets an expired password in and ends whatever is asked for next.
     *
     * @param directories empty for the starting directory
     */
    void prove(List<String> directories) throws HostException {
        sftp("look at the starting directory", sftp -> sftp.stat("."));
        for (String directory : directories.isEmpty() ? List.of(".") : directories) {
            list(directory);
        }
    }

    private void list(String directory) throws HostException {
        sftp("list " + directory, sftp -> {
            // One entry is proof enough: a directory may hold a million.
            sftp.ls(RemotePaths.quoted(directory), entry -> ChannelSftp.LsEntrySelector.BREAK);
            return directory;
        });
    }

    /** Those that the server says it doesn't list, each with its words. */
    Map<String, String> unlisted(List<String> directories) throws HostException {
        Map<String, String> unlisted = new LinkedHashMap<>();
        for (String directory : directories) {
            try {
                list(directory);
            } catch (HostException e) {
                if (!isOpen()) {
                    throw e;
                }
                unlisted.put(directory, String.valueOf(e.getMessage()));
            }
        }
        return unlisted;
    }

    /**
     * @param what completes "can't ..." in a message
     * @throws HostException by SFTP's status, or CONNECTION_LOST; the session is then closed
     */
    <T> T sftp(String what, SftpWork<T> work) throws HostException {
        ChannelSftp channel = sftp();
        try (Deadline deadline = deadlines.in(limit, sockets::hangUp)) {
            try {
                return work.with(channel);
            } catch (SftpException e) {
                boolean tooLate = deadline.passed();
                if (tooLate || SshFailures.sftpStatus(e).isEmpty()) {
                    close();
                }
                throw tooLate ? tooLong(what, e) : SshFailures.operating(account, what, e);
            }
        }
    }

    /** Runs {@code work} on a new exec channel and closes it. */
    <T> T exec(String what, ExecWork<T> work) throws HostException {
        Channel channel = null;
        try (Deadline deadline = deadlines.in(limit, sockets::hangUp)) {
            try {
                channel = session.openChannel("exec");
                return work.with((ChannelExec) channel);
            } catch (JSchException | IOException e) {
                close();
                throw deadline.passed() ? tooLong(what, e) : SshFailures.lost(account, what, e);
            } finally {
                if (channel != null) {
                    channel.disconnect();
                }
            }
        }
    }

    /**
     * Ends the session and its connection, that first: else a host that stalls in a key exchange would keep JSch from
     * saying goodbye, and so for ever from hanging up.
     */
    @Override
    public void close() {
        sockets.hangUp();
        session.disconnect();
    }

    private HostException tooLong(String what, Exception cause) {
        return SshFailures.failed(
                Fault.CONNECTION_LOST, account, "can't " + what + ": no answer within " + limit, cause);
    }

    private ChannelSftp sftp() throws HostException {
        if (sftp != null && sftp.isConnected()) {
            return sftp;
        }
        boolean tooLate;
        JSchException failure;
        ChannelSftp channel = null;
        try (Deadline deadline = deadlines.in(limit, sockets::hangUp)) {
            try {
                channel = (ChannelSftp) session.openChannel("sftp");
                // Two, for small files, where JSch's sixteen would take half a megabyte of buffer for each session.
                channel.setBulkRequests(2);
                channel.connect(Math.toIntExact(limit.toMillis()));
                sftp = channel;
                return channel;
            } catch (JSchException e) {
                failure = e;
                tooLate = deadline.passed();
            }
        }
        if (tooLate) {
            close();
            throw tooLong("open SFTP", failure);
        }
        throw notOpened(channel, failure);
    }

    /**
     * An SFTP server that ends at once looks to JSch like a closed pipe, and so does a lost connection, which may seem open
     * for a moment yet. So it has to have an exit status to count as one that ended; sshd may have hung up by then, for
     * data that came too late.
     */
    private HostException notOpened(@Nullable ChannelSftp channel, JSchException failure) {
        boolean ended = channel != null && channel.getExitStatus() != -1;
        boolean pipeClosed = failure.getCause() instanceof IOException;
        boolean alive = ended || (isOpen() && !pipeClosed);
        close();
        if (SshFailures.saysExpired(banner.said())) {
            return SshFailures.failed(
                    Fault.PASSWORD_EXPIRED,
                    account,
                    "the login works and nothing after it; the host says '" + banner.said() + "'",
                    failure);
        }
        return alive
                ? SshFailures.failed(Fault.NO_SFTP, account, "the login works, but SFTP does not open", failure)
                : SshFailures.lost(account, "open SFTP", failure);
    }
}
