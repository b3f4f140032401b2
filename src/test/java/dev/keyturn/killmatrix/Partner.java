package dev.keyturn.killmatrix;

import java.util.List;
import java.util.Optional;

/** Who alone may change a host by hand. Knows nothing but what {@code keyturn show-key} prints. */
final class Partner {
    /** What is done before a command. */
    enum Act {
        NOTHING,
        INSTALL_NEW,
        TAKE_OLD_OFF,
        TAKE_NEW_OFF
    }

    private record Shown(String line, String meaning) {}

    private final World world;
    private final Mortal keyturn;

    Partner(World world, Mortal keyturn) {
        this.world = world;
        this.keyturn = keyturn;
    }

    void does(Act act) {
        switch (act) {
            case NOTHING -> {}
            case INSTALL_NEW -> world.addKeyLine(key("acme"));
            case TAKE_OLD_OFF -> world.removeKey(key("--old acme"));
            case TAKE_NEW_OFF -> world.removeKey(key("acme"));
        }
    }

    /** Does what is asked for; false where nothing is that isn't done yet. */
    boolean doesWhatIsAsked() {
        List<String> before = world.keyLines();
        show("acme").ifPresent(this::heed);
        show("--old acme").ifPresent(this::heed);
        return !world.keyLines().equals(before);
    }

    private void heed(Shown shown) {
        if (shown.meaning().endsWith("to be installed on the host")) {
            world.addKeyLine(shown.line());
        } else if (shown.meaning().endsWith("to come off the host")
                || shown.meaning().endsWith("to be taken off the host")) {
            world.removeKey(shown.line());
        }
    }

    private String key(String words) {
        return show(words)
                .orElseThrow(() -> new IllegalStateException("show-key " + words + ":\n" + world.whatWasSaid()))
                .line();
    }

    private Optional<Shown> show(String words) {
        if (keyturn.run(world, "show-key " + words, null).status() != 0) {
            return Optional.empty();
        }
        List<String> said = world.whatWasSaid().lines().toList();
        return Optional.of(new Shown(said.get(said.size() - 2), said.get(said.size() - 1)));
    }
}
