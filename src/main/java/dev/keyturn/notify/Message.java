package dev.keyturn.notify;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * What goes out, ready for any channel.
 *
 * @param id unique, and the same in each attempt to deliver it
 * @param type what it is, for programs
 * @param subject one line without control characters
 * @param text lines that end with LF, the last one too; no other control characters
 */
record Message(String id, Instant at, String type, String subject, String text, ObjectNode data) {}
