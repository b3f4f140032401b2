/**
 * Dromo's API over HTTP: the one room that knows HttpClient and what Dromo's JSON looks like.
 *
 * <p>Implements {@link dev.keyturn.rotation.Dromo}. Depends on {@code rotation} and {@code secret}, on HttpClient 5 and on
 * Jackson's streaming parser.
 */
@NullMarked
package dev.keyturn.dromo;

import org.jspecify.annotations.NullMarked;
