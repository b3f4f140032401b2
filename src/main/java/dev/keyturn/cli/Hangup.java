package dev.keyturn.cli;

import java.lang.reflect.Proxy;

/**
 * SIGHUP. The JVM has no public API for signals; its unsupported one ({@code sun.misc.Signal}, of the module {@code
 * jdk.unsupported}) is called by reflection, since javac warns of its mere name.
 */
final class Hangup {
    private Hangup() {}

    /** Runs {@code work} on a thread of its own at each SIGHUP from now on, instead of ending the process. */
    static void onEach(Runnable work) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handling = Proxy.newProxyInstance(
                    Hangup.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            work.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handling);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java can't be told to listen to SIGHUP", e);
        }
    }
}
