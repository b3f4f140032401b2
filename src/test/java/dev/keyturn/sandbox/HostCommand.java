package dev.keyturn.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/** Runs a program on a thread of its own, connected to the client by a {@link Terminal}. */
final class HostCommand implements Command {
    /** @return its exit status */
    interface Program {
        int run(ChannelSession channel, Terminal terminal) throws IOException;
    }

    private final Program program;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable OutputStream err;
    private @Nullable ExitCallback exit;
    private @Nullable Thread thread;

    HostCommand(Program program) {
        this.program = program;
    }

    @Override
    public void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        // MINA sets TERM where, and only where, the client asked for a terminal.
        boolean isTerminal = environment.getEnv().containsKey(Environment.ENV_TERM);
        Terminal terminal = new Terminal(in, out, err, isTerminal);
        Thread runner = new Thread(() -> run(channel, terminal), "stand-in-command");
        runner.setDaemon(true);
        thread = runner;
        runner.start();
    }

    private void run(ChannelSession channel, Terminal terminal) {
        int status;
        try {
            status = program.run(channel, terminal);
        } catch (IOException e) {
            status = 1;
        }
        exit.onExit(status);
    }

    @Override
    public void destroy(ChannelSession channel) {
        Thread runner = thread;
        if (runner != null) {
            runner.interrupt();
        }
    }
}
