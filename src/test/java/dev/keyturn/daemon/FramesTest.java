package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol of the control socket. */
class FramesTest {

    static List<Request> requests() {
        return List.of(
                new Request(
                        "1.0",
                        4_294_967_294L,
                        List.of("rotate", "--reason=a \"b\"\n\u001b[31m…", "--", "acme-*"),
                        Optional.of("/var/lib/keyturn"),
                        "/etc/keyturn/keyturn.yaml",
                        Optional.of("ab12"),
                        "Europe/Berlin",
                        true,
                        false),
                new Request("", 0, List.of("status"), Optional.empty(), "k", Optional.empty(), "UTC", false, true));
    }

    static List<Frame> frames() {
        return List.of(
                new Frame.Accepted("1.0"),
                new Frame.Refused("1.0", Refusal.STOPPING, "it ends"),
                new Frame.Out("a\r\u001b[K✓ b\n"),
                new Frame.Err(""),
                new Frame.Exit(78));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequestComesAsItWasSentOnOneLine(Request request) throws MalformedFrameException {
        byte[] line = Frames.line(request);

        assertThat(new String(line, StandardCharsets.UTF_8)).endsWith("\n").containsOnlyOnce("\n");
        assertThat(Frames.speaksOtherwise(line)).isEmpty();
        assertThat(Frames.request(line)).isEqualTo(request);
    }

    @ParameterizedTest
    @MethodSource("frames")
    void aFrameComesAsItWasSentOnOneLine(Frame frame) throws MalformedFrameException {
        byte[] line = Frames.line(frame);

        assertThat(new String(line, StandardCharsets.UTF_8)).endsWith("\n").containsOnlyOnce("\n");
        assertThat(Frames.frame(line)).isEqualTo(frame);
    }

    @Test
    void whatALaterDaemonRefusesForIsRefusedAllTheSame() throws MalformedFrameException {
        Frame frame = Frames.frame(
                "{\"protocol\":3,\"version\":\"3.0\",\"refused\":\"moon_phase\",\"message\":\"not today\",\"more\":[1]}"
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(frame).isEqualTo(new Frame.Refused("3.0", Refusal.MALFORMED, "not today"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "1", "[]", "{\"out\":1}", "{\"exit\":\"0\"}", "{\"exit\":1e99}", "{\"out\":\"", "{}"})
    void garbageIsNoFrame(String line) {
        assertThatExceptionOfType(MalformedFrameException.class)
                .isThrownBy(() -> Frames.frame(line.getBytes(StandardCharsets.UTF_8)));
    }
}
