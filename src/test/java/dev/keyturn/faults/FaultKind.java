package dev.keyturn.faults;

import dev.keyturn.sandbox.DromoCall;
import dev.keyturn.sandbox.DromoFault;
import dev.keyturn.sandbox.SftpFault;
import dev.keyturn.secret.AuthType;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A kind of fault, as it stands in the tables. */
sealed interface FaultKind {
    String name();

    /** Where it can begin. That it can does not mean that it strikes there: the stand-ins count that. */
    List<Moment> moments(AuthType secret);

    Set<Extent> extents();

    /** Whether it leaves the product waiting for an answer until its patience is at an end. */
    boolean hangs();

    void arm(FaultWorld world, Moment moment, Extent extent) throws IOException;

    /**
     * Something wrong with Dromo's answers.
     *
     * @param calls which calls it makes sense for
     */
    record OfDromo(String name, Set<DromoCall> calls, DromoFault fault, boolean hangs) implements FaultKind {
        OfDromo(String name, Set<DromoCall> calls, DromoFault fault) {
            this(name, calls, fault, false);
        }

        OfDromo hanging() {
            return new OfDromo(name, calls, fault, true);
        }

        @Override
        public List<Moment> moments(AuthType secret) {
            return Moment.ofDromo(secret).stream()
                    .filter(moment -> calls.contains(moment.call().orElseThrow()))
                    .toList();
        }

        @Override
        public Set<Extent> extents() {
            return calls.size() > 2 ? EnumSet.allOf(Extent.class) : EnumSet.of(Extent.ONCE, Extent.LASTING);
        }

        @Override
        public void arm(FaultWorld world, Moment moment, Extent extent) {
            DromoCall call = moment.call().orElseThrow();
            switch (extent) {
                case ONCE -> world.dromo().faults().onNext(call, fault);
                case LASTING -> world.dromo().faults().always(call, fault);
                case EVERY_CALL -> world.dromo().faults().fromNext(call, fault);
            }
        }
    }

    /**
     * Something wrong with the host.
     *
     * @param secrets the kinds of secret that it can hit
     * @param fault made anew for each world
     */
    record OfHost(String name, Set<AuthType> secrets, Function<FaultWorld, SftpFault> fault, boolean hangs)
            implements FaultKind {
        OfHost(String name, Set<AuthType> secrets, Function<FaultWorld, SftpFault> fault) {
            this(name, secrets, fault, false);
        }

        OfHost hanging() {
            return new OfHost(name, secrets, fault, true);
        }

        @Override
        public List<Moment> moments(AuthType secret) {
            return secrets.contains(secret) ? Moment.ofHost(secret) : List.of();
        }

        @Override
        public Set<Extent> extents() {
            return EnumSet.of(Extent.ONCE, Extent.LASTING);
        }

        @Override
        public void arm(FaultWorld world, Moment moment, Extent extent) {
            SftpFault made = fault.apply(world);
            if (extent == Extent.ONCE) {
                world.host().faults().onNext(made);
            } else {
                world.host().faults().always(made);
            }
        }
    }

    /** Something that is wrong for everybody until it is healed, so that it can't strike just once. */
    record OfState(String name, Function<AuthType, List<Moment>> where, Change change) implements FaultKind {
        interface Change {
            void make(FaultWorld world) throws IOException;
        }

        @Override
        public List<Moment> moments(AuthType secret) {
            return where.apply(secret);
        }

        @Override
        public Set<Extent> extents() {
            return EnumSet.of(Extent.LASTING);
        }

        @Override
        public boolean hangs() {
            return false;
        }

        @Override
        public void arm(FaultWorld world, Moment moment, Extent extent) throws IOException {
            change.make(world);
        }
    }
}
