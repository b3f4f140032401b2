package dev.keyturn.rotation;

import java.util.HashMap;
import java.util.Map;

/**
 * The accounts of one rotation and the visits to them: the one it changes, and the one that Dromo logs in to before it.
 * Both are the same but for alternating accounts, of which preflight finds out whose turn it is.
 */
final class Accounts implements AutoCloseable {
    private final Hosts hosts;
    private final Map<String, HostVisit> visits = new HashMap<>();
    private ManagedCredential active;
    private ManagedCredential changed;

    Accounts(Hosts hosts, ManagedCredential credential, RotationHead head) {
        this.hosts = hosts;
        this.active = credential;
        this.changed = credential;
        head.users().ifPresent(this::are);
    }

    /** From now on these are the rotation's accounts, whatever the configuration says. */
    void are(RotationHead.Users users) {
        active = active.on(users.active());
        changed = changed.on(users.changed());
    }

    ManagedCredential active() {
        return active;
    }

    ManagedCredential changed() {
        return changed;
    }

    boolean alternate() {
        return !active.account().equals(changed.account());
    }

    HostVisit visitToActive() {
        return visit(active);
    }

    HostVisit visitToChanged() {
        return visit(changed);
    }

    private HostVisit visit(ManagedCredential at) {
        return visits.computeIfAbsent(at.account().user(), user -> hosts.visit(at));
    }

    @Override
    public void close() {
        visits.values().forEach(HostVisit::close);
    }
}
