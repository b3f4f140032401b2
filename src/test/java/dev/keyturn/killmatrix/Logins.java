package dev.keyturn.killmatrix;

import dev.keyturn.sandbox.DromoCredential;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;

/** Tries logins with Apache MINA SSHD, which the product does not use. Thread-safe. */
final class Logins implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SshClient client = SshClient.setUpDefaultClient();

    Logins() {
        client.setServerKeyVerifier((session, address, key) -> true);
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        // MINA's first choice, sntrup761, costs more than all the rest of a login.
        client.setKeyExchangeFactories(List.of(ClientBuilder.DH2KEX.apply(BuiltinDHFactories.curve25519)));
        client.start();
    }

    /** Whether this credential logs in and can list its home. */
    boolean accepts(DromoCredential credential) {
        try (ClientSession session = client.connect(credential.user(), credential.hostname(), credential.port())
                .verify(PATIENCE)
                .getSession()) {
            String privateKey = credential.privateKey();
            if (credential.authType().equals("KEY") && privateKey != null) {
                ByteArrayInputStream text = new ByteArrayInputStream(privateKey.getBytes(StandardCharsets.UTF_8));
                for (KeyPair pair :
                        SecurityUtils.loadKeyPairIdentities(session, NamedResource.ofName("key"), text, null)) {
                    session.addPublicKeyIdentity(pair);
                }
            } else {
                session.addPasswordIdentity(credential.password());
            }
            if (!session.auth().await(PATIENCE)) {
                throw new IllegalStateException("the host does not answer");
            }
            if (!session.isAuthenticated()) {
                return false;
            }
            try (SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
                return sftp.readDir(".").iterator().hasNext();
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("a login could not be tried", e);
        }
    }

    @Override
    public void close() {
        client.stop();
    }
}
