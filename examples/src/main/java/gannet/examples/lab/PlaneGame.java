package gannet.examples.lab;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.leakyRelu;

import gannet.gan.Alternation;
import gannet.gan.Batch;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Prior;
import gannet.gan.Procedure;
import gannet.gan.Source;
import gannet.gan.remedy.Schedule;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.Mixture;
import gannet.nn.ActivationLayer;
import gannet.nn.Layer;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.nn.Weights;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import gannet.tensor.Gradients;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// A GAN on points of the plane: two small perceptrons, Adam for both, and a mixture to learn. It starts here; how it is played is the lab's.
final class PlaneGame {
    /// Points drawn at once for a measurement.
    private static final int CHUNK = 500;

    /// z ~ N(0, I) of `z` dimensions; hidden layers of G and of D, each two, `widthG` and `widthD` wide; Adam's rates and β₁; the batch.
    record Sizes(int z, int widthG, int widthD, int batch, double rateG, double rateD, double beta1) {
        /// For the record.
        SequencedMap<String, Object> settings() {
            SequencedMap<String, Object> settings = new LinkedHashMap<>();
            settings.put("z", (long) z);
            settings.put("width of G", (long) widthG);
            settings.put("width of D", (long) widthD);
            settings.put("batch", (long) batch);
            settings.put("rate of G", rateG);
            settings.put("rate of D", rateD);
            settings.put("beta1", beta1);
            return settings;
        }
    }

    final Kernels kernels;
    final Sizes sizes;
    final Network generator, discriminator;
    final Player g, d;
    /// Training's draws, and another run's for measuring, which training never sees.
    final Randoms randoms, held;
    final Source data;
    private final Mixture target;
    private final long seed;
    private final Workspace workspace;

    PlaneGame(Kernels kernels, long seed, Mixture target, Sizes sizes) {
        this.kernels = kernels;
        this.sizes = sizes;
        this.target = target;
        this.seed = seed;
        randoms = new Randoms(kernels, 2 * seed);
        held = new Randoms(kernels, 2 * seed + 1);
        data = source(randoms);
        generator = perceptron(kernels, "generator", 4 * seed, sizes.z, sizes.widthG, 2, RELU);
        discriminator = perceptron(kernels, "discriminator", 4 * seed + 1, 2, sizes.widthD, 1, leakyRelu(0.2));
        g = Player.of(generator, new Adam(sizes.beta1, 0.999, 1e-8), sizes.rateG);
        d = Player.of(discriminator, new Adam(sizes.beta1, 0.999, 1e-8), sizes.rateD);
        workspace = new Workspace(kernels);
    }

    private Source source(Randoms randoms) {
        return new Source() {
            @Override public Batch next(int n) {
                return Batch.of(target.sample(randoms, n));
            }

            @Override public List<State> states() {
                return List.of(); // it depends on the random numbers' step alone
            }
        };
    }

    /// Two hidden layers of `width`; weights U(±1/√fanIn), so that an untrained G stays near 0.
    static Network perceptron(Kernels kernels, String name, long seed, int in, int width, int out, ActivationLayer activation) {
        Layers l = Layers.fanIn(kernels, seed);
        return Network.of(name, l.dense(in, width), activation, l.dense(width, width), activation, l.dense(width, out));
    }

    /// Another D, never trained.
    Player freshDiscriminator() {
        Network fresh = perceptron(kernels, "fresh", 4 * seed + 2, 2, sizes.widthD, 1, leakyRelu(0.2));
        return Player.of(fresh, new Adam(sizes.beta1, 0.999, 1e-8), sizes.rateD);
    }

    /// Where z comes from, in training.
    Prior prior() {
        return Prior.normal(randoms, sizes.z);
    }

    /// Plays it by `objective`, one step each.
    GanTrainer trainer(Objective objective) {
        return trainer(objective, Procedure.of(sizes.batch));
    }

    /// Plays it.
    GanTrainer trainer(Objective objective, Procedure procedure) {
        return trainer(objective, prior(), procedure);
    }

