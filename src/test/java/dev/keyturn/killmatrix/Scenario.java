package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Course.Leg;
import java.util.List;
import java.util.stream.Stream;

/** A kind of rotation on its course. */
record Scenario(Kind kind, Course course) {
    static List<Scenario> all() {
        return Kind.ALL.stream()
                .flatMap(kind -> Course.fitting(kind).map(course -> new Scenario(kind, course)))
                .toList();
    }

    /** A moment in one of its commands. */
    record Target(Leg leg, Passing passing) {
        @Override
        public String toString() {
            return passing + " of " + leg;
        }
    }

    Stream<Leg> targets() {
        return course.legs().stream().filter(leg -> leg.end().isEmpty());
    }

    @Override
    public String toString() {
        return kind + " / " + course;
    }
}
