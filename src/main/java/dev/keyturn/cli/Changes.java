package dev.keyturn.cli;

import dev.keyturn.config.Configuration;
import dev.keyturn.rotation.ManagedCredential;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a reload changed, for people. */
final class Changes {
    /** More names would hide what matters; the log and the audit log have them all. */
    private static final int MOST_NAMES = 20;

    private final Configuration before;
    private final Configuration after;

    Changes(Configuration before, Configuration after) {
        this.before = before;
        this.after = after;
    }

    List<String> lines() {
        Map<String, ManagedCredential> old = byName(before);
        Map<String, ManagedCredential> now = byName(after);
        List<String> lines = new ArrayList<>();
        lines.add(after.file() + ": in force, with " + now.size() + (now.size() == 1 ? " credential" : " credentials"));
        if (before.hash().equals(after.hash())) {
            lines.add("  not a byte of it had changed");
            return lines;
        }
        add(
                lines,
                "added",
                now.keySet().stream().filter(name -> !old.containsKey(name)).toList());
        add(
                lines,
                "removed, so nothing is done with it any more",
                old.keySet().stream().filter(name -> !now.containsKey(name)).toList());
        add(
                lines,
                "changed",
                now.keySet().stream()
                        .filter(name -> old.containsKey(name) && !Objects.equals(old.get(name), now.get(name)))
                        .toList());
        if (lines.size() == 1) {
            lines.add("  no credential and no policy of one changed");
        }
        return lines;
    }

    private static Map<String, ManagedCredential> byName(Configuration configuration) {
        Map<String, ManagedCredential> byName = new LinkedHashMap<>();
        configuration.credentials().forEach(credential -> byName.put(credential.name(), credential));
        return byName;
    }

    private static void add(List<String> lines, String what, List<String> names) {
        if (!names.isEmpty()) {
            lines.add("  " + what + ": "
                    + String.join(
                            ", ", names.stream().sorted().limit(MOST_NAMES).toList())
                    + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : ""));
        }
    }
}
