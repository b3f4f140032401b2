package dev.keyturn.rotation;

/**
 * How far the audit log is known to reach, remembered outside of it: a log that lacks this record was cut, replaced or
 * lost. The log may reach further.
 *
 * @param seq of the record, from 1
 * @param hash SHA-256 of its line without its line feed, in hex
 */
public record AuditAnchor(long seq, String hash) {}
