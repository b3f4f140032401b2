package dev.keyturn.faults;

import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.RotationResult;
import java.util.Optional;

/** What a rotation with a fault in it comes to, in the words of the tables in docs/reliability.md. */
enum Convergence {
    /** The fault can't hit there. */
    NOT_HIT("–"),
    COMPLETED("C"),
    ROLLED_BACK("R"),
    /** Nothing was changed. */
    UNTOUCHED("U"),
    /** It stopped with both credentials kept, and {@code recover} completed it. */
    RECOVERED_FORWARD("F→C"),
    /** It stopped with both credentials kept, and {@code recover} rolled it back. */
    RECOVERED_BACK("F→R");

    private final String symbol;

    Convergence(String symbol) {
        this.symbol = symbol;
    }

    String symbol() {
        return symbol;
    }

    /** @param recovered empty where nothing was open */
    static Convergence of(RotationResult rotated, Optional<RotationResult> recovered) {
        if (recovered.isEmpty()) {
            return switch (rotated.outcome()) {
                case COMPLETED -> COMPLETED;
                case ROLLED_BACK -> ROLLED_BACK;
                case FAILED -> UNTOUCHED;
                default -> throw new AssertionError("ended with " + rotated);
            };
        }
        Outcome end = recovered.get().outcome();
        return switch (end) {
            case COMPLETED -> RECOVERED_FORWARD;
            case ROLLED_BACK -> RECOVERED_BACK;
            default -> throw new AssertionError("recovered to " + recovered.get());
        };
    }
}
