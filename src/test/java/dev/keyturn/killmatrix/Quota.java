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

    /**
     * How many kills, by point and then by kind; 0 where a kind passes the point and was never killed there.
     *
     * @param made how often an earlier run killed in each moment
     */
    static Map<String, Map<Kind, Integer>> kills(List<Row> rows, int made) {
        Map<String, Map<Kind, Integer>> kills = new TreeMap<>();
        for (Row row : rows) {
            Kind kind = row.scenario().kind();
            row.moments().forEach(moment -> ofPoint(kills, moment).merge(kind, made, Integer::sum));
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
     *
     * @param made how often an earlier run killed in each moment
     */
    static Map<Scenario, List<Target>> missing(List<Row> rows, int made, int least) {
        Map<Place, Integer> kills = new HashMap<>();
        Map<String, List<Place>> places = new LinkedHashMap<>();
        for (Row row : rows) {
            row.kills().forEach(kill -> kills.merge(new Place(row.scenario(), kill), 1, Integer::sum));
            for (Target moment : row.moments()) {
                kills.merge(new Place(row.scenario(), moment), made, Integer::sum);
                places.computeIfAbsent(
                                row.scenario().kind() + " " + moment.passing().point(), key -> new ArrayList<>())
                        .add(new Place(row.scenario(), moment));
            }
        }
        Map<Scenario, List<Target>> missing = new LinkedHashMap<>();
        for (List<Place> samePoint : places.values()) {
            int all = samePoint.stream().mapToInt(kills::get).sum();
            for (int i = all; i < least; i++) {
                Place next = Collections.min(samePoint, Comparator.comparing(kills::get));
                kills.merge(next, 1, Integer::sum);
                missing.computeIfAbsent(next.scenario(), scenario -> new ArrayList<>())
                        .add(next.target());
            }
        }
        return missing;
    }
}
