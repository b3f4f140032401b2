package dev.keyturn.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "audit", description = "Checks or prints the audit log.", mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new UsageException("audit what? see keyturn audit --help");
    }
}
