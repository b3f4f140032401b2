package dev.keyturn.cli;

import dev.keyturn.notify.NotifySettings;
import dev.keyturn.notify.Trial;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "notify", description = "Tries whether notices arrive.", mixinStandardHelpOptions = true)
final class NotifyCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli
    private Keyturn keyturn;

    @Override
    public Integer call() {
        throw new UsageException("notify what? test");
    }

    @Command(
            name = "test",
            description =
                    "Sends one test notice over each webhook and each mail server, once, and says what came of it.",
            mixinStandardHelpOptions = true)
    int test(@Option(names = "--json", description = "Print a JSON array.") boolean json) throws Exception {
        Surroundings surroundings = keyturn.surroundings();
        NotifySettings settings = Notifying.settings(keyturn.configuration().notifications());
        if (settings.webhooks().isEmpty() && settings.mail().isEmpty()) {
            throw new UsageException("the configuration has no 'notify', so nobody is told anything");
        }
        List<Trial.Result> results = Trial.run(settings, Workshop.node(), surroundings.clock());
        print(results, json, surroundings.out());
        return results.stream().allMatch(result -> result.problem().isEmpty()) ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    private static void print(List<Trial.Result> results, boolean json, PrintStream out) {
        if (json) {
            out.println(Json.array(results.stream()
                    .map(result -> Json.object()
                            .put("channel", result.channel())
                            .put("ok", result.problem().isEmpty())
                            .put("error", result.problem().orElse(null)))
                    .toList()));
        } else {
            results.forEach(result -> out.println(result.channel() + ": "
                    + result.problem().map(why -> "FAILED: " + why).orElse("ok")));
        }
    }
}
