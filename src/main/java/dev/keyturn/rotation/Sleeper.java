package dev.keyturn.rotation;

import java.time.Duration;

/** Waiting, behind an interface so that tests move a clock instead. */
public interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
}
