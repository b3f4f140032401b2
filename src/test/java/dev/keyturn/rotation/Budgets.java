package dev.keyturn.rotation;

import java.time.Clock;

/** Login budgets for tests of other rooms. */
public final class Budgets {
    private Budgets() {}

    /** One that knows of no refused login yet. */
    public static LoginBudget fresh() {
        return new LoginBudget(new InMemoryJournal(), Clock.systemUTC());
    }
}
