package dev.keyturn.notify;

import dev.keyturn.rotation.Notice;
import dev.keyturn.rotation.Notice.Kind;
import dev.keyturn.rotation.RotationId;
import dev.keyturn.rotation.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Remembers what was told and still holds, so that each fact is told once an interval, and its end once. Thread-safe. */
final class Ledger {
    private static final Set<Kind> ENDS_WITH_A_NOTICE = EnumSet.of(Kind.FAILED, Kind.DRIFT, Kind.OVERDUE);

    private static final Duration SAME_TURN = Duration.ofMinutes(1);

    private final Duration repeat;
    /** When each fact was told last: a credential can have failed in two ways at once. */
    private final Map<Key, Map<String, Instant>> told = new LinkedHashMap<>();
    /** Credentials that were told to be well, and of which nothing bad was told since. */
    private final Map<Optional<String>, Instant> recovered = new HashMap<>();

    private record Key(Optional<String> credential, Kind kind) {}

    /**
     * A line of the ledger.
     *
     * @param fact what was told, in words that tell it from another trouble of the same kind
     */
    record Entry(Instant at, Kind kind, Optional<String> credential, String fact) {}

    Ledger(Duration repeat, Collection<Entry> known) {
        this.repeat = repeat;
        known.forEach(entry -> facts(new Key(entry.credential(), entry.kind())).put(entry.fact(), entry.at()));
    }

    /** Whether the notice is to be told; remembers that it was. */
    synchronized boolean tell(Notice notice) {
        if (notice.kind() == Kind.RECOVERED) {
            return recovers(notice);
        }
        Map<String, Instant> facts = facts(new Key(notice.credential(), notice.kind()));
        Instant before = facts.get(fact(notice));
        // Of a clock that was set back by far, nothing is known.
        if (before != null && Duration.between(before, notice.at()).abs().compareTo(repeat) < 0) {
            return false;
        }
        if (notice.kind() != Kind.FAILED) {
            // Of these a credential has one at a time, so the one before is over.
            facts.clear();
        }
        facts.put(fact(notice), notice.at());
        recovered.remove(notice.credential());
        return true;
    }

    private Map<String, Instant> facts(Key key) {
        return told.computeIfAbsent(key, first -> new LinkedHashMap<>());
    }

    /** One turn can settle a rotation and end a trouble; that the credential is well is news once. */
    private boolean recovers(Notice notice) {
        Instant before = recovered.put(notice.credential(), notice.at());
        return before == null || Duration.between(before, notice.at()).abs().compareTo(SAME_TURN) > 0;
    }

    /** What became of troubles that are over. */
    enum End {
        /** They had not been told. */
        UNKNOWN,
        /** They had been told, but their end is no news of its own. */
        SILENT,
        /** Their end is to be told. */
        TOLD
    }

    synchronized End over(Set<Kind> kinds, Notice news) {
        End end = End.UNKNOWN;
        for (Kind kind : kinds) {
            if (told.remove(new Key(news.credential(), kind)) != null && end != End.TOLD) {
                end = ENDS_WITH_A_NOTICE.contains(kind) ? End.TOLD : End.SILENT;
            }
        }
        return end == End.TOLD && !recovers(news) ? End.SILENT : end;
    }

    /** It was not told after all. */
    synchronized void forget(Notice notice) {
        told.computeIfPresent(new Key(notice.credential(), notice.kind()), (key, facts) -> {
            facts.remove(fact(notice));
            return facts.isEmpty() ? null : facts;
        });
    }

    synchronized List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        told.forEach((key, facts) ->
                facts.forEach((fact, at) -> entries.add(new Entry(at, key.kind(), key.credential(), fact))));
        return entries;
    }

    /**
     * Another step or kind of failure or of drift is another fact, and so is another rotation that waits for a partner, or
     * a leak where it was age.
     */
    private static String fact(Notice notice) {
        Notice.Reference reference = notice.reference();
        return switch (notice.kind()) {
            case FAILED ->
                reference.step().map(Step::label).orElse("-") + " "
                        + reference.failure().orElse("-");
            case AWAITING_INSTALL, AWAITING_WITHDRAWAL ->
                reference.rotation().map(RotationId::text).orElse("-");
            case DRIFT, OVERDUE -> reference.failure().orElse("-");
            case RECOVERED -> "-";
        };
    }
}
