package gannet.nn;

import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.tensor.Scope;
import gannet.tensor.State;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// A part whose weights are slices of one storage, so that an optimiser, an average or a clipping is one pass over all of them; and the list of all it
/// remembers. [Network] is the one for parts of one input; a conditional network owns its [ConditionalLayer] by this class.
public sealed class Weights<P extends Part<P>> implements Conditional permits Network {
    /// Slices start at multiples of this many elements, a cache line of floats.
    private static final int ALIGNMENT = 16;

    private final String name;
    private final Storage storage;
    private final P part;
    private final List<Tensor> weights = new ArrayList<>();
    private final List<State> states = new ArrayList<>();
    private final List<State.OfTensor> remembered = new ArrayList<>();
    private final List<Integer> offsets = new ArrayList<>();
    private int freezes;

    Weights(String name, P original) {
        this.name = name;
        List<Tensor> originals = weightsOf(original);
        if (originals.isEmpty()) throw new IllegalArgumentException("network '" + name + "' has no weights");
        int length = 0;
        for (Tensor w : originals) {
            offsets.add(length);
            length += (w.shape().count() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        requireDistinct(originals);
        storage = originals.getFirst().kernels().allocate(length);
        part = original.with(new Parts() {
            @Override public Tensor weight(String inner, Tensor weight) {
                return adopt(name + "." + inner, weight);
            }

            @Override public State.OfTensor state(String inner, State.OfTensor state) {
                var adopted = new State.OfTensor(name + "." + inner, Tensor.of(kernels(), state.shape(), state.tensor().toArray()));
                adopted.owner(Weights.this);
                remembered.add(adopted);
                states.add(adopted);
                return adopted;
            }
        });
    }

    /// Gathers the part's weights and states, copying them; the part itself stays as it was and is used no more.
    public static <P extends Part<P>> Weights<P> of(String name, P part) {
        return new Weights<>(name, part);
    }

    private static List<Tensor> weightsOf(Part<?> part) {
        List<Tensor> weights = new ArrayList<>();
        part.with(new Parts() {
            @Override public Tensor weight(String name, Tensor weight) {
                weights.add(weight);
                return weight;
            }

            @Override public State.OfTensor state(String name, State.OfTensor state) {
                return state;
            }
        });
        return weights;
    }

    private void requireDistinct(List<Tensor> originals) {
        for (int i = 0; i < originals.size(); i++)
            for (int j = 0; j < i; j++)
                if (originals.get(i) == originals.get(j))
                    throw new IllegalArgumentException("network '" + name + "': one weight " + originals.get(i).shape()
                            + " is listed twice; make two layers, or list the shared one once");
    }

    private Tensor adopt(String name, Tensor original) {
        Tensor slice;
        try (var _ = Scope.within(name)) {
            slice = Tensor.leaf(original.shape(), storage.slice(offsets.get(weights.size()), original.shape().count()));
        }
        slice.assign(original);
        weights.add(slice);
        states.add(new State.OfTensor(name, slice));
        return slice;
    }

    /// What its states are called by.
    public String name() {
        return name;
    }

    /// The back end that its weights live on.
    public Kernels kernels() {
        return storage.kernels();
    }

    /// The part over this network's weights.
    public P part() {
        return part;
    }

    /// The same part over other weights, in the order of [#weights]: unrolling, averages.
    public P at(List<Tensor> others) {
        if (others.size() != weights.size())
            throw new IllegalArgumentException("network '" + name + "' at " + others.size() + " weights; needed: " + weights.size());
        var next = others.iterator();
        return part.with(new Parts() {
            @Override public Tensor weight(String inner, Tensor weight) {
                Tensor other = next.next();
                if (!other.shape().equals(weight.shape()))
                    throw new IllegalArgumentException("network '" + name + "' at a weight " + other.shape() + " for " + inner + "; needed: " + weight.shape());
                return other;
            }

            @Override public State.OfTensor state(String name, State.OfTensor state) {
                return state;
            }
        });
    }

    @Override public Layer given(Tensor condition) {
        return named(conditional(part).given(condition));
    }

    /// The same under other weights, in the order of [#weights].
    public Conditional given(List<Tensor> others) {
        Conditional there = conditional(at(others));
        return condition -> named(there.given(condition));
    }

    private Conditional conditional(P part) {
        if (part instanceof Conditional conditional) return conditional;
        throw new IllegalStateException("network '" + name + "' is no function of an input: its part is neither a Layer nor a ConditionalLayer");
    }

    /// `layer` with this network's name around all that it computes.
    Layer named(Layer layer) {
        return new Layer() {
            @Override public Tensor apply(Tensor x) {
                try (var _ = Scope.within(name)) {
                    return layer.apply(x);
                }
            }

            @Override public Tensor infer(Tensor x) {
                try (var _ = Scope.within(name)) {
                    return Tensor.unrecorded(() -> layer.infer(x));
                }
            }
        };
    }

    /// Whether a layer of this kind is in it: batch norm, spectral norm.
    public boolean contains(Class<?> kind) {
        boolean[] found = {false};
        part.with(new Parts() {
            @Override public Tensor weight(String inner, Tensor weight) {
                return weight;
            }

            @Override public State.OfTensor state(String inner, State.OfTensor state) {
                return state;
            }

            @Override public <Q extends Part<Q>> Q part(String inner, Q part) {
                found[0] |= kind.isInstance(part);
                return part.with(this);
            }
        });
        return found[0] || kind.isInstance(part);
    }

    /// All weights, slices of [#storage].
    public List<Tensor> weights() {
        return List.copyOf(weights);
    }

    /// The one storage of all weights; elements between slices are 0.
    public Storage storage() {
        return storage;
    }

    /// The tensors of a storage laid out like [#storage]: gradients, an optimiser's slots.
    public List<Tensor> slices(Storage mirror) {
        List<Tensor> slices = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++)
            slices.add(Tensor.leaf(weights.get(i).shape(), mirror.slice(offsets.get(i), weights.get(i).shape().count())));
        return slices;
    }

    /// The number of weights.
    public int size() {
        return weights.stream().mapToInt(w -> w.shape().count()).sum();
    }

    /// Everything it remembers: weights and running statistics.
    public List<State> states() {
        return List.copyOf(states);
    }

    /// Whether it is inside [#freeze].
    public boolean frozen() {
        return freezes > 0;
    }

    /// Until the result is closed, the network stages no change of its state and no optimiser may touch it. Its batch norms still use the
    /// statistics of their batch. `try (var _ = freeze(generator)) { … }`
    public static Scope.Exit freeze(Weights<?> network) {
        network.freezes++;
        for (State.OfTensor s : network.remembered) s.frozen(true);
        boolean[] closed = {false};
        return () -> {
            if (closed[0]) return;
            closed[0] = true;
            if (--network.freezes == 0) for (State.OfTensor s : network.remembered) s.frozen(false);
        };
    }
}
