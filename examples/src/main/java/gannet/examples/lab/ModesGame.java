package gannet.examples.lab;

import static gannet.nn.ActivationLayer.RELU;

import gannet.gan.Alternation;
import gannet.gan.Batch;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Prior;
import gannet.gan.Procedure;
import gannet.gan.Source;
import gannet.gan.loss.GanLoss;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.loss.Wasserstein;
import gannet.gan.penalty.GradientPenalty;
import gannet.gan.penalty.JsRegulariser;
import gannet.gan.penalty.R1;
import gannet.gan.remedy.Schedule;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.Mixture;
import gannet.nn.Dense;
import gannet.nn.Initialiser;
import gannet.nn.Layer;
import gannet.nn.Layers;
import gannet.nn.MinibatchStddev;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.optim.Optimizer;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/// A GAN on a mixture in the plane that forgets modes unless a remedy keeps them. What is shared by all arms is here; a [Remedy] is what they differ in.
///
/// @param sizes the source's own networks and settings, or smaller ones
record ModesGame(String data, Mixture target, Sizes sizes, Remedy remedy) {
    /// Judged on so many samples, as in PacGAN; pictures on the way have fewer.
    static final int SAMPLES = 2500, SHOWN = 500;
    private static final int SNAPSHOTS = 20, Z = 2;

    /// What an arm has against collapse, and how much of it.
    record Remedy(Kind kind, double strength) {
        static final Remedy NONE = new Remedy(Kind.NONE, 0);
        /// Gulrajani et al. 2017, Algorithm 1, and what the authors' code for toy data has.
        private static final int CRITIC_STEPS = 5;

        enum Kind {
            NONE,
            /// D sees `strength` samples side by side; Lin et al. 2018.
            PACKING,
            /// D is told, before its last layer, how much its batch differs; Karras et al. 2018, §3.
            MINIBATCH_STDDEV,
            /// D's slopes at real samples are penalised, γ = `strength`; Mescheder et al. 2018.
            R1,
            /// D's slopes are penalised on both sides where it errs, γ = `strength`; Roth et al. 2017.
            ROTH,
            /// A critic trained towards its optimum for each step of G, its slopes held at 1 by λ = `strength`; Gulrajani et al. 2017, Algorithm 1.
            WASSERSTEIN
        }

        /// What its arm is called.
        String name() {
            return switch (kind) {
                case NONE -> "plain";
                case PACKING -> "packing " + pack();
                case MINIBATCH_STDDEV -> "minibatch stddev";
                case R1 -> "R1";
                case ROTH -> "Roth";
                case WASSERSTEIN -> "WGAN-GP";
            };
        }

        /// What both play for.
        GanLoss loss() {
            return kind == Kind.WASSERSTEIN ? new Wasserstein() : new ModifiedMinimax();
        }

        /// What is added to D's loss, for the record.
        String penalty() {
            return switch (kind) {
                case NONE, PACKING, MINIBATCH_STDDEV -> "none";
                case R1 -> "R1";
                case ROTH -> "Roth";
                case WASSERSTEIN -> "gradient, two-sided, target 1";
            };
        }

        /// Both players' rule, where the game's own has this β₁. WGAN-GP's is that of the authors' code for toy data, but for β₂, there 0.9: with it modes come out too narrow here (0.43σ).
        Adam adam(double beta1) {
            return new Adam(kind == Kind.WASSERSTEIN ? 0.5 : beta1, 0.999, 1e-8);
        }

        /// Steps of D to one of G.
        int turns() {
            return kind == Kind.WASSERSTEIN ? CRITIC_STEPS : 1;
        }

        /// How many samples D sees at a time.
        int pack() {
            return kind == Kind.PACKING ? (int) strength : 1;
        }
    }

