package dev.keyturn.faults;

import dev.keyturn.secret.AuthType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One table: a fault a row, a moment a column, and in each cell what it comes to, by {@link Extent}. */
record FaultTable(String title, AuthType secret, List<FaultKind> kinds, List<Moment> moments) {
    private static final String BETWEEN = " / ";

    static List<FaultTable> all() {
        return List.of(
                new FaultTable(
                        "A key, faults of Dromo", AuthType.KEY, DromoFaultKinds.ALL, Moment.ofDromo(AuthType.KEY)),
                new FaultTable(
                        "A key, faults of the host", AuthType.KEY, HostFaultKinds.ALL, Moment.ofHost(AuthType.KEY)),
                new FaultTable(
                        "A password, faults of Dromo",
                        AuthType.PASSWORD,
                        DromoFaultKinds.ALL,
                        Moment.ofDromo(AuthType.PASSWORD)),
                new FaultTable(
                        "A password, faults of the host",
                        AuthType.PASSWORD,
                        HostFaultKinds.ALL,
                        Moment.ofHost(AuthType.PASSWORD)));
    }

    List<FaultCase> cases() {
        return kinds.stream()
                .flatMap(kind -> FaultCase.of(secret, kind).stream())
                .toList();
    }

    String print(Function<FaultCase, String> result) {
        List<String> lines = new ArrayList<>(List.of("### " + title, ""));
        lines.add(line(Stream.concat(Stream.of("Fault"), moments.stream().map(Moment::toString))));
        lines.add(line(Stream.generate(() -> "---").limit(moments.size() + 1L)));
        kinds.stream().filter(kind -> !kind.moments(secret).isEmpty()).forEach(kind -> {
            Stream<String> cells = moments.stream().map(moment -> cell(FaultCase.of(secret, kind), moment, result));
            lines.add(line(Stream.concat(Stream.of(kind.name()), cells)));
        });
        return String.join("\n", lines) + "\n";
    }

    /** Empty where the fault makes no sense at this moment. */
    private static String cell(List<FaultCase> row, Moment moment, Function<FaultCase, String> result) {
        List<String> symbols = row.stream()
                .filter(one -> one.moment().equals(moment))
                .map(result)
                .toList();
        boolean never = symbols.stream().allMatch(Convergence.NOT_HIT.symbol()::equals);
        return never && !symbols.isEmpty() ? Convergence.NOT_HIT.symbol() : String.join(BETWEEN, symbols);
    }

    private static String line(Stream<String> cells) {
        return cells.collect(Collectors.joining(" | ", "| ", " |"));
    }

    /**
     * Looks a case up in a printed table.
     *
     * @return what it comes to
     * @throws IllegalArgumentException where the table has no such cell
     */
    String find(String printed, FaultCase one) {
        List<String> row = printed.lines()
                .filter(line -> line.startsWith("| " + one.kind().name() + " |"))
                .findFirst()
                .map(line -> List.of(line.split(" ?\\| ?", -1)))
                .orElseThrow(() -> new IllegalArgumentException("no row for " + one));
        String[] symbols = row.get(2 + moments.indexOf(one.moment())).split(BETWEEN);
        int extent = new ArrayList<>(one.kind().extents()).indexOf(one.extent());
        return symbols[symbols.length == 1 ? 0 : extent];
    }
}
