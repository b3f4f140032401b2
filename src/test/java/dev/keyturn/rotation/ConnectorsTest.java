package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.Dromo.Connector;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectorsTest {
    @Test
    void saysHowManyReadWhatAndHowOften() {
        assertThat(Connectors.of(List.of(reading("/uploads", "every_n_minutes 15")))
                        .summary())
                .isEqualTo("1 connector reads /uploads; every 15 min");
        assertThat(Connectors.of(List.of(
                                reading("/uploads", "every_n_minutes 15"),
                                reading("/orders", "every_n_minutes 15"),
                                reading("/orders", "every_n_minutes 120")))
                        .summary())
                .isEqualTo("3 connectors read /uploads, /orders; every 15 min, every 2 h");
    }

    @Test
    void showsAScheduleThatItDoesNotKnowAsDromoDescribesIt() {
        assertThat(Connectors.of(List.of(reading("/in", "cron expression=0 3 * * *"), reading("/in", "")))
                        .summary())
                .isEqualTo("2 connectors read /in; cron expression=0 3 * * *");
        assertThat(Connectors.of(List.of(reading("/in", ""))).summary()).isEqualTo("1 connector reads /in");
        assertThat(Connectors.of(List.of(reading("/in", "every_n_minutes 99999999999999999999")))
                        .summary())
                .isEqualTo("1 connector reads /in; every_n_minutes 99999999999999999999");
    }

    @Test
    void saysThatNobodyUsesItAndThatNobodyKnows() {
        assertThat(Connectors.of(List.of()).summary()).isEqualTo("no connector uses it");
        assertThat(Connectors.of(List.of()).none()).isTrue();
        Connectors unknown =
                Connectors.notKnown(new DromoException(DromoException.Fault.REJECTED, "GET connectors/: 400"));

        assertThat(unknown.summary()).isEqualTo("its connectors are not known");
        assertThat(unknown.none()).isFalse();
        assertThat(unknown.detail()).isEqualTo(java.util.Map.of("not_known", "rejected: GET connectors/: 400"));
    }

    @Test
    void staysShortWhateverDromoSends() {
        List<Connector> many = IntStream.range(0, 5000)
                .mapToObj(i -> new Connector(
                        "c" + i + "x".repeat(4000),
                        "d",
                        "/" + i + "\ud83d\ude80".repeat(2000),
                        "s" + i + "y".repeat(290)))
                .toList();

        Connectors connectors = Connectors.of(many);

        assertThat(connectors.summary()).startsWith("5000 connectors read /0").hasSizeLessThan(1000);
        assertThat(connectors.describe()).hasSizeLessThan(500);
        assertThat(connectors.detail().toString()).startsWith("{count=5000").hasSizeLessThan(10_000);
        assertThat(connectors.summary())
                .matches(text -> text.equals(new String(
                        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static Connector reading(String directory, String schedule) {
        return new Connector("c", "d", directory, schedule);
    }
}