    /// @param own whether networks, weights and optimiser are those of PacGAN's code: G of four layers with batch norm, D of three maxout layers; else
    ///     perceptrons of three hidden layers whose kinks lie all over the plane from the start
    /// @param decay from which share of the steps on both learning rates fall to 0; 1 for never
    /// @param reach what G's outputs are multiplied and D's inputs divided by, so that their layers deal in numbers around 1
    record Sizes(boolean own, int steps, int batch, int widthG, int widthD, double rate, double beta1, double decay, double reach) {
        /// PacGAN's code: 400 epochs of 1,000 batches of 100.
        static final Sizes PACGAN = new Sizes(true, 400_000, 100, 400, 200, 1e-4, 0.8, 1, 1);

        /// A smaller net, trained for a fraction of that.
        static Sizes small(int steps, double rate, double beta1, double reach) {
            return new Sizes(false, steps, 256, 64, 64, rate, beta1, 0.4, reach);
        }

        /// Of another length.
        Sizes lasting(int steps) {
            return new Sizes(own, steps, batch, widthG, widthD, rate, beta1, decay, reach);
        }
    }

    /// All that the arrays depend on. The loss, Adam's β₁ and what comes last, from the remedy on, are the remedy's.
    SequencedMap<String, Object> settings() {
        SequencedMap<String, Object> settings = new LinkedHashMap<>();
        settings.put("data", data);
        settings.put("loss", remedy.loss().name());
        settings.put("networks", sizes.own ? "PacGAN's" : "perceptrons");
        settings.put("steps", (long) sizes.steps);
        settings.put("batch", (long) sizes.batch);
        settings.put("z", (long) Z);
        settings.put("width of G", (long) sizes.widthG);
        settings.put("width of D", (long) sizes.widthD);
        settings.put("rate", sizes.rate);
        settings.put("beta1", remedy.adam(sizes.beta1).beta1());
        settings.put("decay from", sizes.decay);
        settings.put("reach", sizes.reach);
        settings.put("remedy", remedy.kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        settings.put("strength", remedy.strength);
        settings.put("penalty", remedy.penalty());
        settings.put("steps of D to one of G", (long) remedy.turns());
        settings.put("group of the minibatch stddev", (long) group());
        return settings;
    }

    Arm arm(String name) {
        return new Arm(name, settings(), this::train);
    }

    private Network generator(Kernels kernels, long seed) {
        int w = sizes.widthG;
        if (!sizes.own) {
            var l = new Layers(kernels, seed, Initialiser.heNormal(), Initialiser.constant(1));
            return Network.of("generator", hidden(l, seed, 0, Z, w), RELU, hidden(l, seed, 1, w, w), RELU, hidden(l, seed, 2, w, w), RELU, l.dense(w, 2),
                    x -> x.times(sizes.reach));
        }
        var l = new Layers(kernels, seed, Initialiser.normal(0, 0.02), Initialiser.constant(1));
        return Network.of("generator", l.denseUnbiased(Z, w), l.batchNorm(w), RELU, l.denseUnbiased(w, w), l.batchNorm(w), RELU,
                l.denseUnbiased(w, w), l.batchNorm(w), RELU, l.denseUnbiased(w, w), l.batchNorm(w), RELU, l.dense(w, 2));
    }

    private Network discriminator(Kernels kernels, long seed) {
        int in = 2 * remedy.pack(), w = sizes.widthD;
        var l = new Layers(kernels, seed, sizes.own ? Initialiser.normal(0, 0.02) : Initialiser.heNormal(), Initialiser.constant(1));
        Layer around1 = x -> x.times(1 / sizes.reach);
        List<Layer> layers = new ArrayList<>(sizes.own ? List.<Layer>of(l.maxout(in, w, 5), l.maxout(w, w, 5), l.maxout(w, w, 5))
                : List.<Layer>of(around1, hidden(l, seed, 0, in, w), RELU, hidden(l, seed, 1, w, w), RELU, hidden(l, seed, 2, w, w), RELU));
        if (group() > 0) layers.add(new MinibatchStddev(group()));
        layers.add(l.dense(group() > 0 ? w + 1 : w, 1));
        return Network.of("discriminator", layers.toArray(Layer[]::new));
    }

    /// How many samples the minibatch stddev is over; 0: there is none. The whole batch, where Karras et al. have 4 of an image batch: whether all eight (or 25) modes are there, which is the
    /// question here, four samples can't tell.
    private int group() {
        return remedy.kind == Remedy.Kind.MINIBATCH_STDDEV ? sizes.batch : 0;
    }

    /// A dense layer with biases from U(−1, 1): with biases of 0 every kink of the first layer goes through 0, and modes elsewhere wait until some have
    /// moved there.
    private static Dense hidden(Layers l, long seed, int number, int in, int out) {
        Tensor weight = l.dense(in, out).weight();
        double[] biases = Layers.fanIn(weight.kernels(), 3 * seed + number).dense(1, out).weight().toArray(); // U(±1/√1)
        return new Dense(weight, Tensor.weight(weight.kernels(), Shape.of(out), biases), null);
    }

    private Objective objective(Kernels kernels, Randoms randoms) {
        Objective plain = Objective.of(remedy.loss()).packed(remedy.pack());
        return switch (remedy.kind) {
            case NONE, PACKING, MINIBATCH_STDDEV -> plain;
            case R1 -> plain.with(new R1(remedy.strength));
            case ROTH -> plain.with(JsRegulariser.of(kernels, remedy.strength));
            case WASSERSTEIN -> plain.with(new GradientPenalty(remedy.strength, randoms));
        };
    }

    private Procedure procedure(Optimizer g, Optimizer d) {
        Procedure procedure = Procedure.of(sizes.batch).with(Alternation.steps(remedy.turns(), 1));
        if (sizes.decay == 1) return procedure;
        double from = sizes.decay * sizes.steps, over = sizes.steps - from;
        return procedure.with(new Schedule(g, Schedule.linear(from, over))).with(new Schedule(d, Schedule.linear(from, over)));
    }

    /// `samples[2500,2]` at the end; on the way, at `steps[t]`, `history[t,500,2]` of the same z.
    private SequencedMap<String, Npy> train(Kernels kernels, long seed) {
        Network g = generator(kernels, 2 * seed), d = discriminator(kernels, 2 * seed + 1);
        var randoms = new Randoms(kernels, 2 * seed);
        var held = new Randoms(kernels, 2 * seed + 1); // training never sees these
        Adam adam = remedy.adam(sizes.beta1);
        Player generator = Player.of(g, adam, sizes.rate), discriminator = Player.of(d, adam, sizes.rate);
        var trainer = new GanTrainer(generator, discriminator, objective(kernels, randoms), Prior.normal(randoms, Z), new Drawn(target, randoms), randoms,
                procedure(generator.optimizer(), discriminator.optimizer()));
        int snapshots = Math.min(SNAPSHOTS, sizes.steps);
        double[] at = new double[snapshots];
        float[] history = new float[snapshots * SHOWN * 2];
        for (int i = 0; i < snapshots; i++) {
            long until = (i + 1L) * sizes.steps / snapshots;
            while (trainer.steps() < until) trainer.step();
            at[i] = until;
            System.arraycopy(samples(g, held, SHOWN), 0, history, i * SHOWN * 2, SHOWN * 2);
        }
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("samples", new Npy(new int[] {SAMPLES, 2}, samples(g, held, SAMPLES)));
        saved.put("steps", Saved.of(at));
        saved.put("history", new Npy(new int[] {snapshots, SHOWN, 2}, history));
        return saved;
    }

    /// `n` of G's samples, the same z at every call.
    static float[] samples(Network g, Randoms held, int n) {
        held.rewind(Map.of());
        try (var _ = new Workspace(held.kernels()).open()) {
            int z = g.weights().getFirst().shape().size(0);
            double[] values = g.infer(held.normal("z", Shape.of(n, z))).toArray();
            float[] points = new float[values.length];
            for (int i = 0; i < points.length; i++) points[i] = (float) values[i];
            return points;
        }
    }

    /// Samples of a mixture as training data: they depend on the random numbers' step alone.
    record Drawn(Mixture mixture, Randoms randoms) implements Source {
        @Override public Batch next(int n) {
            return Batch.of(mixture.sample(randoms, n));
        }

        @Override public List<State> states() {
            return List.of();
        }
    }
}
