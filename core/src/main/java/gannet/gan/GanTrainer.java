package gannet.gan;

import static gannet.nn.Weights.freeze;
import static gannet.tensor.Tensor.unrecorded;

import gannet.gan.loss.GanLoss;
import gannet.gan.penalty.Penalty;
import gannet.nn.BatchNorm;
import gannet.nn.Layer;
import gannet.nn.Weights;
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

    private final Weights<?> generator, discriminator;
    private final Optimizer generatorOptimizer, discriminatorOptimizer;
    private final Objective objective;
    private final Prior prior;
    private final Conditions conditions;
    private final Source data;
    private final Randoms randoms;
    private final Procedure procedure;
    private final int m;
    private final Workspace workspace;
    private final Meter meter;
    private final Count steps = new Count("trainer.steps");

    /// An unconditional GAN.
    public GanTrainer(Player generator, Player discriminator, Objective objective, Prior prior, Source data, Randoms randoms, Procedure procedure) {
        this(generator, discriminator, objective, prior, Conditions.NONE, data, randoms, procedure);
    }

    /// A GAN whose fakes are made under `conditions`.
    public GanTrainer(Player generator, Player discriminator, Objective objective, Prior prior, Conditions conditions, Source data, Randoms randoms,
                      Procedure procedure) {
        this.generator = generator.network();
        this.discriminator = discriminator.network();
        this.generatorOptimizer = generator.optimizer();
        this.discriminatorOptimizer = discriminator.optimizer();
        this.objective = objective;
        this.prior = prior;
        this.conditions = conditions;
        this.data = data;
        this.randoms = randoms;
        this.procedure = procedure;
        this.m = Math.multiplyExact(procedure.batch(), objective.pack());
        this.workspace = new Workspace(this.generator.kernels());
        this.meter = new Meter(this.generator.kernels(), objective.loss().threshold());
        requireSound();
    }

    private void requireSound() {
        GanLoss loss = objective.loss();
        boolean lipschitz = discriminatorOptimizer.clips() || objective.penalties().stream().anyMatch(Penalty::lipschitz);
        if (loss.needsLipschitz() && !lipschitz)
            throw new IllegalArgumentException("loss '" + loss.name() + "' needs a Lipschitz device: clip the critic's weights (0.01), add a gradient penalty, or ask for '"
                    + loss.name() + "-unconstrained' by name");
        if (discriminator.contains(BatchNorm.class) && objective.penalties().stream().anyMatch(Penalty::perSample))
            throw new IllegalArgumentException("network '" + discriminator.name() + "' has batch norm, under which a penalty on each sample's gradient means nothing: leave the norm out,"
                    + " or ask for the penalty's despiteBatchNorm()");
        if (generator.name().equals(discriminator.name()))
            throw new IllegalArgumentException("both networks are named '" + generator.name() + "'; states need names of their own");
    }

    /// One step of G, and the steps of D before it.
    public void step() {
        if (steps.value >= MOST_STEPS) throw new IllegalStateException("a run ends at 2^24 steps, beyond which random draws would repeat: start another from its weights");
        randoms.rewind(Map.of()); // a step's draws depend on nothing drawn before it: a sample, a step that failed
        turns();
        for (Callback callback : procedure.callbacks()) callback.stepped();
        randoms.advance();
        steps.value++;
    }

    private void turns() {
        if (procedure.sharedFake()) {
            sharedStep();
            return;
        }
        Alternation turns = procedure.alternation();
        if (steps.value % turns.generator() == 0)
            for (int k = 0; k < turns.discriminator(); k++) discriminatorStep();
        generatorStep();
    }

    private void discriminatorStep() {
        try (var _ = workspace.open(); var _ = freeze(generator)) {
            Batch x = data.next(m);                                                                 // x ~ p_data
            Tensor condition = conditions.next(m, x);
            descend(discriminatorOptimizer, () -> {
                Tensor fake = unrecorded(() -> generator.given(condition).apply(prior.sample(m)));  // z ~ p_z
                return discriminatorLoss(x, new Batch(replayed(fake), condition));
            });
        }
    }

    private void generatorStep() {
        try (var _ = workspace.open(); var _ = freeze(discriminator)) {
            Tensor condition = conditions.next(m, null);
            Supplier<Batch> x = once(() -> data.next(m));
            descend(generatorOptimizer, () -> generatorLoss(new Batch(generator.given(condition).apply(prior.sample(m)), condition), x));
        }
    }

    private void sharedStep() {
        try (var _ = workspace.open()) {
            Batch x = data.next(m);
            Tensor condition = conditions.next(m, x), z = prior.sample(m);
            Layer g = generator.given(condition);
            Tensor[] fake = {g.apply(z)};
            try (var _ = freeze(generator)) {
                boolean[] again = {false};
                descend(discriminatorOptimizer, () -> {
                    if (again[0]) unrecorded(() -> g.apply(z)); // to be checked too
                    again[0] = true;
                    return discriminatorLoss(x, new Batch(replayed(fake[0].detach()), condition));
                });
            }
            try (var _ = freeze(discriminator)) {
                descend(generatorOptimizer, () -> {
                    Tensor once = fake[0];
                    fake[0] = null; // consumed; a second run, to explain a refusal, makes its own
                    return generatorLoss(new Batch(once != null ? once : g.apply(z), condition), () -> x);
                });
            }
        }
    }

    private Tensor replayed(Tensor fake) {
        return procedure.replay() == null ? fake : procedure.replay().exchange(fake);
    }

    private Tensor discriminatorLoss(Batch x, Batch fake) {
        Judgement d = objective.discriminator(discriminator, x, fake);
        meter.discriminator(d);
        for (Callback callback : procedure.callbacks()) callback.judged(d);
        return d.loss();
    }

    private Tensor generatorLoss(Batch fake, Supplier<Batch> x) {
        Tensor g = objective.generator(discriminator, fake, x);
        meter.generator(g);
        return g;
    }

    /// A turn that is run again must see the same batch.
    private static <T> Supplier<T> once(Supplier<T> draw) {
        List<T> drawn = new ArrayList<>(1);
        return () -> {
            if (drawn.isEmpty()) drawn.add(draw.get());
            return drawn.getFirst();
        };
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
        if (procedure.replay() != null) states.addAll(procedure.replay().states());
        for (Callback callback : procedure.callbacks()) states.addAll(callback.states());
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
