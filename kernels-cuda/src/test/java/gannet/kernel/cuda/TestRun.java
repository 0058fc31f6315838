package gannet.kernel.cuda;

import gannet.io.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs test classes, or single tests as `CLASS#METHOD`, on a machine without Maven: `TestRun TEST...`. Failures and skips go to standard error, a JSON line
/// with the counts to standard output. The exit code is 1 if a test failed or none was run.
final class TestRun implements TestExecutionListener {
    private final Map<String, Integer> counts = new LinkedHashMap<>(Map.of("failed", 0, "skipped", 0, "passed", 0));

    private TestRun() {}

    public static void main(String[] tests) {
        var selectors = Arrays.stream(tests).map(test -> test.contains("#") ? DiscoverySelectors.selectMethod(test) : DiscoverySelectors.selectClass(test)).toList();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request().selectors(selectors).build();
        var run = new TestRun();
        long start = System.nanoTime();
        LauncherFactory.create().execute(request, run);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("tests", String.join(" ", tests));
        for (String each : new String[] {"passed", "failed", "skipped"}) line.put(each, run.counts.get(each));
        line.put("seconds", Math.round((System.nanoTime() - start) / 1e8) / 10.0);
        System.out.println(Json.line(line));
        System.exit(run.counts.get("failed") > 0 || run.counts.get("passed") == 0 ? 1 : 0);
    }

    @Override public void executionSkipped(TestIdentifier test, String reason) {
        count("skipped", test, reason);
    }

    @Override public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) count("passed", test, null);
            }
            case ABORTED -> count("skipped", test, result.getThrowable().map(Throwable::getMessage).orElse(""));
            case FAILED -> {
                count("failed", test, "");
                result.getThrowable().ifPresent(failure -> failure.printStackTrace(System.err)); // of a class too, whose set-up failed
            }
        }
    }

    private void count(String kind, TestIdentifier test, String why) {
        counts.merge(kind, 1, Integer::sum);
        if (why != null) System.err.println(kind + ": " + test.getUniqueId().replaceFirst(".*\\[class:([^]]+)].*", "$1") + " " + test.getDisplayName() + " " + why);
    }
}
