package dev.keyturn.bench;

import dev.keyturn.sandbox.DromoRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Runs a contestant from the same start as all others, times it, and checks its work. */
final class Race {

    private static final Pattern ACCEPTED = Pattern.compile("(?m)^Accepted publickey for ");
    private static final Pattern REFUSED = Pattern.compile("(?m)^Failed publickey for ");

    private final Fleet fleet;
    private final Options options;
    private final Path workspace;

    Race(Fleet fleet, Options options, Path workspace) {
        this.fleet = fleet;
        this.options = options;
        this.workspace = workspace;
    }

    Leg run(Contestant contestant, int round) throws IOException, InterruptedException {
        Path directory = Files.createDirectory(workspace.resolve(contestant.name() + "-" + round));
        fleet.writeTo(directory);
        fleet.reset();
        contestant.preparation().prepare(directory);
        fleet.reset();

        int port = fleet.sshd().port();
        int logBefore = fleet.sshd().log().length();
        int requestsBefore = fleet.dromo().requests().size();
        System.gc(); // Of the stand-in's garbage, lest a contestant wait for another's.
        CpuTimes before = CpuTimes.now(port);
        Program program = Program.run(directory, environment(contestant), contestant.command());
        CpuTimes cpu = CpuTimes.now(port).since(before);

        String log = fleet.sshd().log().substring(logBefore);
        List<DromoRequest> requests = fleet.dromo().requests();
        Duration time = program.time();
        if (contestant.kind() == Contestant.Kind.ROTATES) {
            new CompleteJob(fleet, options.sample()).check(requests.subList(requestsBefore, requests.size()));
        } else {
            time = Duration.ofNanos(
                    Math.round(Double.parseDouble(program.output().strip()) * 1e9));
        }
        return new Leg(
                contestant,
                round,
                options.accounts(),
                time,
                cpu,
                Math.toIntExact(ACCEPTED.matcher(log).results().count()),
                Math.toIntExact(REFUSED.matcher(log).results().count()));
    }

    private Map<String, String> environment(Contestant contestant) {
        Map<String, String> environment = new HashMap<>(contestant.environment());
        environment.put("HOST", fleet.sshd().host());
        environment.put("PORT", "" + fleet.sshd().port());
        environment.put("DROMO", fleet.dromo().url());
        environment.put("JOBS", "" + options.concurrency());
        return environment;
    }
}
