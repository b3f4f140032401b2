package dev.keyturn.sandbox;

import java.security.KeyPair;
import java.util.List;
import java.util.function.Supplier;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/** Decides for each new session, once, which host key it meets and which methods a login on it takes. */
final class NewSessions implements SessionListener, KeyPairProvider {
    private static final AttributeKey<KeyPair> HOST_KEY = new AttributeKey<>();
    private static final KeyPair ANOTHER = OpensshKeys.pair("ssh-ed25519", 256);

    private final SftpHost host;
    private final Supplier<KeyPair> hostKey;

    NewSessions(SftpHost host, Supplier<KeyPair> hostKey) {
        this.host = host;
        this.hostKey = hostKey;
    }

    @Override
    public void sessionCreated(Session session) {
        session.setAttribute(HOST_KEY, host.faults().anotherHostKey() ? ANOTHER : hostKey.get());
        String methods = host.faults().methodsDemanded();
        if (methods != null) {
            CoreModuleProperties.AUTH_METHODS.set(session, methods);
        }
    }

    @Override
    public Iterable<KeyPair> loadKeys(@Nullable SessionContext session) {
        KeyPair decided = session == null ? null : session.getAttribute(HOST_KEY);
        return List.of(decided == null ? hostKey.get() : decided);
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        GateConnection connection = host.connection(session);
        if (event == Event.Authenticated && connection != null) {
            connection.markAuthenticated();
        }
    }
}