    /// Plays it with z from elsewhere.
    GanTrainer trainer(Objective objective, Prior z, Procedure procedure) {
        return new GanTrainer(g, d, objective, z, data, randoms, procedure);
    }

    /// A procedure of `steps` with `turns` of D to one of G, both rates falling linearly to 0.
    Procedure settling(int turns, int steps) {
        return Procedure.of(sizes.batch).with(Alternation.steps(turns, 1)).with(new Schedule(g.optimizer(), Schedule.linear(0, steps)))
                .with(new Schedule(d.optimizer(), Schedule.linear(0, steps)));
    }

    /// One step of D alone against G as it is.
    void discriminatorStep(Objective objective, Player judge) {
        randoms.rewind(Map.of());
        try (var _ = workspace.open(); var _ = Weights.freeze(generator)) {
            Batch real = data.next(sizes.batch);
            Batch fake = Batch.of(Tensor.unrecorded(() -> generator.apply(prior().sample(sizes.batch))));
            judge.optimizer().descend(objective.discriminator(judge.network(), real, fake).loss());
        }
        if (judge.optimizer().refused()) throw new IllegalStateException(judge.optimizer().refusal());
        randoms.advance();
    }

    /// `‖∇θ L_G‖`, the norm over all of G's weights of the gradient that `objective` gives it through `judge`, on `n` fakes.
    double generatorGradient(Objective objective, Weights<?> judge, int n) {
        held.rewind(Map.of());
        try (var _ = workspace.open(); var _ = Weights.freeze(judge); var _ = Weights.freeze(generator)) {
            Batch real = source(held).next(n);
            Tensor loss = objective.generator(judge, Batch.of(generator.apply(Prior.normal(held, sizes.z).sample(n))), () -> real);
            Gradients d = Gradients.of(loss, generator.weights());
            double squares = 0;
            for (Tensor w : generator.weights()) for (double v : d.get(w).toArray()) squares += v * v;
            return Math.sqrt(squares);
        }
    }

    /// `n` of G's samples, `[n,2]`, the same z at every call.
    float[] samples(int n) {
        return samplesFrom(Prior.normal(held, sizes.z), n);
    }

    /// As [#samples(int)], of another generator: an average of weights.
    float[] samples(Layer g, int n) {
        Prior z = Prior.normal(held, sizes.z);
        return drawn(n, m -> g.infer(z.sample(m)));
    }

    /// As [#samples(int)], with z from elsewhere, drawn from [#held].
    float[] samplesFrom(Prior z, int n) {
        return drawn(n, m -> generator.infer(z.sample(m)));
    }

    /// `n` real samples, `[n,2]`, the same at every call.
    float[] real(int n) {
        return drawn(n, m -> target.sample(held, m));
    }

    /// D's logits of points `[n,2]`, which it sees through `view`.
    double[] judged(float[] points, Layer view) {
        double[] all = new double[points.length];
        for (int i = 0; i < all.length; i++) all[i] = points[i];
        return discriminator.infer(view.apply(Tensor.of(kernels, Shape.of(all.length / 2, 2), all))).toArray();
    }

    private float[] drawn(int n, Prior next) {
        float[] points = new float[2 * n];
        held.rewind(Map.of());
        for (int at = 0; at < n; at += CHUNK) {
            int m = Math.min(CHUNK, n - at), from = 2 * at;
            try (var _ = workspace.open()) {
                double[] values = next.sample(m).toArray();
                for (int i = 0; i < values.length; i++) points[from + i] = (float) values[i];
            }
        }
        return points;
    }

    /// Points `[n,2]` as an array to save.
    static Npy points(float[] values) {
        return new Npy(new int[] {values.length / 2, 2}, values);
    }

    /// Numbers noted along the way, to save as one curve.
    static final class Curve {
        private final List<Double> values = new ArrayList<>();

        void add(double value) {
            values.add(value);
        }

        Npy array() {
            return Saved.of(values.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }
}
