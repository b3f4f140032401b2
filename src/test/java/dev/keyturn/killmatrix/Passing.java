package dev.keyturn.killmatrix;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A moment to kill in: the n-th time that a point is passed in one command.
 *
 * @param point a {@code CrashPoint} of the product, or a one of host or Dromo
 * @param nth from 1
 */
record Passing(String point, int nth) {
    /** A moment in the product's own process. */
    static Passing at(String point, int nth) {
        return new Passing(point, nth);
    }

    /** Host or Dromo has done what it was asked and has not answered yet; the product does not know of it. */
    boolean remote() {
        return point.startsWith(World.REMOTE);
    }

    static List<Passing> of(List<String> points) {
        List<Passing> passings = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            passings.add(at(points.get(i), Collections.frequency(points.subList(0, i + 1), points.get(i))));
        }
        return passings;
    }

    @Override
    public String toString() {
        return point + ":" + nth;
    }
}
