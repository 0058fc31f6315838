package gannet.examples.lab;

import static gannet.nn.ActivationLayer.RELU;
import static gannet.nn.ActivationLayer.leakyRelu;
import static gannet.nn.Weights.freeze;
import static gannet.tensor.Tensor.unrecorded;

import gannet.examples.lab.Panel.Axis;
import gannet.gan.Batch;
import gannet.gan.GanTrainer;
import gannet.gan.Objective;
import gannet.gan.Player;
import gannet.gan.Prior;
import gannet.gan.Procedure;
import gannet.gan.Source;
import gannet.gan.loss.GanLoss;
import gannet.gan.loss.ModifiedMinimax;
import gannet.gan.remedy.MovingAverage;
import gannet.io.Npy;
import gannet.kernel.Kernels;
import gannet.metric.Mixture;
import gannet.nn.Layers;
import gannet.nn.Network;
import gannet.optim.Adam;
import gannet.tensor.Randoms;
import gannet.tensor.Scope;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// D's turn leaves G as it was, and G's turn D, to the bit: a hash over all that a player remembers (weights, running statistics of batch norm,
/// spectral-norm vectors, the optimiser's moments, the average of G's weights) before and after the other's turn. Once by [GanTrainer], once by a loop
/// with `freeze`, and once by the same loop without, which is what much PyTorch code does: no optimiser touches the other player, but its running
/// statistics move with every batch that passes through it.
final class FreezeLab implements Lab {
    private static final String TRAINER = "trainer", FROZEN = "loop-frozen", UNFROZEN = "loop-unfrozen", BREACHES = "turns that leaked";
    private static final Mixture RING = Mixture.ring(8, 1, 0.01);
    private static final int Z = 2, WIDTH = 16, BATCH = 16, STEPS = 100, HASH = 4;
    private static final double RATE = 1e-3;

    @Override public About about() {
        return new About("freeze", "each player's turn leaves all of the other as it was, to the bit; without freeze, batch norm and spectral norm leak",
                "Goodfellow et al. 2014, Algorithm 1", "", 0.1, 0.1, 5);
    }

    @Override public List<Arm> arms(Scale scale, boolean control) {
        List<Arm> arms = new ArrayList<>();
        for (String name : List.of(TRAINER, FROZEN, UNFROZEN)) {
            boolean frozen = !name.equals(UNFROZEN) && !control, trainer = name.equals(TRAINER) && !control;
            SequencedMap<String, Object> settings = new LinkedHashMap<>();
            settings.put("batch", (long) BATCH);
            settings.put("steps", (long) STEPS);
            settings.put("rate", RATE);
            settings.put("loop", trainer ? "GanTrainer" : "spelled out");
            settings.put("freeze", frozen);
            arms.add(new Arm(name, settings, (kernels, seed) -> trial(new Game(kernels, seed), trainer, frozen)));
        }
        return arms;
    }

    /// A loss that says when G's turn has begun: D's is over then.
    private record Watched(GanLoss loss, Runnable generatorTurn) implements GanLoss {
        @Override public Tensor discriminator(Tensor real, Tensor fake) {
            return loss.discriminator(real, fake);
        }

        @Override public Tensor generator(Supplier<Tensor> real, Tensor fake) {
            generatorTurn.run();
            return loss.generator(real, fake);
        }

        @Override public String name() {
            return loss.name();
        }
    }

    /// Two perceptrons with everything that can leak.
    private static final class Game {
        final Player g, d;
        final MovingAverage average;
        final Randoms randoms;

        Game(Kernels k, long seed) {
            Layers layers = Layers.fanIn(k, seed);
            g = Player.of(Network.of("generator", layers.denseUnbiased(Z, WIDTH), layers.batchNorm(WIDTH), RELU, layers.dense(WIDTH, 2)), Adam.DCGAN, RATE);
            Network critic = Network.of("discriminator", layers.spectralNorm(layers.denseUnbiased(2, WIDTH)), layers.batchNorm(WIDTH), leakyRelu(0.2),
                    layers.dense(WIDTH, 1));
            d = Player.of(critic, Adam.DCGAN, RATE);
            average = new MovingAverage(g.network(), 0.9);
            randoms = new Randoms(k, seed);
        }

        private static List<State> states(Player player) {
            List<State> states = new ArrayList<>(player.network().states());
            states.addAll(player.optimizer().states());
            return states;
        }

        List<State> statesOfG() {
            List<State> states = states(g);
            states.addAll(average.states());
            return states;
        }

        List<State> statesOfD() {
            return states(d);
        }

        Batch real(int n) {
            return Batch.of(RING.sample(randoms, n));
        }

        GanTrainer trainer(GanLoss loss) {
            Source data = new Source() {
                @Override public Batch next(int n) {
                    return real(n);
                }

                @Override public List<State> states() {
                    return List.of();
                }
            };
            return new GanTrainer(g, d, Objective.of(loss), Prior.normal(randoms, Z), data, randoms, Procedure.of(BATCH).with(average));
        }

        /// The same step spelled out, without a workspace: what is staged nowhere takes effect at once, as in other frameworks.
        void step(boolean frozen, Runnable between) {
            Objective objective = Objective.of(new ModifiedMinimax());
            Prior prior = Prior.normal(randoms, Z);
            try (Scope.Exit _ = frozen ? freeze(g.network()) : () -> {}) {
                Tensor fake = unrecorded(() -> ((Network) g.network()).apply(prior.sample(BATCH)));
                d.optimizer().descend(objective.discriminator(d.network(), real(BATCH), Batch.of(fake)).loss());
            }
            between.run();
            try (Scope.Exit _ = frozen ? freeze(d.network()) : () -> {}) {
                Tensor fake = ((Network) g.network()).apply(prior.sample(BATCH));
                g.optimizer().descend(objective.generator(d.network(), Batch.of(fake), () -> real(BATCH)));
            }
            average.stepped();
            randoms.advance();
        }
    }

