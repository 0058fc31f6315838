package gannet.examples.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gannet.io.Npy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialsTest {
    @TempDir Path folder;

    private static Arm arm(String name, Arm.Trial trial) {
        return new Arm(name, new LinkedHashMap<>(), trial);
    }

    private static SequencedMap<String, Npy> seed(long seed) {
        return new LinkedHashMap<>(Map.of("seed", Saved.of(seed)));
    }

    private static LabProgress silent(int trials) {
        return new LabProgress(new PrintStream(OutputStream.nullOutputStream()), false, trials, 1);
    }

    private boolean run(List<Arm> arms, List<Long> seeds) throws IOException, Trials.Failure {
        var trials = new Trials(folder, "scalar", arms, seeds);
        return trials.run(2, silent(trials.count()), () -> false);
    }

    @Test void everyArmAndSeed() throws IOException, Trials.Failure {
        assertTrue(run(List.of(arm("a", (_, seed) -> seed(seed)), arm("b", (_, seed) -> seed(10 * seed))), List.of(3L, 4L)));
        assertEquals(3, Saved.in(folder, "a", 3).curve("seed")[0]);
        assertEquals(40, Saved.in(folder, "b", 4).curve("seed")[0]);
    }

    @Test void namesTheTrialThatFails() throws IOException {
        var bug = new IllegalStateException("boom");
        var failure = assertThrows(Trials.Failure.class, () -> run(List.of(arm("good", (_, seed) -> seed(seed)), arm("bad", (_, seed) -> {
            if (seed == 2) throw bug;
            return seed(seed);
        })), List.of(1L, 2L)));
        assertEquals("arm 'bad', seed 2: boom", failure.getMessage());
        assertSame(bug, failure.getCause());
        assertFalse(Files.exists(folder.resolve("bad").resolve("seed-2")));
    }

    /// What was saved stays, what was begun is dropped, and no more is begun.
    @Test void endsWhenInterrupted() throws IOException, Trials.Failure {
        var first = new CountDownLatch(1);
        var interrupted = new AtomicBoolean();
        var trials = new Trials(folder, "scalar", List.of(arm("a", (_, seed) -> {
            if (seed > 1) {
                interrupted.set(true);
                first.await();
            }
            return seed(seed);
        })), List.of(1L, 2L, 3L));
        assertFalse(trials.run(1, silent(3), interrupted::get));
        first.countDown();
        assertFalse(Files.exists(folder.resolve("a").resolve("seed-2")));
        assertFalse(Files.exists(folder.resolve("a").resolve("seed-3")));
    }
}
