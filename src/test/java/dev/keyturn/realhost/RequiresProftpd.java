package dev.keyturn.realhost;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips tests where a {@link RealProftpd} can't be started, and says what to install or allow. In CI ({@code CI=true} in the
 * environment, or {@code -Dkeyturn.ci=true}) they fail instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RequiresProftpd.Check.class)
public @interface RequiresProftpd {

    /** Looks once a JVM. */
    final class Check implements ExecutionCondition {

        private static final List<String> MISSING = Requirement.missing(Requirement.all(Requirement.PROFTPD));

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return Requirement.judge(MISSING, Requirement.inCi());
        }
    }
}
