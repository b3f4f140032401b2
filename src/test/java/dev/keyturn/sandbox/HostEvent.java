package dev.keyturn.sandbox;

/**
 * A step on the host.
 *
 * @param done false just before the step is taken, true just after, when the client has not been told yet
 * @param user who is logged in
 * @param path as the client sees it
 */
public record HostEvent(HostStep step, boolean done, String user, String path) {}
