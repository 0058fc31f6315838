package gannet.examples.lab;

import gannet.io.Npy;
import gannet.kernel.BackEnds;
import gannet.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// Runs a lab's trials, several at a time, each on kernels of its own that use one thread: so the bits don't depend on how many run beside it. A
/// trial's arrays are saved as a whole or not at all, by the calling thread, which is the only one that writes.
final class Trials {
    private static final int POLL_MILLISECONDS = 50;

    private record Trial(Arm arm, long seed) {}

    /// How one ended: with arrays, or with what was thrown.
    private record End(Trial trial, SequencedMap<String, Npy> arrays, Throwable failure) {}

    /// A trial that threw, and which.
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String arm, long seed, Throwable cause) {
            super("arm '" + arm + "', seed " + seed + ": " + cause.getMessage(), cause);
        }
    }

    private final Path folder;
    private final String device;
    private final List<Trial> waiting = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final BlockingQueue<End> ended = new LinkedBlockingQueue<>();
    private volatile boolean stopped;

    /// The trials of every arm and seed whose arrays are not in the folder yet.
    Trials(Path folder, String device, List<Arm> arms, List<Long> seeds) {
        this.folder = folder;
        this.device = device;
        for (long seed : seeds)
            for (Arm arm : arms) if (!Files.exists(Saved.in(folder, arm.name(), seed).folder())) waiting.add(new Trial(arm, seed));
    }

    /// How many are to be run.
    int count() {
        return waiting.size();
    }

    /// Runs them on up to `threads` threads. False if `interrupted` became true before all were saved.
    boolean run(int threads, LabProgress progress, BooleanSupplier interrupted) throws IOException, Failure {
        for (int i = 0; i < Math.min(threads, waiting.size()); i++) Thread.ofPlatform().daemon().name("trials-" + i).start(this::work);
        try {
            for (int done = 0; done < waiting.size();) {
                progress.done(done);
                End end = ended.poll(POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
                if (interrupted.getAsBoolean()) return false;
                if (end == null) continue;
                if (end.failure != null) throw new Failure(end.trial.arm.name(), end.trial.seed, end.failure);
                save(end);
                done++;
            }
            progress.done(waiting.size());
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            stopped = true;
            progress.end();
        }
    }

    /// Takes one trial after the other until none is left.
    private void work() {
        for (int i = next.getAndIncrement(); i < waiting.size() && !stopped; i = next.getAndIncrement()) {
            Trial trial = waiting.get(i);
            try (Kernels kernels = BackEnds.open(device, 1).kernels()) {
                ended.add(new End(trial, trial.arm.trial().run(kernels, trial.seed), null));
            } catch (Throwable failure) { // whatever it is, the caller must hear of it
                ended.add(new End(trial, null, failure));
                return;
            }
        }
    }

    private void save(End end) throws IOException {
        Path whole = Saved.in(folder, end.trial.arm.name(), end.trial.seed).folder(), part = whole.resolveSibling("." + whole.getFileName());
        Files.createDirectories(part);
        for (Map.Entry<String, Npy> array : end.arrays.entrySet()) array.getValue().write(part.resolve(array.getKey() + ".npy"));
        Files.move(part, whole);
    }
}
