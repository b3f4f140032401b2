package dev.keyturn.rotation;

import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hosts with a crash point before and after each call, also after one that failed. */
public final class WatchedHosts implements Hosts {
    private final Hosts hosts;
    private final CrashPoint.Watch watch;

    public WatchedHosts(Hosts hosts, CrashPoint.Watch watch) {
        this.hosts = hosts;
        this.watch = watch;
    }

    @Override
    public HostVisit visit(ManagedCredential credential) {
        return new Visit(hosts.visit(credential), watch);
    }

    private record Visit(HostVisit visit, CrashPoint.Watch watch) implements HostVisit {
        @Override
        public void preflight(Predecessor predecessor) throws HostException {
            watch.passed(CrashPoint.BEFORE_HOST_PREFLIGHT);
            try {
                visit.preflight(predecessor);
            } finally {
                watch.passed(CrashPoint.AFTER_HOST_PREFLIGHT);
            }
        }

        @Override
        public void install(LoginSecret candidate, Predecessor predecessor) throws HostException {
            watch.passed(CrashPoint.BEFORE_HOST_INSTALL);
            try {
                visit.install(candidate, predecessor);
            } finally {
                watch.passed(CrashPoint.AFTER_HOST_INSTALL);
            }
        }

        @Override
        public Verdict login(LoginSecret secret, List<String> directories) throws HostException {
            watch.passed(CrashPoint.BEFORE_HOST_LOGIN);
            try {
                return visit.login(secret, directories);
            } finally {
                watch.passed(CrashPoint.AFTER_HOST_LOGIN);
            }
        }

        /** Part of the step whose session it uses. */
        @Override
        public Map<String, String> unlisted(LoginSecret secret, List<String> directories) throws HostException {
            return visit.unlisted(secret, directories);
        }

        /** Part of the step whose session it uses. */
        @Override
        public Optional<KeyFile> keyFile(LoginSecret secret) throws HostException {
            return visit.keyFile(secret);
        }

        @Override
        public void withdraw(Predecessor predecessor, LoginSecret successor) throws HostException {
            watch.passed(CrashPoint.BEFORE_HOST_WITHDRAW);
            try {
                visit.withdraw(predecessor, successor);
            } finally {
                watch.passed(CrashPoint.AFTER_HOST_WITHDRAW);
            }
        }

        @Override
        public void uninstall(LoginSecret candidate, Predecessor predecessor) throws HostException {
            watch.passed(CrashPoint.BEFORE_HOST_UNINSTALL);
            try {
                visit.uninstall(candidate, predecessor);
            } finally {
                watch.passed(CrashPoint.AFTER_HOST_UNINSTALL);
            }
        }

        @Override
        public Verdict tryPredecessor(Predecessor predecessor) throws HostException {
            watch.passed(CrashPoint.BEFORE_HOST_REFUSAL);
            try {
                return visit.tryPredecessor(predecessor);
            } finally {
                watch.passed(CrashPoint.AFTER_HOST_REFUSAL);
            }
        }

        @Override
        public Optional<PublicKey> seen(Fingerprint fingerprint) {
            return visit.seen(fingerprint);
        }

        @Override
        public void close() {
            visit.close();
        }
    }
}
