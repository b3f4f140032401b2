package dev.keyturn.bench;

import java.util.List;

/**
 * What to measure.
 *
 * @param accounts on the one host
 * @param concurrency of every contestant alike
 * @param rounds each contestant runs once in each, in turn
 * @param only the contestants' names; empty for all
 * @param sample accounts whose stored and old keys OpenSSH tries after each run
 */
record Options(int accounts, int concurrency, int rounds, List<String> only, int sample) {

    static final String USAGE = """
            bench/rotate-all [OPTION...]
              --accounts N     200: ed25519 accounts on one sshd
              --concurrency N  8: for every contestant
              --rounds N       3: each contestant runs once in each
              --only A,B       %s
              --sample N       5: accounts whose keys OpenSSH tries after each run
            """.formatted(String.join(",", Contestants.NAMES));

    static Options parse(String... words) {
        int accounts = 200;
        int concurrency = 8;
        int rounds = 3;
        int sample = 5;
        List<String> only = List.of();
        for (int i = 0; i < words.length; i += 2) {
            if (i + 1 == words.length) {
                throw new IllegalArgumentException(words[i] + " needs a value, or is no option:\n" + USAGE);
            }
            String value = words[i + 1];
            switch (words[i]) {
                case "--accounts" -> accounts = Integer.parseInt(value);
                case "--concurrency" -> concurrency = Integer.parseInt(value);
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--sample" -> sample = Integer.parseInt(value);
                case "--only" -> only = List.of(value.split(","));
                default -> throw new IllegalArgumentException("There is no option " + words[i] + ":\n" + USAGE);
            }
        }
        if (!Contestants.NAMES.containsAll(only)) {
            throw new IllegalArgumentException("--only takes " + Contestants.NAMES + ", not " + only);
        }
        return new Options(accounts, concurrency, rounds, only, sample);
    }

    boolean wants(String contestant) {
        return only.isEmpty() || only.contains(contestant);
    }
}
