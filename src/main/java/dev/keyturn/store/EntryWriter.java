package dev.keyturn.store;

import dev.keyturn.rotation.Compromise;
import dev.keyturn.rotation.JournalEntry;
import dev.keyturn.rotation.JournalException;
import dev.keyturn.rotation.Lease;
import dev.keyturn.rotation.RotationHead;
import dev.keyturn.rotation.RotationHead.Users;
import dev.keyturn.rotation.RotationState.Kind;
import dev.keyturn.rotation.SecretVersion;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

/** What an entry of a rotation means for each table. Whoever writes several brings the transaction around them. */
final class EntryWriter {
    private final LeaseTable leases;
    private final CredentialTable credentials;
    private final RotationTable rotations;
    private final Supplier<SecretTable> secrets;

    /** @param secrets throws where the store is open without its key */
    EntryWriter(
            LeaseTable leases, CredentialTable credentials, RotationTable rotations, Supplier<SecretTable> secrets) {
        this.leases = leases;
        this.credentials = credentials;
        this.rotations = rotations;
        this.secrets = secrets;
    }

    /** Encrypts what the entry stores. Outside of the transaction, so that nobody waits for it. */
    Optional<SecretTable.Entry> seal(JournalEntry entry) {
        return entry.store()
                .map(secret -> secrets.get()
                        .seal(
                                entry.state().head().credential(),
                                entry.state().candidate().orElseThrow().id(),
                                secret));
    }

    /** @param sealed what {@link #seal} made of the entry */
    void write(Lease lease, JournalEntry entry, Optional<SecretTable.Entry> sealed) throws SQLException {
        RotationHead head = entry.state().head();
        leases.require(lease, head.credential());
        credentials.know(head.credential(), entry.at());
        rotations.write(entry);
        if (sealed.isPresent()) {
            secrets.get()
                    .insert(sealed.get(), head.users().filter(Users::alternate).map(Users::changed));
        }
        promote(head, entry);
        count(head, entry);
        erase(head.credential(), entry.erase());
    }

    private void promote(RotationHead head, JournalEntry entry) throws SQLException {
        if (entry.promote().isPresent() && entry.state().kind() == Kind.ROLLED_BACK) {
            credentials.found(head.credential(), entry.promote().get());
            rotations.markFailed(head.id(), false);
        } else if (entry.promote().isPresent()) {
            Optional<Users> users = head.users().filter(Users::alternate);
            credentials.promote(head.credential(), entry.promote().get(), users.map(Users::changed), entry.at());
            if (users.isPresent() && head.previous().isPresent()) {
                secrets.get().belongsTo(head.previous().get().id(), users.get().active());
            }
            rotations.markFailed(head.id(), false);
        }
    }

    /** A rotation counts as failed once, however often it is parked; completing it makes good for that. */
    private void count(RotationHead head, JournalEntry entry) throws SQLException {
        Kind kind = entry.state().kind();
        if (kind == Kind.COMPLETED) {
            credentials.forgetFailures(head.credential());
            replaced(head);
        } else if ((entry.failure().isPresent() || kind == Kind.ROLLED_BACK) && rotations.markFailed(head.id(), true)) {
            credentials.countFailure(head.credential());
        }
    }

    /** Asks the table, not the head: the word may have been given anew while the rotation was in flight. */
    private void replaced(RotationHead head) throws SQLException {
        Optional<Compromise> word = credentials.compromise(head.credential());
        if (word.isPresent() && head.users().isPresent() && rotations.isOfCompromised(head.id())) {
            credentials.compromised(
                    head.credential(), word.get().without(head.users().get().changed()));
        }
    }

    private void erase(String credential, Collection<String> ids) throws SQLException {
        Optional<String> current = credentials.current(credential).map(SecretVersion::id);
        for (String id : ids) {
            if (current.equals(Optional.of(id))) {
                throw new JournalException(
                        credential + ": secret " + id + " is the one in use and is never erased; nothing was written");
            }
            secrets.get().erase(id);
        }
    }
}
