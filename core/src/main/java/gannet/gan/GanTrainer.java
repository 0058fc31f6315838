package gannet.gan;

import static gannet.nn.Weights.freeze;
import static gannet.tensor.Tensor.unrecorded;

import gannet.nn.Network;
import gannet.optim.Optimizer;
import gannet.tensor.NonFiniteException;
import gannet.tensor.Randoms;
import gannet.tensor.Scope;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Trains a generator against a discriminator: Goodfellow et al. 2014, Algorithm 1, and nothing else. Logging, sampling and checkpoints belong to the
/// loop around it. A step is one step of G, with the steps of D that come before it.
public final class GanTrainer {
    /// Where the one-element step of [Randoms] stops counting exactly.
    private static final long MOST_STEPS = 1 << 24;

    private final Network generator, discriminator;
    private final Optimizer generatorOptimizer, discriminatorOptimizer;
    private final GanLoss loss;
    private final Penalty penalty;
    private final Prior prior;
    private final Source data;
    private final Randoms randoms;
    private final Alternation alternation;
    private final int m;
    private final boolean sharedFake;
    private final Workspace workspace;
    private final Meter meter;
    private final Count steps = new Count("trainer.steps");

    /// `penalty` may be null. With `sharedFake`, for 1:1 only, G's step reuses the batch (and its graph) that D's step saw instead of drawing
    /// fresh z as the algorithm has it: less work, and what common PyTorch code does.
    public GanTrainer(Player generator, Player discriminator, GanLoss loss, Penalty penalty, Prior prior, Source data, Randoms randoms,
                      Alternation alternation, int batch, boolean sharedFake) {
        if (loss.needsLipschitz() && penalty == null && !discriminator.optimizer().clips())
            throw new IllegalArgumentException("loss '" + loss.name() + "' needs a Lipschitz device: clip the critic's weights (0.01), add a gradient penalty, or ask for '"
                    + loss.name() + "-unconstrained' by name");
        if (sharedFake && !alternation.equals(Alternation.steps(1, 1)))
            throw new IllegalArgumentException("a shared fake batch needs one discriminator step to one generator step, not " + alternation);
        if (generator.network().name().equals(discriminator.network().name()))
            throw new IllegalArgumentException("both networks are named '" + generator.network().name() + "'; states need names of their own");
        this.generator = generator.network();
        this.discriminator = discriminator.network();
        this.generatorOptimizer = generator.optimizer();
        this.discriminatorOptimizer = discriminator.optimizer();
        this.loss = loss;
        this.penalty = penalty;
        this.prior = prior;
        this.data = data;
        this.randoms = randoms;
        this.alternation = alternation;
        this.m = batch;
        this.sharedFake = sharedFake;
        this.workspace = new Workspace(this.generator.kernels());
        this.meter = new Meter(this.generator.kernels(), loss.threshold());
    }

    /// One step of G, and the steps of D before it.
    public void step() {
        if (steps.value >= MOST_STEPS) throw new IllegalStateException("a run ends at 2^24 steps, beyond which random draws would repeat: start another from its weights");
        randoms.rewind(Map.of()); // a step's draws depend on nothing drawn before it: a sample, a step that failed
        turns();
        randoms.advance();
        steps.value++;
    }

    private void turns() {
        if (sharedFake) {
            sharedStep();
            return;
        }
        if (steps.value % alternation.generator() == 0)
            for (int k = 0; k < alternation.discriminator(); k++) discriminatorStep();
        generatorStep();
    }

    private void discriminatorStep() {
        try (var _ = workspace.open(); var _ = freeze(generator)) {
            Tensor x = data.next(m);                                                      // x ~ p_data
            descend(discriminatorOptimizer, () -> {
                Tensor fake = unrecorded(() -> generator.apply(prior.sample(m)));         // z ~ p_z
                return discriminatorLoss(x, fake);
            });
        }
    }

    private void generatorStep() {
        try (var _ = workspace.open(); var _ = freeze(discriminator)) {
            descend(generatorOptimizer, () -> generatorLoss(generator.apply(prior.sample(m))));
        }
    }

    private void sharedStep() {
        try (var _ = workspace.open()) {
            Tensor x = data.next(m), z = prior.sample(m);
            Tensor[] fake = {generator.apply(z)};
            try (var _ = freeze(generator)) {
                boolean[] again = {false};
                descend(discriminatorOptimizer, () -> {
                    if (again[0]) unrecorded(() -> generator.apply(z)); // to be checked too
                    again[0] = true;
                    return discriminatorLoss(x, fake[0].detach());
                });
            }
            try (var _ = freeze(discriminator)) {
                descend(generatorOptimizer, () -> {
                    Tensor once = fake[0];
                    fake[0] = null; // consumed; a second run, to explain a refusal, makes its own
                    return generatorLoss(once != null ? once : generator.apply(z));
                });
            }
        }
    }

    private Tensor discriminatorLoss(Tensor x, Tensor fake) {
        Tensor onReal = discriminator.apply(x), onFake = discriminator.apply(fake);
        Tensor d = loss.discriminator(onReal, onFake);
        if (penalty != null) d = d.plus(penalty.of(discriminator, x, fake));
        meter.discriminator(d, onReal, onFake);
        return d;
    }

    private Tensor generatorLoss(Tensor fake) {
        Tensor g = loss.generator(discriminator.apply(fake));
        meter.generator(g);
        return g;
    }

    /// Descends; a step that was refused is run again, on the same numbers, with every operation checked, to say where it went wrong.
    private void descend(Optimizer optimizer, Supplier<Tensor> step) {
        var mark = randoms.mark();
        optimizer.descend(step.get());
        if (!optimizer.refused()) return;
        randoms.rewind(mark);
        try (var _ = Scope.checked()) {
            optimizer.descend(step.get());
        } catch (NonFiniteException e) {
            throw new DivergedException(steps.value + 1, optimizer.network().name(), e.getMessage());
        }
        throw new DivergedException(steps.value + 1, optimizer.network().name(), optimizer.refusal());
    }

    /// The steps done so far.
    public long steps() {
        return steps.value;
    }

    /// The last step's figures.
    public Meter meter() {
        return meter;
    }

    /// The generator and its optimiser.
    public Player generator() {
        return new Player(generator, generatorOptimizer);
    }

    /// The discriminator and its optimiser.
    public Player discriminator() {
        return new Player(discriminator, discriminatorOptimizer);
    }

    /// Everything needed to go on: both networks, both optimisers, the random numbers, the data's position and the count of steps.
    public List<State> states() {
        List<State> states = new ArrayList<>();
        states.addAll(generator.states());
        states.addAll(discriminator.states());
        states.addAll(generatorOptimizer.states());
        states.addAll(discriminatorOptimizer.states());
        states.addAll(randoms.states());
        states.addAll(data.states());
        states.add(steps);
        return states;
    }

    /// A counter on the host.
    private static final class Count implements State {
        private final String name;
        private long value;

        Count(String name) {
            this.name = name;
        }

        @Override public String name() {
            return name;
        }

        @Override public Shape shape() {
            return Shape.of(1);
        }

        @Override public void read(double[] to) {
            to[0] = value;
        }

        @Override public void write(double[] from) {
            if (from[0] < 0 || from[0] != Math.rint(from[0])) throw new IllegalArgumentException(name + " is " + from[0] + ", expected a count");
            value = (long) from[0];
        }

        @Override public boolean wide() {
            return true;
        }
    }
}
