package gannet.gan.remedy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gannet.kernel.Kernels;
import gannet.kernel.ScalarBackEnd;
import gannet.nn.Initialiser;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// In 32-bit floats, where arithmetic on a sample would show.
class ReplayPoolTest {
    private static final long SEED = 61;
    private static final int SIZE = 50;

    private final Kernels k = new ScalarBackEnd().open(1);
    private final Randoms randoms = new Randoms(k, SEED);
    private final Network d = Network.of("discriminator", new Layers(k, SEED, Initialiser.normal(0, 1), Initialiser.normal(1, 0)).dense(2, 1));
    private final ReplayPool pool = new ReplayPool(d, randoms, SIZE, Shape.of(1, 2, 1));
    private int made;

    /// Fakes that can be told apart: sample i is (i + 0.1, −i − 0.1) in floats.
    private Tensor fakes(int n) {
        double[] x = new double[2 * n];
        for (int i = 0; i < n; i++) {
            x[2 * i] = ++made + 0.1f;
            x[2 * i + 1] = -x[2 * i];
        }
        return Tensor.of(k, Shape.of(n, 1, 2, 1), x);
    }

    private static List<Double> sorted(double[]... all) {
        List<Double> list = new ArrayList<>();
        for (double[] each : all) for (double x : each) if (x > 0) list.add(x);
        list.sort(null);
        return list;
    }

    private double[] content() {
        State fakes = pool.states().getFirst();
        double[] content = new double[fakes.shape().count()];
        fakes.read(content);
        return content;
    }

    /// Nothing is lost, doubled or changed: what is in the pool and what came out is what was in the pool and what went in.
    @ParameterizedTest @ValueSource(ints = {1, 7, 50, 64, 130}) void samplesAreExchangedAndNeverChanged(int n) {
        for (int turn = 0; turn < 40; turn++) {
            Tensor in = fakes(n);
            double[] before = content(), out = pool.exchange(in).toArray(), now = content();
            for (int i = 0; i < out.length; i += 2) assertEquals(out[i], -out[i + 1], "a sample was torn apart");
            if (made > SIZE) assertEquals(sorted(before, in.toArray()), made - n < SIZE ? withoutCopies(now, out) : sorted(now, out), "turn " + turn + ", seed " + SEED);
            else assertArrayEquals(in.toArray(), out, "while the pool fills, fakes pass");
            randoms.advance();
        }
    }

    /// While it fills, a fake goes both into the pool and to D.
    private static List<Double> withoutCopies(double[] now, double[] out) {
        return DoubleStream.of(sorted(now, out).stream().mapToDouble(x -> x).toArray()).distinct().boxed().toList();
    }

    @Test void halfOfWhatComesOutIsEarlier() {
        pool.exchange(fakes(SIZE));
        int earlier = 0, turns = 100;
        for (int turn = 0; turn < turns; turn++) {
            int before = made;
            for (double x : pool.exchange(fakes(20)).toArray()) if (x > 0 && x < before + 1) earlier++;
            randoms.advance();
        }
        assertEquals(10 * turns, earlier, 5 * Math.sqrt(5 * turns), "seed " + SEED);
    }

    /// A sample stays for 2 · SIZE others on average, if places are taken evenly.
    @Test void everyPlaceIsTaken() {
        pool.exchange(fakes(SIZE));
        for (int turn = 0; turn < 1000; turn++) {
            pool.exchange(fakes(1));
            randoms.advance();
        }
        double age = 0;
        for (double x : content()) if (x > 0) age += (made + 0.1 - x) / SIZE;
        assertEquals(2 * SIZE, age, 0.5 * SIZE, "mean age, seed " + SEED);
    }

    @Test void aTurnThatIsNotCommittedLeavesIt() {
        pool.exchange(fakes(SIZE));
        double[] before = content();
        var workspace = new Workspace(k);
        try (var _ = workspace.open()) {
            pool.exchange(fakes(20));
        }
        assertArrayEquals(before, content());
        try (var _ = workspace.open()) {
            pool.exchange(fakes(20));
            workspace.commit(d, Tensor.full(k, Shape.of(), 1)); // refused
        }
        assertArrayEquals(before, content());
        try (var _ = workspace.open()) {
            pool.exchange(fakes(20));
            workspace.commit(d, Tensor.full(k, Shape.of(), 0));
        }
        assertFalse(Arrays.equals(before, content()));
    }

    @Test void badSettingsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ReplayPool(d, randoms, 0, Shape.of(2)));
        assertThrows(IllegalArgumentException.class, () -> pool.exchange(Tensor.full(k, Shape.of(2, 3), 0)));
    }
}
