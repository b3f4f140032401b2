package dev.keyturn.sandbox;

import java.io.IOException;
import java.util.List;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;

/** Logins with a key, against the authorized_keys file as it is at that moment. */
final class KeyLogin extends UserAuthPublicKey {
    private static final AttributeRepository.AttributeKey<Boolean> SIGNED = new AttributeRepository.AttributeKey<>();

    private final SftpHost host;

    private KeyLogin(SftpHost host, List<NamedFactory<Signature>> signatures) {
        super(signatures);
        this.host = host;
    }

    static UserAuthPublicKeyFactory factory(SftpHost host) {
        return new UserAuthPublicKeyFactory() {
            @Override
            public UserAuthPublicKey createUserAuth(ServerSession session) throws IOException {
                return new KeyLogin(host, getSignatureFactories());
            }
        };
    }

    static PublickeyAuthenticator authenticator(SftpHost host) {
        return (user, key, session) -> {
            SftpAccount account = host.account(user);
            ByteArrayBuffer blob = new ByteArrayBuffer();
            blob.putRawPublicKey(key);
            try {
                boolean honest = account != null && account.hasKey(blob.getCompactData());
                // A mere question must not use up the fault that is meant for the login.
                boolean signed = session.getAttribute(SIGNED);
                return !signed && host.expect(user, NAME, honest) || host.decide(user, NAME, honest);
            } catch (IOException e) {
                return false;
            }
        };
    }

    /** Logs here, because only here a question is told from a signature. */
    @Override
    public Boolean doAuth(Buffer buffer, boolean init) throws Exception {
        int start = buffer.rpos();
        getServerSession().setAttribute(SIGNED, buffer.getBoolean());
        buffer.getString();
        String fingerprint = KeyUtils.getFingerPrint(buffer.getPublicKey());
        buffer.rpos(start);
        boolean signed = getServerSession().getAttribute(SIGNED);
        Boolean accepted = false;
        try {
            if (signed) {
                host.step(getServerSession(), HostStep.LOGIN, false, NAME);
            }
            accepted = super.doAuth(buffer, init);
            if (signed && Boolean.TRUE.equals(accepted)) {
                host.step(getServerSession(), HostStep.LOGIN, true, NAME);
            }
        } finally {
            if (accepted != null) {
                host.log(getUsername(), NAME, accepted, fingerprint);
            }
        }
        return accepted;
    }
}
