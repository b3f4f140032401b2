package dev.keyturn.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The check that the stand-in has to pass must itself be able to fail. */
class ApiDescriptionTest {
    private static final String GOOD = """
            {"id":"ee5d0e45-b098-47bc-8217-e93790243dfa","hostname":"h","port":22,"user":"u","auth_type":"KEY",
             "key_fingerprint":null}""";

    private ApiDescription api;

    @BeforeEach
    void load() throws IOException {
        api = ApiDescription.load();
    }

    @Test
    void acceptsWhatIsDescribed() {
        assertThat(problems(200, GOOD)).isEmpty();
    }

    @Test
    void findsEveryKindOfProblem() {
        assertThat(problems(200, GOOD.replace("\"port\":22,", ""))).containsExactly(".port: missing");
        assertThat(problems(200, GOOD.replace("22", "\"22\""))).containsExactly(".port: 22 is none of [integer]");
        assertThat(problems(200, GOOD.replace("KEY", "TOKEN")))
                .containsExactly(".auth_type: TOKEN is none of [PASSWORD, KEY]");
        assertThat(problems(200, GOOD.replace("ee5d", "EE")))
                .singleElement()
                .asString()
                .contains("is no UUID");
        assertThat(problems(200, GOOD.replace("\"h\"", "null"))).containsExactly(".hostname: null is none of [string]");
        assertThat(problems(200, GOOD.replace("\"user\"", "\"password\":\"x\",\"user\"")))
                .containsExactly(".password: not described");
        assertThat(problems(418, GOOD)).containsExactly("status 418 is not described");
    }

    private List<String> problems(int status, String body) {
        return api.problems(api.operations().get("retrieveSftpCredentials"), status, body);
    }
}
