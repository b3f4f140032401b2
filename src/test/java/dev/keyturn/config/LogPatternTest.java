package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.status.Status;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The lines that config/logback.xml makes are what journald and operators read. */
class LogPatternTest {
    @Test
    void writesLevelsForJournaldAndKeyValuesForOperators() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        try {
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(Path.of("config/logback.xml").toFile());
            assertThat(context.getStatusManager().getCopyOfStatusList())
                    .noneMatch(status -> status.getLevel() >= Status.WARN);
            Logger log = context.getLogger("dev.keyturn.rotation");

            log.atInfo().addKeyValue("credential", "acme-orders").log("Rotation completed");
            log.error("No key value");
            log.debug("Not shown");
        } finally {
            context.stop();
            System.setOut(before);
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("<6>INFO  Rotation completed credential=\"acme-orders\"\n<3>ERROR No key value\n");
    }
}
