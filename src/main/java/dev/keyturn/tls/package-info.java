/**
 * TLS as every client here wants it: whom to trust, and where clear text is no danger. Depends on nothing.
 */
@NullMarked
package dev.keyturn.tls;

import org.jspecify.annotations.NullMarked;
