/**
 * Every fault of the {@link dev.keyturn.sandbox stand-ins} at every moment it can hit, and drawn at random: the product's
 * real adapters rotate against them, the fault is healed, {@code recover} runs, and an oracle looks.
 *
 * <p>A new kind of fault is one more line in {@link dev.keyturn.faults.DromoFaultKinds} or
 * {@link dev.keyturn.faults.HostFaultKinds}.
 */
@NullMarked
package dev.keyturn.faults;

import org.jspecify.annotations.NullMarked;
