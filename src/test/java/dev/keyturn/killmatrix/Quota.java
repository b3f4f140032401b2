package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Matrix.Row;
import dev.keyturn.killmatrix.Scenario.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each named point was killed in, kind by kind. A point such as a commit of the journal is passed dozens of times
 * on one course; another, such as the PUT, once.
 */
final class Quota {
    private Quota() {}

    /** A moment of a scenario. */
    private record Place(Scenario scenario, Target target) {}

    /** How many kills, by point and then by kind; 0 where a kind passes the point and was never killed there. */
    static Map<String, Map<Kind, Integer>> kills(List<Row> rows) {
        Map<String, Map<Kind, Integer>> kills = new TreeMap<>();
        for (Row row : rows) {
            Kind kind = row.scenario().kind();
            row.moments().forEach(moment -> ofPoint(kills, moment).putIfAbsent(kind, 0));
            row.kills().forEach(kill -> ofPoint(kills, kill).merge(kind, 1, Integer::sum));
        }
        return kills;
    }

    private static Map<Kind, Integer> ofPoint(Map<String, Map<Kind, Integer>> kills, Target target) {
        return kills.computeIfAbsent(target.passing().point(), point -> new HashMap<>());
    }

    /**
     * What is missing until each point was killed in {@code least} times for each kind that passes it: in turn in each of
     * the kind's moments there, those that were killed in least first.
     */
    static Map<Scenario, List<Target>> missing(List<Row> rows, int least) {
        Map<Place, Integer> kills = new HashMap<>();
        Map<String, List<Place>> places = new LinkedHashMap<>();
        for (Row row : rows) {
            row.kills().forEach(kill -> kills.merge(new Place(row.scenario(), kill), 1, Integer::sum));
            for (Target moment : row.moments()) {
                places.computeIfAbsent(
                                row.scenario().kind() + " " + moment.passing().point(), key -> new ArrayList<>())
                        .add(new Place(row.scenario(), moment));
            }
        }
        Map<Scenario, List<Target>> missing = new LinkedHashMap<>();
        for (List<Place> samePoint : places.values()) {
            int made = samePoint.stream()
                    .mapToInt(place -> kills.getOrDefault(place, 0))
                    .sum();
            for (int i = made; i < least; i++) {
                Place next = Collections.min(samePoint, Comparator.comparing(place -> kills.getOrDefault(place, 0)));
                kills.merge(next, 1, Integer::sum);
                missing.computeIfAbsent(next.scenario(), scenario -> new ArrayList<>())
                        .add(next.target());
            }
        }
        return missing;
    }
}
