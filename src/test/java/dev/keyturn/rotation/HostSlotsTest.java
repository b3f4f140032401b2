package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostSlotsTest {
    private static final Account HERE = new Account("sftp.example", 22, "one");
    private static final Account ELSEWHERE = new Account("sftp.example", 2222, "one");

    private final HostSlots slots = new HostSlots(1);
    private final List<String> woken = new ArrayList<>();

    @Test
    void wakesTheOneThatWaitsLongestForEachSlotThatIsGivenBack() {
        assertThat(slots.take(HERE)).isTrue();
        assertThat(waits("first", true)).isTrue();
        assertThat(waits("second", true)).isTrue();

        slots.giveBack(HERE);
        assertThat(woken).containsExactly("first");
        slots.giveBack(HERE);
        slots.giveBack(HERE);
        assertThat(woken).containsExactly("first", "second");
    }

    @Test
    void wakesTheNextWhereNobodyWantsTheSlotAnyMore() {
        assertThat(slots.take(HERE)).isTrue();
        waits("gone", false);
        waits("next", true);
        waits("later", true);

        slots.giveBack(HERE);

        assertThat(woken).containsExactly("gone", "next");
    }

    @Test
    void wakesNobodyForAnotherHostsSlotOrWhoGotOneAtOnce() {
        assertThat(waits("served", true)).isFalse();
        assertThat(slots.take(ELSEWHERE)).isTrue();
        waits("waits", true);

        slots.giveBack(ELSEWHERE);
        assertThat(woken).isEmpty();
        slots.giveBack(HERE);
        assertThat(woken).containsExactly("waits");
    }

    @Test
    void forgetsWhoWaits() {
        assertThat(slots.take(HERE)).isTrue();
        waits("forgotten", true);

        slots.forgetWaiting();
        slots.giveBack(HERE);

        assertThat(woken).isEmpty();
    }

    /** Whoever is woken may take the slot right then. */
    @Test
    void givesTheSlotBackBeforeItWakes() {
        List<Boolean> taken = new ArrayList<>();
        assertThat(slots.take(HERE)).isTrue();
        slots.takeOr(HERE, () -> taken.add(slots.take(HERE)));

        slots.giveBack(HERE);

        assertThat(taken).containsExactly(true);
    }

    /** No slot of its own host is given back: that one had some all the time. */
    @Test
    void wakesWhoWaitsForTheLimitInAllWhicheverHostGivesBack() {
        HostSlots oneInAll = new HostSlots(1, 1);
        assertThat(oneInAll.take(ELSEWHERE)).isTrue();
        assertThat(oneInAll.takeOr(HERE, () -> woken.add("here"))).isFalse();
        assertThat(oneInAll.takeOr(ELSEWHERE, () -> woken.add("elsewhere"))).isFalse();

        oneInAll.giveBack(ELSEWHERE);
        assertThat(woken).containsExactly("here");
        assertThat(oneInAll.take(HERE)).isTrue();
        oneInAll.giveBack(HERE);

        assertThat(woken).containsExactly("here", "elsewhere");
        assertThat(oneInAll.take(ELSEWHERE)).isTrue();
    }

    private boolean waits(String name, boolean wants) {
        return !slots.takeOr(HERE, () -> {
            woken.add(name);
            return wants;
        });
    }
}
