/** The chained audit log. Depends on {@code rotation}, whose {@code AuditTrail} it is, and on Jackson. */
@NullMarked
package dev.keyturn.audit;

import org.jspecify.annotations.NullMarked;
