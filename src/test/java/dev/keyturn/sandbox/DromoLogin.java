package dev.keyturn.sandbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How Dromo finds out whether a credential works. */
interface DromoLogin extends AutoCloseable {

    /**
     * Logs in and lists each of the directories, or the directory it lands in where there are none.
     *
     * @return null where that worked, else a short reason as Dromo would show it
     */
    @Nullable
    String tryOut(DromoCredential credential, List<String> directories);

    @Override
    void close();

    /** Finds every credential good, without looking. */
    static DromoLogin none() {
        return new DromoLogin() {
            @Override
            public @Nullable String tryOut(DromoCredential credential, List<String> directories) {
                return null;
            }

            @Override
            public void close() {}
        };
    }
}
