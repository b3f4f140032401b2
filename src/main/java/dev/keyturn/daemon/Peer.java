package dev.keyturn.daemon;

/**
 * Who is at the other end of the socket, as the kernel says.
 *
 * @param name of its login; the number, where it has none
 */
public record Peer(long uid, String name) {}