    /// All numbers of a player at one moment.
    private static double[] numbers(List<State> states) {
        int length = 0;
        for (State s : states) length += s.shape().count();
        double[] all = new double[length];
        int at = 0;
        for (State s : states) {
            double[] each = new double[s.shape().count()];
            s.read(each);
            System.arraycopy(each, 0, all, at, each.length);
            at += each.length;
        }
        return all;
    }

    private static SequencedMap<String, Npy> trial(Game game, boolean byTrainer, boolean frozen) {
        double[][] between = new double[2][];
        Runnable watch = () -> {
            between[0] = numbers(game.statesOfG());
            between[1] = numbers(game.statesOfD());
        };
        GanTrainer trainer = byTrainer ? game.trainer(new Watched(new ModifiedMinimax(), watch)) : null;
        float[] hashes = new float[STEPS * 4 * HASH], drift = new float[STEPS * 2];
        for (int step = 0; step < STEPS; step++) {
            double[] g = numbers(game.statesOfG());
            if (byTrainer) trainer.step();
            else game.step(frozen, watch);
            double[] d = numbers(game.statesOfD());
            double[][] moments = {g, between[0], between[1], d};
            for (int i = 0; i < 4; i++) System.arraycopy(hash(moments[i]), 0, hashes, (step * 4 + i) * HASH, HASH);
            drift[2 * step] = (float) greatest(g, between[0]);
            drift[2 * step + 1] = (float) greatest(between[1], d);
        }
        SequencedMap<String, Npy> saved = new LinkedHashMap<>();
        saved.put("hashes", new Npy(new int[] {STEPS, 4, HASH}, hashes));
        saved.put("drift", new Npy(new int[] {STEPS, 2}, drift));
        return saved;
    }

    /// The first 64 bits of SHA-256 over all bits, 16 in each float, which holds them exactly.
    private static float[] hash(double[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length);
        for (double v : numbers) bytes.putLong(Double.doubleToRawLongBits(v));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            float[] hash = new float[HASH];
            for (int i = 0; i < HASH; i++) hash[i] = (digest[2 * i] & 0xFF) << 8 | digest[2 * i + 1] & 0xFF;
            return hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static double greatest(double[] before, double[] after) {
        double most = 0;
        for (int i = 0; i < before.length; i++) most = Math.max(most, Math.abs(after[i] - before[i]));
        return most;
    }

    @Override public SequencedMap<String, Double> figures(String arm, Saved saved) throws IOException {
        float[] hashes = saved.array("hashes").values(), drift = saved.array("drift").values();
        int steps = drift.length / 2;
        double inTurnsOfD = 0, inTurnsOfG = 0, most = 0;
        for (int step = 0; step < steps; step++) {
            if (!same(hashes, step * 4)) inTurnsOfD++;
            if (!same(hashes, step * 4 + 2)) inTurnsOfG++;
        }
        for (float d : drift) most = Math.max(most, d);
        SequencedMap<String, Double> figures = new LinkedHashMap<>();
        figures.put("steps", (double) steps);
        figures.put("G changed in D's turn", inTurnsOfD);
        figures.put("D changed in G's turn", inTurnsOfG);
        figures.put(BREACHES, inTurnsOfD + inTurnsOfG);
        figures.put("greatest change", most);
        return figures;
    }

    /// Whether a hash and the next are equal.
    private static boolean same(float[] hashes, int which) {
        for (int i = 0; i < HASH; i++) if (hashes[which * HASH + i] != hashes[(which + 1) * HASH + i]) return false;
        return true;
    }

    /// To the bit means in every seed: its worst one is judged, and of the loop that leaks its best.
    @Override public Verdict verdict(Outcome outcome) {
        double trainer = outcome.greatest(TRAINER, BREACHES), frozen = outcome.greatest(FROZEN, BREACHES), unfrozen = outcome.least(UNFROZEN, BREACHES);
        double turns = 2 * outcome.least(TRAINER, "steps");
        return new Verdict(trainer == 0 && frozen == 0 && unfrozen > 0, "of a seed's " + Table.number(turns) + " turns at most " + Table.number(trainer)
                + " changed the other player by the trainer, at most " + Table.number(frozen) + " by a loop with freeze, at least " + Table.number(unfrozen)
                + " by the same loop without");
    }

    @Override public void draw(Outcome outcome, Path folder) throws IOException {
        Panel panel = Panel.of("what D's memory moves in G's turns, added up", Axis.of("step"), Axis.of("greatest change of a number"));
        for (String arm : outcome.figures().keySet()) {
            double[] steps = new double[STEPS];
            double[][] sums = new double[outcome.seeds().size()][STEPS];
            for (int i = 0; i < sums.length; i++) {
                double[] drift = outcome.saved(arm, outcome.seeds().get(i)).curve("drift");
                for (int step = 0; step < STEPS; step++) {
                    steps[step] = step + 1;
                    sums[i][step] = drift[2 * step + 1] + (step == 0 ? 0 : sums[i][step - 1]);
                }
            }
            panel = panel.with(new Mark.Spread(arm, steps, sums));
        }
        Picture.of(panel).write(folder.resolve("freeze.png"));
    }
}
