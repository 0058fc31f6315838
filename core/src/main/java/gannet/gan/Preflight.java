package gannet.gan;

import static gannet.nn.Weights.freeze;
import static gannet.tensor.Tensor.unrecorded;

import gannet.gan.loss.Threshold;
import gannet.gan.penalty.Penalty;
import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.optim.Optimizer;
import gannet.tensor.Functions;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// If a classifier can't beat the untrained generator, training can't start: D is trained alone, G as it is, until it tells more than 95 % of real
/// samples and of fakes, each over at least 256 in a row. Afterwards everything is as it was before, to the bit: networks, optimiser, random numbers
/// and the data's position. A critic, which has no threshold, is judged by the middle between its mean outputs on the two sides.
public record Preflight(Player generator, Player discriminator, Objective objective, Prior prior, Conditions conditions, Source data, Randoms randoms, int batch) {
    private static final double NEEDED = 0.95;
    private static final int SAMPLES = 256;

    /// The steps of D that it took; [PreflightException] if `most` steps were not enough.
    public int run(int most) {
        if (most < 1) throw new IllegalArgumentException("a pre-flight of " + most + " steps: it must be at least 1");
        List<State> states = states();
        List<double[]> before = new ArrayList<>();
        for (State s : states) {
            double[] elements = new double[s.shape().count()];
            s.read(elements);
            before.add(elements);
        }
        try {
            return fly(most);
        } finally {
            for (int i = 0; i < before.size(); i++) states.get(i).write(before.get(i));
            randoms.rewind(Map.of());
        }
    }

    private List<State> states() {
        List<State> states = new ArrayList<>(generator.network().states());
        states.addAll(discriminator.network().states());
        states.addAll(discriminator.optimizer().states());
        states.addAll(randoms.states());
        states.addAll(data.states());
        for (Penalty penalty : objective.penalties()) states.addAll(penalty.states());
        return states;
    }

    private int fly(int most) {
        Kernels k = randoms.kernels();
        Tensor told = Tensor.of(k, Shape.of(2), 0, 0); // the shares of real and of fakes, summed over a window's steps
        var workspace = new Workspace(k);
        int m = Math.multiplyExact(batch, objective.pack()), window = Math.min(most, (SAMPLES + batch - 1) / batch);
        double real = 0, fake = 0;
        for (int step = 1; step <= most; step++) {
            randoms.rewind(Map.of());
            try (var _ = workspace.open(); var _ = freeze(generator.network())) {
                descend(step, told, m);
            }
            randoms.advance();
            if (step % window != 0) continue;
            double[] sums = told.toArray();
            real = sums[0] / window;
            fake = sums[1] / window;
            if (real > NEEDED && fake > NEEDED) return step;
            told.assign(Tensor.full(k, told.shape(), 0));
        }
        throw new PreflightException(refusal(most, real, fake));
    }

    private void descend(int step, Tensor told, int m) {
        Optimizer optimizer = discriminator.optimizer();
        Batch x = data.next(m);
        Tensor condition = conditions.next(m, x);
        Tensor made = unrecorded(() -> generator.network().given(condition).apply(prior.sample(m)));
        Judgement d = objective.discriminator(discriminator.network(), x, new Batch(made, condition));
        told.assign(unrecorded(() -> told.plus(shares(d))));
        optimizer.descend(d.loss());
        if (optimizer.refused()) throw new DivergedException(step, discriminator.network().name(), "in the pre-flight, " + optimizer.refusal());
    }

    /// The shares of real samples and of fakes that D takes for what they are, `[2]`.
    private Tensor shares(Judgement d) {
        Tensor onReal = d.real().mean(), onFake = d.fake().mean();
        return switch (objective.loss().threshold()) {
            case Threshold.At(double output) -> {
                Tensor limit = Tensor.constant(onReal.kernels(), output);
                yield shares(d, limit, limit);
            }
            case Threshold.OtherMean _ -> shares(d, onFake, onReal);
            case Threshold.None _ -> {
                Tensor middle = onReal.plus(onFake).times(0.5);
                yield shares(d, middle, middle);
            }
        };
    }

    private static Tensor shares(Judgement d, Tensor realAbove, Tensor fakeBelow) {
        Tensor zero = Tensor.constant(d.real().kernels(), 0), one = Tensor.constant(d.real().kernels(), 1);
        return Functions.concat(0, Tensor.select(Comparison.GREATER, d.real(), realAbove, one, zero).mean().reshape(1),
                Tensor.select(Comparison.GREATER, fakeBelow, d.fake(), one, zero).mean().reshape(1));
    }

    private String refusal(int most, double real, double fake) {
        return String.format(Locale.ROOT, "pre-flight: after %d steps against the untrained generator, network '%s' tells %.0f %% of real samples and %.0f %%"
                        + " of fakes, more than 95 %% of both are needed: training can't start. Look at D's learning rate (%s), at the data (in −1…1? not what"
                        + " G makes anyway?), at noise or penalties so strong that D can't learn, and at D itself (too small?)",
                most, discriminator.network().name(), 100 * real, 100 * fake, (float) discriminator.optimizer().rate().item());
    }
}
