package dev.keyturn.ssh;

import com.jcraft.jsch.Session;
import dev.keyturn.secret.AuthType;

/** How one connection logs in. Holds the secret in JSch's form; {@link #close()} wipes it. */
interface Authentication extends AutoCloseable {
    /** The method's name in RFC 4252 and RFC 4256. */
    String method();

    /** What kind of secret the host gets to see. */
    default AuthType authType() {
        return method().equals(Authentications.PUBLICKEY) ? AuthType.KEY : AuthType.PASSWORD;
    }

    /** What the host says meanwhile, and what answers its questions. */
    Banner banner();

    void prepare(Session session);

    @Override
    void close();
}
