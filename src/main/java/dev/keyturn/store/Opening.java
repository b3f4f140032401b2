package dev.keyturn.store;

import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.CrashPoint;
import dev.keyturn.secret.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The ways to a {@link SqliteJournal}: to write, to look, and to look with the key. Whatever is refused changed nothing. */
final class Opening {
    private Opening() {}

    static SqliteJournal toWrite(Path stateDirectory, SecretSource key, Instant now, CrashPoint.Watch watch)
            throws BusyException, EncryptionKeyRefusedException, StateRefusedException {
        Vault vault = new Vault(EncryptionKey.load(key));
        StateDirectory directory = StateDirectory.prepared(stateDirectory);
        StateLock lock = StateLock.take(directory, now);
        try {
            NativeLibrary.load(directory.path());
            createFile(directory.database());
            Database database = Database.open(directory.database(), watch);
            try {
                switch (Schema.find(database)) {
                    case NOTHING -> create(database, vault);
                    case OLDER -> {
                        // First: a key that is refused must leave the store as it was.
                        KeyCheck.require(database, vault);
                        upgrade(database);
                    }
                    case THIS_VERSION -> {}
                }
                KeyCheck.require(database, vault);
                return new SqliteJournal(database, lock, vault, new RefusalNotes(directory.path()));
            } catch (Exception e) {
                database.close();
                throw e;
            }
        } catch (Exception e) {
            lock.close();
            throw e;
        }
    }

    static SqliteJournal toLook(Path stateDirectory) throws StateRefusedException {
        return new SqliteJournal(forLooking(stateDirectory, null), null, null, new RefusalNotes(stateDirectory));
    }

    static SqliteJournal toLook(Path stateDirectory, SecretSource key)
            throws StateRefusedException, EncryptionKeyRefusedException {
        Vault vault = new Vault(EncryptionKey.load(key));
        Database database = forLooking(stateDirectory, vault);
        try {
            KeyCheck.require(database, vault);
            return new SqliteJournal(database, null, vault, new RefusalNotes(stateDirectory));
        } catch (Exception e) {
            database.close();
            throw e;
        }
    }

    /** The store as this version would have it; one of an older Keyturn is brought up to that in memory. */
    private static Database forLooking(Path stateDirectory, @Nullable Vault vault) throws StateRefusedException {
        StateDirectory.requireVisible(stateDirectory);
        NativeLibrary.load(stateDirectory);
        Path file = new StateDirectory(stateDirectory).database();
        boolean exists = Files.exists(file);
        if (exists) {
            StateDirectory.checked(stateDirectory);
        }
        Database database = exists ? Database.openReadOnly(file) : Database.inMemory(file);
        try {
            Schema.Found found = Schema.find(database);
            if (found == Schema.Found.OLDER) {
                // Whoever only looks must not have to wait for the first command that writes.
                database.close();
                database = Database.copyInMemory(file);
                upgrade(database);
            }
            if (found == Schema.Found.NOTHING) {
                if (exists) {
                    database.close();
                    database = Database.inMemory(file);
                }
                create(database, vault);
            }
            return database;
        } catch (Exception e) {
            database.close();
            throw e;
        }
    }

    private static void upgrade(Database database) {
        database.transaction(() -> {
            Schema.create(database);
            return database;
        });
    }

    private static void create(Database database, @Nullable Vault vault) {
        database.transaction(() -> {
            Schema.create(database);
            if (vault != null) {
                KeyCheck.write(database, vault);
            }
            return database;
        });
    }

    private static void createFile(Path file) throws StateRefusedException {
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (IOException e) {
            throw StateDirectory.unreadable(file, e);
        }
    }
}
