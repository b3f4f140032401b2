package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keyturn.sandbox.FaultyDisk;
import dev.keyturn.sandbox.FaultyDisk.Fault;
import dev.keyturn.sandbox.FaultyDisk.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Rotates once for each write or sync that can fail, on a {@link FaultyDisk} that was preloaded, and prints violations. */
final class StorageFaultRuns {
    /** A world, and what goes wrong in it besides. */
    record Kind(Supplier<World> world, Consumer<World> trouble) {}

    static final Map<String, Kind> KINDS = Map.of(
            "key", new Kind(World::withKey, world -> {}),
            "key whose new one Dromo can't use", new Kind(World::withKey, world -> world.dromo.failingTests = 2),
            "password", new Kind(World::withPassword, world -> {}),
            "password that Dromo rejects",
                    new Kind(
                            World::withPassword, world -> world.dromo.before("PUT", DromoException.Fault.REJECTED, 1)));

    private final Path directory;
    private final FaultyDisk disk;
    private final Kind kind;
    private final Fault fault;
    private final Place place;

    private StorageFaultRuns(Path directory, Kind kind, Fault fault, Place place) {
        this.directory = directory;
        this.disk = FaultyDisk.opened(directory);
        this.kind = kind;
        this.fault = fault;
        this.place = place;
    }

    /** DIRECTORY KIND. */
    public static void main(String[] args) throws Exception {
        Kind kind = Objects.requireNonNull(KINDS.get(args[1]), args[1]);
        for (Fault fault : Fault.values()) {
            for (Place place : Place.values()) {
                new StorageFaultRuns(Path.of(args[0]), kind, fault, place).all();
            }
        }
    }

    private void all() throws Exception {
        int calls = run(Integer.MAX_VALUE);
        int violations = 0;
        for (int call = 1; call <= calls; call++) {
            try {
                run(call);
            } catch (AssertionError e) {
                violations++;
                System.out.println("call " + call + " of " + calls + ": " + e);
            }
        }
        System.out.println(fault + " in " + place + ", " + calls + " calls: "
                + (violations == 0 ? "no violation" : violations + " violations"));
    }

    /** @return how many calls there were that could have failed */
    private int run(int failing) throws Exception {
        World world = kind.world().get();
        Path here = Files.createTempDirectory(directory, "run");
        try (StoredRecords records = StoredRecords.open(here, world)) {
            records.adopt();
            kind.trouble().accept(world);
            Watch watch = new Watch(records);
            world.hosts.crash = watch;
            world.dromo.crash = watch;
            disk.arm(fault, place, failing);
            Throwable thrown = catchThrowable(records::rotate);
            int calls = disk.calls();
            if (failing <= calls) {
                assertThat(thrown)
                        .as("an exception that ends the process")
                        .isInstanceOfAny(AuditException.class, JournalException.class)
                        .hasMessageContaining(place == Place.STATE ? "keyturn.db" : "audit.jsonl");
                if (!world.hosts.calls.isEmpty()) {
                    assertThat(thrown)
                            .hasMessageStartingWith("acme: ")
                            .hasMessageMatching("(?s).*(valid now: |keyturn status acme).*")
                            .hasMessageContaining("keyturn recover");
                }
                assertEndedForGood(records);
            } else {
                assertThat(thrown).isNull();
                assertThat(calls).isGreaterThan(3);
            }
            return calls;
        } finally {
            disk.mend();
            world.hosts.crash = new CrashPoints();
            world.dromo.crash = new CrashPoints();
            world.dromo.clearFaults();
            try (StoredRecords later = StoredRecords.open(here, world)) {
                later.recover();
                later.assertSettled();
            }
        }
    }

    /** What a sync said no to may be gone, even though the next one says yes; so the process asks for nothing more. */
    private void assertEndedForGood(StoredRecords records) {
        if (fault == Fault.FAILED_SYNC) {
            assertThat(catchThrowable(records::rotate))
                    .as("nothing more is done after a failed sync")
                    .isInstanceOfAny(AuditException.class, JournalException.class);
        }
    }

    /** Before anything is changed: what says so is on the disk. After something failed: nothing is changed any more. */
    private final class Watch extends CrashPoints {
        private final StoredRecords records;

        Watch(StoredRecords records) {
            this.records = records;
        }

        @Override
        void reach(String point) {
            if (point.matches("before (host (install|uninstall|withdraw)|dromo PUT)")) {
                assertThat(disk.fired())
                        .as(point + " after the disk had failed")
                        .isFalse();
                assertThat(disk.unsynced())
                        .as(point + " while a power cut could take its records away")
                        .isEmpty();
                records.assertAnnounced(point);
            }
        }
    }
}
