package dev.keyturn.faults;

import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.Progress;
import dev.keyturn.rotation.RotationResult;
import dev.keyturn.rotation.Step;
import dev.keyturn.secret.AuthType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Some faults at once, and some recoveries while they last. */
record FaultDraw(long seed, AuthType secret, List<FaultCase> faults, int recoveries) {
    private static final int MOST_FAULTS = 4;
    private static final int MOST_RECOVERIES = 2;

    /** A Dromo or host that says yes whatever is true can't be seen through once something else is wrong too. */
    private static final Set<String> LIARS =
            Set.of("success without a login", "any credential is accepted", "change forgotten");

    static FaultDraw of(long seed) {
        Random random = new Random(seed);
        AuthType secret = pick(random, List.of(AuthType.values()));
        List<FaultCase> possible = FaultTable.all().stream()
                .filter(table -> table.secret() == secret)
                .flatMap(table -> table.cases().stream())
                .filter(one -> !LIARS.contains(one.kind().name()))
                .toList();
        List<FaultCase> faults = new ArrayList<>();
        int count = 2 + random.nextInt(MOST_FAULTS - 1);
        for (int i = 0; i < count; i++) {
            faults.add(pick(random, possible));
        }
        return new FaultDraw(seed, secret, List.copyOf(faults), random.nextInt(MOST_RECOVERIES + 1));
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    boolean hangs() {
        return faults.stream().anyMatch(one -> one.kind().hangs());
    }

    /** @return how it ended */
    Outcome run(Path directory) {
        try {
            return rotate(directory);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("replay it with " + this, e);
        }
    }

    private Outcome rotate(Path directory) throws Exception {
        try (FaultWorld world = new FaultWorld(secret, hangs(), directory)) {
            Oracle oracle = new Oracle(world);
            Progress fuses = new Fuses(faults.stream()
                    .map(one -> new Fuse(world, one.kind(), one.moment(), one.extent()))
                    .toList());
            RotationResult latest = world.rotate(fuses);
            oracle.looksDuringTheFault(latest);
            for (int i = 0; i < recoveries; i++) {
                Optional<RotationResult> recovered = world.recover(fuses);
                if (recovered.isPresent()) {
                    latest = recovered.get();
                    oracle.looksDuringTheFault(latest);
                }
            }
            world.heal();
            latest = world.recover(Progress.NONE).orElse(latest);
            oracle.looksOnceHealed();
            oracle.looksAtTheNext(world.rotateLater());
            return latest.outcome();
        }
    }

    @Override
    public String toString() {
        return "-Dkeyturn.faults.seed=" + seed + ": " + faults + ", recoveries: " + recoveries;
    }

    private record Fuses(List<Fuse> each) implements Progress {
        @Override
        public void began(ManagedCredential credential, Step step) {
            each.forEach(fuse -> fuse.began(credential, step));
        }

        @Override
        public void done(ManagedCredential credential, Step step, String detail) {}

        @Override
        public void failed(ManagedCredential credential, Step step, String message) {}
    }
}
