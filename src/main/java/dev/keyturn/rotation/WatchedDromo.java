package dev.keyturn.rotation;

import dev.keyturn.secret.LoginSecret;
import java.util.List;

/** Dromo with a crash point before and after each call, also after one that failed. */
public final class WatchedDromo implements Dromo {
    private final Dromo dromo;
    private final CrashPoint.Watch watch;

    public WatchedDromo(Dromo dromo, CrashPoint.Watch watch) {
        this.dromo = dromo;
        this.watch = watch;
    }

    @Override
    public StoredCredential retrieve(String id) throws DromoException {
        watch.passed(CrashPoint.BEFORE_DROMO_RETRIEVE);
        try {
            return dromo.retrieve(id);
        } finally {
            watch.passed(CrashPoint.AFTER_DROMO_RETRIEVE);
        }
    }

    @Override
    public StoredCredential update(String id, Account account, LoginSecret secret) throws DromoException {
        watch.passed(CrashPoint.BEFORE_DROMO_UPDATE);
        try {
            return dromo.update(id, account, secret);
        } finally {
            watch.passed(CrashPoint.AFTER_DROMO_UPDATE);
        }
    }

    @Override
    public TestResult testConnection(String id) throws DromoException {
        watch.passed(CrashPoint.BEFORE_DROMO_TEST);
        try {
            return dromo.testConnection(id);
        } finally {
            watch.passed(CrashPoint.AFTER_DROMO_TEST);
        }
    }

    @Override
    public List<StoredCredential> credentials() throws DromoException {
        watch.passed(CrashPoint.BEFORE_DROMO_LIST);
        try {
            return dromo.credentials();
        } finally {
            watch.passed(CrashPoint.AFTER_DROMO_LIST);
        }
    }

    @Override
    public List<Connector> connectors() throws DromoException {
        watch.passed(CrashPoint.BEFORE_DROMO_LIST);
        try {
            return dromo.connectors();
        } finally {
            watch.passed(CrashPoint.AFTER_DROMO_LIST);
        }
    }
}
