package dev.keyturn.rotation;

/** Being watched changes nothing of what a host promises. */
class WatchedHostsTest extends FakeHostsTest {
    @Override
    protected Hosts hosts() {
        return new WatchedHosts(super.hosts(), CrashPoint.Watch.NONE);
    }
}
