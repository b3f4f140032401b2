/**
 * Tells people: webhooks and mail, each fact once, floods as digests. Sends on threads of its own; what can't be delivered
 * is logged and holds up nothing.
 *
 * <p>Depends on {@code rotation}, whose {@code Notices} it implements, on {@code secret} and {@code tls}. Angus Mail lives
 * only here; webhooks go through the JDK's HTTP client.
 */
@NullMarked
package dev.keyturn.notify;

import org.jspecify.annotations.NullMarked;
