package dev.keyturn.rotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** An audit log in memory that passes {@link AuditTrailContract}. A crash does not touch what it holds. */
final class InMemoryAuditTrail implements AuditTrail {
    private final List<AuditEvent> events = new ArrayList<>();
    private Optional<String> broken = Optional.empty();
    /** Called before a record is there; what it throws ends the call, and the record is not written. */
    Consumer<AuditEvent> beforeAppend = event -> {};
    /** Called once a record is there; what it throws ends the call, and the record stays. */
    Consumer<AuditEvent> afterAppend = event -> {};

    @Override
    public synchronized void append(AuditEvent event) {
        if (broken.isPresent()) {
            throw new AuditException(broken.get());
        }
        beforeAppend.accept(event);
        events.add(event);
        afterAppend.accept(event);
    }

    /** From here on nothing can be written, as after a failed fsync. */
    synchronized void breakDown() {
        broken = Optional.of("injected: the audit log can't be written");
    }

    synchronized List<AuditEvent> events() {
        return List.copyOf(events);
    }

    synchronized List<AuditEvent> events(String name) {
        return events.stream().filter(event -> event.event().equals(name)).toList();
    }
}
