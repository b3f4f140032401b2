package dev.keyturn.sandbox;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/** Logs in over SSH with Apache MINA SSHD, which the product does not use. Takes any host key, as Dromo does. */
final class RealLogin implements DromoLogin {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SshClient client;

    RealLogin() {
        client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier((session, address, key) -> true);
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        // Without MINA's first choice, sntrup761, which costs more than all the rest of a login.
        client.setKeyExchangeFactories(client.getKeyExchangeFactories().stream()
                .filter(exchange -> !exchange.getName().startsWith("sntrup"))
                .toList());
        client.start();
    }

    @Override
    public @Nullable String tryOut(DromoCredential credential, List<String> directories) {
        try (ClientSession session = client.connect(credential.user(), credential.hostname(), credential.port())
                .verify(PATIENCE)
                .getSession()) {
            offer(credential, session);
            if (!session.auth().await(PATIENCE)) {
                return "Connection timed out";
            }
            if (!session.isAuthenticated()) {
                // A session that was reset may still look open; without a key exchange nobody was asked for anything.
                boolean asked = session.isOpen() && session.getSessionId() != null;
                return asked ? "Authentication failed" : "Connection closed by remote host";
            }
            return list(session, directories);
        } catch (IOException | UnresolvedAddressException e) {
            return reason(e);
        } catch (GeneralSecurityException e) {
            return "Invalid private key";
        }
    }

    private static void offer(DromoCredential credential, ClientSession session)
            throws IOException, GeneralSecurityException {
        String privateKey = credential.privateKey();
        if (credential.authType().equals(DromoCredential.KEY) && privateKey != null) {
            NamedResource name = NamedResource.ofName("stored key");
            ByteArrayInputStream text = new ByteArrayInputStream(privateKey.getBytes(StandardCharsets.UTF_8));
            for (KeyPair pair : SecurityUtils.loadKeyPairIdentities(session, name, text, null)) {
                session.addPublicKeyIdentity(pair);
            }
        } else {
            session.addPasswordIdentity(credential.password());
        }
    }

    private static @Nullable String list(ClientSession session, List<String> directories) throws IOException {
        try (SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
            for (String directory : directories.isEmpty() ? List.of(".") : directories) {
                try {
                    try (SftpClient.CloseableHandle handle = sftp.openDir(directory)) {
                        sftp.readDir(handle);
                    }
                } catch (SftpException e) {
                    return e.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE
                            ? "No such directory: " + directory
                            : "Cannot list " + directory + ": " + e.getMessage();
                }
            }
        }
        return null;
    }

    private static String reason(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return "Connection refused";
            }
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "Name or service not known";
            }
        }
        String message = String.valueOf(failure.getMessage());
        return message.contains("timeout") || message.contains("timed out")
                ? "Connection timed out"
                : "Connection closed by remote host";
    }

    @Override
    public void close() {
        client.stop();
    }
}
