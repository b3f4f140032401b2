package dev.keyturn.realhost;

/**
 * How often an account tried to authenticate on a {@link RealSshd}.
 *
 * @param accepted authentications that succeeded, each an SSH session
 * @param partial methods accepted of which {@code AuthenticationMethods} asks for one more
 * @param failed refused attempts, each offered key being one; the {@code none} request of most clients doesn't count
 */
public record Logins(int accepted, int partial, int failed) {}
