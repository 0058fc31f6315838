package gannet.gan;

import gannet.gan.loss.GanLoss;
import gannet.gan.penalty.Penalty;
import gannet.nn.BatchNorm;
import gannet.nn.InstanceNorm;
import gannet.nn.LayerNorm;
import gannet.nn.Linear;
import gannet.nn.SpectralNorm;
import gannet.nn.Weights;
import gannet.optim.Optimizer;
import gannet.tensor.Randoms;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Trains a generator against a discriminator: Goodfellow et al. 2014, Algorithm 1, and nothing else. Logging, sampling and checkpoints belong to the
/// loop around it. A step is one step of G, with the steps of D that come before it.
public final class GanTrainer {
    /// Where the one-element step of [Randoms] stops counting exactly.
    private static final long MOST_STEPS = 1 << 24;

    /// Layers that divide by what they measure, and so have slopes without bound, whatever norm the weights around them have.
    private static final List<Class<?>> NOT_LIPSCHITZ = List.of(BatchNorm.class, LayerNorm.class, InstanceNorm.class);

    private final Weights<?> generator, discriminator;
    private final Optimizer generatorOptimizer, discriminatorOptimizer;
    private final Objective objective;
    private final Source data;
    private final Randoms randoms;
    private final Procedure procedure;
    private final Workspace workspace;
    private final Meter meter;
    private final Turns turns;
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
        this.data = data;
        this.randoms = randoms;
        this.procedure = procedure;
        this.workspace = new Workspace(this.generator.kernels());
        this.meter = new Meter(this.generator.kernels(), objective.loss().threshold());
        this.turns = new Turns(generator, discriminator, objective, prior, conditions, data, randoms, procedure, workspace, meter, this::steps);
        requireSound();
        if (conditions != Conditions.NONE) requireSoundUnderConditions();
    }

    private void requireSound() {
        GanLoss loss = objective.loss();
        boolean everyLayerNormed = discriminator.contains(SpectralNorm.class) && !discriminator.contains(Linear.class)
                && NOT_LIPSCHITZ.stream().noneMatch(discriminator::contains);
        boolean lipschitz = discriminatorOptimizer.clips() || everyLayerNormed || objective.penalties().stream().anyMatch(Penalty::lipschitz);
        if (loss.needsLipschitz() && !lipschitz)
            throw new IllegalArgumentException("loss '" + loss.name() + "' needs a Lipschitz device: clip the critic's weights (0.01), add a gradient penalty, put spectral norm"
                    + " around every layer with weights and leave other norms out, or ask for '" + loss.name() + "-unconstrained' by name");
        for (Penalty penalty : objective.penalties()) penalty.requireLoss(loss);
        for (Callback callback : procedure.callbacks()) callback.requireLoss(loss);
        if (discriminator.contains(BatchNorm.class) && objective.penalties().stream().anyMatch(Penalty::perSample))
            throw new IllegalArgumentException("network '" + discriminator.name() + "' has batch norm, under which a penalty on each sample's gradient means nothing: leave the norm out,"
                    + " or ask for the penalty's despiteBatchNorm()");
        if (generator.name().equals(discriminator.name()))
            throw new IllegalArgumentException("both networks are named '" + generator.name() + "'; states need names of their own");
    }

    private void requireSoundUnderConditions() {
        if (procedure.replay() != null)
            throw new IllegalArgumentException("replay of earlier fakes goes with no conditions: D would see them under those of the newest fakes; leave the replay out");
        if (objective.pack() > 1)
            throw new IllegalArgumentException("packing " + objective.pack() + " samples goes with no conditions: each sample of a pack has one of its own; leave the packing out");
    }

    /// One step of G, and the steps of D before it.
    public void step() {
        if (steps.value >= MOST_STEPS) throw new IllegalStateException("a run ends at 2^24 steps, beyond which random draws would repeat: start another from its weights");
        randoms.rewind(Map.of()); // a step's draws depend on nothing drawn before it: a sample, a step that failed
        play();
        try (var _ = workspace.open()) {
            for (Callback callback : procedure.callbacks()) callback.stepped();
        }
        randoms.advance();
        steps.value++;
    }

    private void play() {
        switch (procedure.alternation().order()) {
            case IN_TURN -> inTurn();
            case SIMULTANEOUS -> turns.simultaneous();
            case EXTRAGRADIENT -> turns.extragradient();
        }
    }

    private void inTurn() {
        Alternation alternation = procedure.alternation();
        if (procedure.sharedFake()) turns.shared();
        else {
            if (steps.value % alternation.generator() == 0)
                for (int k = 0; k < alternation.discriminator(); k++) turns.discriminator();
            turns.generator();
        }
    }

    /// The steps done so far.
    public long steps() {
        return steps.value;
    }

    /// The bytes that a step works in beside weights, optimisers and its batches: results, graphs and gradients of the greatest turn so far.
    public long workspaceBytes() {
        return workspace.bytes();
    }

    /// The last step's figures.
    public Meter meter() {
        return meter;
    }

    /// What D makes of real samples that it need not be trained on, beside as many fresh fakes, as it sees batches in its turn. Nothing changes by it: a
    /// run that looks has the bits of one that doesn't.
    public Meter look(Batch real) {
        var look = new Meter(generator.kernels(), objective.loss().threshold());
        turns.look(real, look);
        return look;
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
        for (Penalty penalty : objective.penalties()) states.addAll(penalty.states());
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
