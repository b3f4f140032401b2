package dev.keyturn.ssh;

import dev.keyturn.rotation.HostVisit;
import dev.keyturn.rotation.Hosts;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.LoginBudget;
import dev.keyturn.rotation.ManagedCredential;
import java.security.SecureRandom;
import java.util.Set;
import java.util.function.Supplier;

/** SFTP hosts, reached with JSch. Thread-safe. Close it after its visits: no host can be asked then. */
public final class SshHosts implements Hosts, AutoCloseable {
    private final Connections connections;
    private final SshKeyPairs keyPairs;
    private final LocalProgram program;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param perHost how many connections to one hostname and port may be logging in at once: {@code limits.per_host}.
     *     Sessions that are logged in are not counted, see {@code HostGates}
     * @param budget asked before each login, told its end
     * @param secretVariables the environment variables that hold secrets, by then: no program of method {@code command}
     *     gets them
     */
    public SshHosts(
            SshTimeouts timeouts,
            int perHost,
            SshKeyPairs keyPairs,
            LoginBudget budget,
            Supplier<Set<String>> secretVariables) {
        this.connections = new Connections(timeouts, perHost, budget);
        this.keyPairs = keyPairs;
        this.program = new LocalProgram(secretVariables);
    }

    @Override
    public HostVisit visit(ManagedCredential credential) {
        Logins logins = new Logins(connections, credential.account(), credential.hostKey());
        return new SshVisit(logins, change(credential, logins), keyPairs);
    }

    @Override
    public void close() {
        connections.close();
    }

    private HostChange change(ManagedCredential credential, Logins logins) {
        InstallMethod method = credential.install();
        if (method instanceof InstallMethod.AuthorizedKeys keys) {
            return new AuthorizedKeysChange(credential.name(), keys, logins, random);
        }
        if (method instanceof InstallMethod.Chpasswd chpasswd) {
            return new ChpasswdChange(chpasswd, logins);
        }
        if (method instanceof InstallMethod.LocalCommand command) {
            return new LocalCommandChange(command, logins, program);
        }
        if (method instanceof InstallMethod.Manual) {
            return new PartnerChange(logins);
        }
        return new PasswdChange(logins);
    }
}
