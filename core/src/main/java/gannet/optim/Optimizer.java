package gannet.optim;

import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.kernel.Unary;
import gannet.nn.Weights;
import gannet.tensor.Gradients;
import gannet.tensor.Shape;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import gannet.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// One network's optimiser: a [Rule], its memory, the learning rate, and optionally a bound that all weights are clipped to. [#descend], whose
/// second half is [#commit], is the one place where weights change.
public final class Optimizer {
    /// Gradients above this refuse the step: their squares overflow 32-bit floats.
    private static final double LIMIT = 1e18;

    private final Weights<?> network;
    private final Rule rule;
    private final Rule.Memory memory;
    private final double initialRate;
    private final State.OfTensor rate;
    private final double clip;
    private final Storage gradient;
    private final List<Tensor> gradients;
    private final Tensor flag;
    private boolean gathered;

    /// An optimiser without clipping.
    public Optimizer(Weights<?> network, Rule rule, double rate) {
        this(network, rule, rate, Double.POSITIVE_INFINITY);
    }

    /// `clip` bounds every weight to −clip…clip after each step; Arjovsky et al. 2017, Algorithm 1, with c = 0.01.
    public Optimizer(Weights<?> network, Rule rule, double rate, double clip) {
        if (!(rate > 0 && rate < LIMIT)) throw new IllegalArgumentException("learning rate " + rate + " of network '" + network.name() + "' must be above 0 and below 1e18");
        if (!(clip > 0)) throw new IllegalArgumentException("weight clipping at " + clip + " of network '" + network.name() + "' must be above 0");
        Kernels k = network.kernels();
        this.network = network;
        this.clip = clip;
        this.rule = rule;
        this.initialRate = rate;
        this.memory = rule.begin(k, network.name(), network.storage().length());
        this.rate = new State.OfTensor(network.name() + ".rate", Tensor.of(k, Shape.of(), rate));
        this.gradient = k.allocate(network.storage().length());
        this.gradients = network.slices(gradient);
        this.flag = Tensor.of(k, Shape.of(), 0);
    }

    /// Whether all weights are kept within a bound.
    public boolean clips() {
        return clip < Double.POSITIVE_INFINITY;
    }

    /// One step down the gradient of `loss`, whose graph is consumed. The weights, the rule's memory and what the network staged in the open
    /// workspace (running statistics; without a workspace they changed in the forward pass) change together or, if a gradient or a staged
    /// value is not finite, not at all; see [#refused].
    public void descend(Tensor loss) {
        gather(List.of(() -> loss));
        commit();
    }

    /// The first half of [#descend], for a step whose gradient comes in parts: the mean gradient of `losses`, each made and consumed before the next,
    /// so that only one graph is in memory at a time. Nothing changes before [#commit], but [#refused] can be asked.
    public void gather(List<Supplier<Tensor>> losses) {
        gathered = false;
        if (network.frozen()) throw new IllegalStateException("network '" + network.name() + "' is frozen: its optimiser can't descend inside freeze(…)");
        Kernels k = network.kernels();
        for (int i = 0; i < losses.size(); i++) differentiate(losses.get(i).get(), i > 0);
        if (losses.size() > 1) k.map(new Unary.Affine(1.0 / losses.size(), 0), gradient, gradient);
        k.write(new double[1], flag.data());
        List<Storage> deciding = new ArrayList<>(List.of(gradient, rate.tensor().data()));
        Workspace workspace = Workspace.current();
        if (workspace != null) for (Tensor value : workspace.staged(network)) deciding.add(value.data());
        k.checkAll(LIMIT, deciding, flag.data());
        gathered = true;
    }

    private void differentiate(Tensor loss, boolean add) {
        requireListed(loss);
        List<Tensor> weights = network.weights();
        Gradients d = Gradients.consuming(loss, weights);
        List<Storage> parts = weights.stream().map(w -> d.get(w).data()).toList(), sums = gradients.stream().map(Tensor::data).toList();
        if (add) for (int i = 0; i < parts.size(); i++) network.kernels().zip(Binary.Function.ADD, sums.get(i), 1, parts.get(i), 1, sums.get(i));
        else network.kernels().assign(parts, sums);
    }

