package dev.keyturn.config;

/**
 * How much goes on side by side.
 *
 * @param workers rotations in all
 * @param perHost rotations on one hostname and port
 */
public record Limits(int workers, int perHost) {
    static final Keys KEYS = Keys.of("workers", "16", "per_host", "4");
    static final Limits DEFAULT = new Limits(16, 4);

    static Limits read(Section section) {
        return new Limits(
                section.value("workers")
                        .flatMap(workers -> workers.wholeNumber(1, 256))
                        .orElse(DEFAULT.workers),
                section.value("per_host")
                        .flatMap(most -> most.wholeNumber(1, 64))
                        .orElse(DEFAULT.perHost));
    }
}
