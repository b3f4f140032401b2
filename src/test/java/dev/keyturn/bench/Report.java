package dev.keyturn.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Markdown: medians over the rounds; ratios are made within a round, where all had the same machine. */
final class Report {

    private final List<Leg> legs;

    Report(List<Leg> legs) {
        this.legs = List.copyOf(legs);
    }

    String markdown() {
        return speed() + "\n" + where() + "\n" + rounds();
    }

    private String speed() {
        return "| Contestant | Seconds | Accounts/s | Share of the limit | Keyturn is faster by | Logins accepted"
                + " + refused |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
                + contestants()
                        .map(one -> row(
                                one.what(),
                                median(one, leg -> leg.seconds(), "%.1f"),
                                median(one, Leg::rate, "%.1f"),
                                ratio(one, Contestants.LIMIT, "%.0f %%", 100),
                                inverse(one),
                                median(one, leg -> leg.perAccount(leg.accepted()), "%.2f") + " + "
                                        + median(one, leg -> leg.perAccount(leg.refused()), "%.2f")))
                        .collect(Collectors.joining());
    }

    private String where() {
        return "| CPU milliseconds an account | sshd | the contestant | Dromo's stand-in | together | other programs |\n"
                + "| --- | ---: | ---: | ---: | ---: | ---: |\n"
                + contestants()
                        .map(one -> row(
                                one.what(),
                                median(one, leg -> leg.perAccount(leg.cpu().sshd()), "%.0f"),
                                median(one, leg -> leg.perAccount(leg.cpu().contestants()), "%.0f"),
                                median(one, leg -> leg.perAccount(leg.cpu().dromo()), "%.1f"),
                                median(one, leg -> leg.perAccount(leg.cpu().ours()), "%.0f"),
                                median(one, leg -> leg.perAccount(leg.cpu().others()), "%.0f")))
                        .collect(Collectors.joining());
    }

    private String rounds() {
        return "Seconds in each round:\n\n"
                + contestants()
                        .map(one -> "- " + one.what() + ": "
                                + of(one).map(leg -> format("%.2f", leg.seconds()))
                                        .collect(Collectors.joining(", "))
                                + "\n")
                        .collect(Collectors.joining());
    }

    private String inverse(Contestant one) {
        return one.kind() == Contestant.Kind.LOGS_IN || one.name().equals(Contestants.KEYTURN)
                ? ""
                : ratioOver(
                        one, leg -> rateOf(Contestants.KEYTURN, leg.round()).map(rate -> rate / leg.rate()), "%.2f ×");
    }

    private String ratio(Contestant one, String other, String format, double scale) {
        return ratioOver(one, leg -> rateOf(other, leg.round()).map(rate -> scale * leg.rate() / rate), format);
    }

    private String ratioOver(Contestant one, Function<Leg, Optional<Double>> ratio, String format) {
        List<Double> ratios = of(one).map(ratio).flatMap(Optional::stream).toList();
        return ratios.isEmpty() ? "" : format(format, middle(ratios));
    }

    private Optional<Double> rateOf(String name, int round) {
        return legs.stream()
                .filter(leg -> leg.contestant().name().equals(name) && leg.round() == round)
                .map(Leg::rate)
                .findFirst();
    }

    private String median(Contestant one, ToDoubleFunction<Leg> figure, String format) {
        return format(format, middle(of(one).map(figure::applyAsDouble).toList()));
    }

    private Stream<Contestant> contestants() {
        return legs.stream().map(Leg::contestant).distinct();
    }

    private Stream<Leg> of(Contestant contestant) {
        return legs.stream().filter(leg -> leg.contestant().equals(contestant));
    }

    private static double middle(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted(Comparator.naturalOrder()).toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String format(String format, double figure) {
        return String.format(Locale.ROOT, format, figure);
    }
}
