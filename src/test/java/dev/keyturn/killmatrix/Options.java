package dev.keyturn.killmatrix;

import java.util.List;
import java.util.Random;

/**
 * What to kill.
 *
 * @param times how often in each moment
 * @param made how often an earlier run killed in each moment, which counts for {@code least}
 * @param least then again, until each named point was killed in so often for each kind that passes it
 * @param every only in each n-th moment; the kinds begin one after the other, so that together they leave out none
 * @param seed where the first kind begins
 * @param jobs how many scenarios side by side
 * @param together how many trials of a scenario die by one kill
 * @param only scenarios whose name contains this; empty for all
 */
record Options(int times, int made, int least, int every, long seed, int jobs, int together, String only) {

    static final String USAGE = """
            bench/kill-matrix [OPTION...]
              --times N     1: kills in each moment
              --made N      0: kills in each moment that an earlier run made; they count for --least
              --least N     0: then again, until so many kills in each named point for each kind that passes it
              --every N     1: only in each N-th moment, each kind beginning one later than the one before it
              --seed N      where the first kind begins, and the instants of the random kills
              --jobs N      2: scenarios side by side
              --together N 16: trials of a scenario whose process is killed once for them all
              --only TEXT   scenarios whose name contains it, such as 'overlap' or 'password, passwd'
              --random N    0: kills at random instants on a real sshd, for keys and for passwords each
            """;

    static Options parse(String... words) {
        int times = 1;
        int made = 0;
        int least = 0;
        int every = 1;
        long seed = new Random().nextLong();
        int jobs = 2;
        int together = 16;
        String only = "";
        for (int i = 0; i < words.length; i += 2) {
            if (i + 1 == words.length) {
                throw new IllegalArgumentException(words[i] + " needs a value, or is no option:\n" + USAGE);
            }
            String value = words[i + 1];
            switch (words[i]) {
                case "--times" -> times = Integer.parseInt(value);
                case "--made" -> made = Integer.parseInt(value);
                case "--least" -> least = Integer.parseInt(value);
                case "--every" -> every = Integer.parseInt(value);
                case "--seed" -> seed = Long.parseLong(value);
                case "--jobs" -> jobs = Integer.parseInt(value);
                case "--together" -> together = Integer.parseInt(value);
                case "--only" -> only = value;
                case "--random" -> Integer.parseUnsignedInt(value); // bench/kill-matrix goes on with it afterwards
                default -> throw new IllegalArgumentException("There is no option " + words[i] + ":\n" + USAGE);
            }
        }
        return new Options(times, made, least, every, seed, jobs, together, only);
    }

    List<Scenario> scenarios() {
        List<Scenario> chosen = Scenario.all().stream()
                .filter(scenario -> scenario.toString().contains(only))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no scenario has '" + only + "' in its name: " + Scenario.all());
        }
        return chosen;
    }
}