    /// Refuses the gathered step if `other`'s is refused: two players of one step move together or not at all.
    public void refuseWith(Optimizer other) {
        network.kernels().zip(Binary.Function.MAXIMUM, flag.data(), 1, other.flag.data(), 1, flag.data());
    }

    /// The second half of [#descend]: the step down the gradient that was gathered, from wherever the weights stand now.
    public void commit() {
        if (!gathered) throw new IllegalStateException("network '" + network.name() + "' has no gathered gradient to commit: gather(…) comes before each commit()");
        gathered = false;
        memory.update(gradient, network.storage(), rate.tensor(), flag);
        if (clips()) clip();
        Workspace workspace = Workspace.current();
        if (workspace != null) workspace.commit(network, flag);
    }

    /// Where the weights and the rule's memory stand, for [#next].
    public Rule.Iterate here() {
        List<List<Tensor>> slots = new ArrayList<>();
        for (Rule.Slot slot : memory.slots()) slots.add(network.slices(slot.storage()));
        return new Rule.Iterate(network.weights(), slots, memory.counters().stream().map(State.OfTensor::tensor).toList());
    }

    /// The step that [#descend] would take from `at` down the gradient of `loss`, made at those weights: a recorded function of all that the loss
    /// depends on. Changes nothing.
    public Rule.Iterate next(Rule.Iterate at, Tensor loss) {
        Gradients d = Gradients.differentiable(loss, at.weights());
        Rule.Iterate next = rule.next(at, at.weights().stream().map(d::get).toList(), rate.tensor());
        return clips() ? next.at(next.weights().stream().map(w -> w.clamp(-clip, clip)).toList()) : next;
    }

    /// Bounds all weights, unless the step is refused.
    private void clip() {
        Tensor.unrecorded(() -> {
            Tensor w = Tensor.leaf(Shape.of(network.storage().length()), network.storage());
            w.assign(Tensor.select(Comparison.GREATER, flag, Tensor.constant(w.kernels(), 0), w, w.clamp(-clip, clip)));
            return w;
        });
    }

    private static void requireListed(Tensor loss) {
        for (Tensor leaf : Gradients.leaves(loss))
            if (leaf.unlistedWeight())
                throw new IllegalStateException("a weight " + leaf.shape() + " is read that no network lists; name it in its layer's with(Parts)");
    }

    /// Whether the last step was refused because something in it was not finite. Reads the device; between steps only.
    public boolean refused() {
        return flag.item() != 0;
    }

    /// Why the last step was refused: the first weight whose gradient is not finite or too large to square. Reads the device.
    public String refusal() {
        for (int i = 0; i < gradients.size(); i++)
            for (double g : gradients.get(i).toArray())
                if (!(Math.abs(g) <= LIMIT))
                    return g + " in the gradient of " + network.weights().get(i).origin() + " " + gradients.get(i).shape() + ", beyond 1e18, whose square overflows";
        return "the learning rate or a running statistic of network '" + network.name() + "' is not finite or beyond 1e18";
    }

    /// The Euclidean norm of the last step's gradient. Reads the device; between steps only.
    public double gradientNorm() {
        double squares = 0;
        double[] g = new double[gradient.length()];
        network.kernels().read(gradient, g);
        for (double v : g) squares += v * v;
        return Math.sqrt(squares);
    }

    /// The learning rate, a one-element tensor that a schedule may assign to between steps.
    public Tensor rate() {
        return rate.tensor();
    }

    /// The learning rate that it was made with, which a schedule scales.
    public double initialRate() {
        return initialRate;
    }

    /// The network it changes.
    public Weights<?> network() {
        return network;
    }

    /// Learning rate, slots and counters; slots are listed weight by weight.
    public List<State> states() {
        List<State> states = new ArrayList<>();
        states.add(rate);
        states.addAll(memory.counters());
        for (Rule.Slot slot : memory.slots()) {
            List<Tensor> slices = network.slices(slot.storage());
            for (int i = 0; i < slices.size(); i++)
                states.add(new State.OfTensor(network.weights().get(i).origin() + "." + slot.name(), slices.get(i)));
        }
        return states;
    }
}
