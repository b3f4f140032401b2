package dev.keyturn.ssh;

import com.jcraft.jsch.ChannelExec;
import dev.keyturn.rotation.HostException;
import dev.keyturn.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A command run on the host. What is secret goes to its standard input, never to the command line. */
final class RemoteCommand {
    private static final int NO_STATUS = -1;

    private RemoteCommand() {}

    /**
     * How it ended.
     *
     * @param status the exit status
     * @param said standard error and output on one line, secrets masked
     */
    record Ended(int status, String said) {}

    /**
     * Runs a command without a terminal.
     *
     * @param what completes "can't ..." in a message
     * @param input stays the caller's to wipe
     * @throws HostException CONNECTION_LOST also where the command ended without an exit status, by a signal
     */
    static Ended run(SshSession session, String what, String command, byte[] input, List<Secret> secrets)
            throws HostException {
        return session.exec(what, exec -> {
            SaidText said = new SaidText();
            exec.setCommand(command);
            exec.setInputStream(new ByteArrayInputStream(input));
            exec.setErrStream(said);
            InputStream output = exec.getInputStream();
            exec.connect();
            output.transferTo(said);
            said.awaitClose();
            return ended(exec, said, secrets);
        });
    }

    static Ended ended(ChannelExec exec, SaidText said, List<Secret> secrets) throws IOException {
        String text = SshFailures.shortened(said.text(secrets));
        if (exec.getExitStatus() == NO_STATUS) {
            throw new IOException("it ended without an exit status; it said '" + text + "'");
        }
        return new Ended(exec.getExitStatus(), text);
    }
}
