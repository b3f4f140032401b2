package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Matrix.Row;
import dev.keyturn.killmatrix.Scenario.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each named point was killed in, kind by kind. A point such as a commit of the journal is passed dozens of times
 * on one course; another, such as the PUT, once.
 */
final class Quota {
    private Quota() {}

    /** A kill that was made, or is to be made. */
    private record Place(Scenario scenario, Target target) {}

    /** How many kills, by point and then by kind. */
    static Map<String, Map<Kind, Integer>> kills(List<Row> rows) {
        Map<String, Map<Kind, Integer>> kills = new TreeMap<>();
        for (Row row : rows) {
            for (Target kill : row.kills()) {
                kills.computeIfAbsent(kill.passing().point(), point -> new HashMap<>())
                        .merge(row.scenario().kind(), 1, Integer::sum);
            }
        }
        return kills;
    }

    /**
     * What is missing until each point was killed in {@code least} times for each kind that passes it: spread over all the
     * moments in which the kind does.
     */
    static Map<Scenario, List<Target>> missing(List<Row> rows, int least) {
        Map<String, List<Place>> places = new TreeMap<>();
        for (Row row : rows) {
            for (Target kill : row.kills()) {
                places.computeIfAbsent(
                                row.scenario().kind() + " " + kill.passing().point(), key -> new ArrayList<>())
                        .add(new Place(row.scenario(), kill));
            }
        }
        Map<Scenario, List<Target>> missing = new HashMap<>();
        for (List<Place> of : places.values()) {
            for (int i = of.size(); i < least; i++) {
                Place next = of.get(i % of.size());
                missing.computeIfAbsent(next.scenario(), scenario -> new ArrayList<>())
                        .add(next.target());
            }
        }
        return missing;
    }
}
