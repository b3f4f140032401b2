package dev.keyturn.sandbox;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.jspecify.annotations.Nullable;

/** One login on the stand-in, by Apache MINA SSHD's client. */
final class SftpClientSession implements AutoCloseable {
    private static final String ALL = "publickey,keyboard-interactive,password";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a command said, standard output and standard error together, and its exit status. */
    record Outcome(String output, @Nullable Integer status) {}

    private final SshClient client;
    private final ClientSession session;
    private volatile String hostKeyFingerprint = "";

    private SftpClientSession(SftpStandIn host, String user, String methods, @Nullable UserInteraction interaction)
            throws IOException {
        client = SshClient.setUpDefaultClient();
        CoreModuleProperties.PREFERRED_AUTHS.set(client, methods);
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setServerKeyVerifier((session, address, key) -> {
            hostKeyFingerprint = KeyUtils.getFingerPrint(key);
            return true;
        });
        if (interaction != null) {
            client.setUserInteraction(interaction);
        }
        client.start();
        try {
            session = client.connect(user, host.hostname(), host.port())
                    .verify(PATIENCE)
                    .getSession();
        } catch (IOException e) {
            client.stop();
            throw e;
        }
    }

    static SftpClientSession withPassword(SftpStandIn host, String user, String password) throws IOException {
        SftpClientSession login = new SftpClientSession(host, user, ALL, null);
        login.session.addPasswordIdentity(password);
        return login.authenticated();
    }

    /** By the method password and no other; {@code interaction} is asked for a new one. */
    static SftpClientSession withOnlyPassword(
            SftpStandIn host, String user, String password, UserInteraction interaction) throws IOException {
        SftpClientSession login = new SftpClientSession(host, user, "password", interaction);
        login.session.addPasswordIdentity(password);
        return login.authenticated();
    }

    static SftpClientSession withoutCredential(SftpStandIn host, String user, UserInteraction interaction)
            throws IOException {
        return new SftpClientSession(host, user, ALL, interaction).authenticated();
    }

    static SftpClientSession withKey(SftpStandIn host, String user, OpensshKeys keys) throws IOException {
        SftpClientSession login = new SftpClientSession(host, user, ALL, null);
        byte[] text = keys.privateKey().getBytes(StandardCharsets.US_ASCII);
        try {
            SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName("key"), new ByteArrayInputStream(text), null)
                    .forEach(login.session::addPublicKeyIdentity);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        return login.authenticated();
    }

    private SftpClientSession authenticated() throws IOException {
        try {
            session.auth().verify(PATIENCE);
            return this;
        } catch (IOException e) {
            client.stop();
            throw e;
        }
    }

    String hostKeyFingerprint() {
        return hostKeyFingerprint;
    }

    SftpClient sftp() throws IOException {
        return SftpClientFactory.instance().createSftpClient(session);
    }

    ChannelShell shell() throws IOException {
        return session.createShellChannel();
    }

    ChannelExec command(String command) throws IOException {
        return session.createExecChannel(command);
    }

    Outcome run(String command, String input) throws IOException {
        try (ChannelExec channel = session.createExecChannel(command)) {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            channel.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            channel.setOut(output);
            channel.setErr(output);
            channel.open().verify(PATIENCE);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE);
            return new Outcome(output.toString(StandardCharsets.UTF_8), channel.getExitStatus());
        }
    }

    @Override
    public void close() {
        client.stop();
    }
}
