package dev.keyturn.ssh;

import com.jcraft.jsch.Session;

/** How one connection logs in. Holds the secret in JSch's form; {@link #close()} wipes it. */
interface Authentication extends AutoCloseable {
    /** The method's name in RFC 4252 and RFC 4256. */
    String method();

    void prepare(Session session);

    @Override
    void close();
}
