package dev.keyturn.rotation;

import java.util.List;

final class InMemoryAuditTrailTest extends AuditTrailContract {
    private final InMemoryAuditTrail trail = new InMemoryAuditTrail();

    @Override
    protected AuditTrail emptyTrail() {
        return trail;
    }

    @Override
    protected List<String> writtenEvents() {
        return trail.events().stream().map(AuditEvent::event).toList();
    }
}
