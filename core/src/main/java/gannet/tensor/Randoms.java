package gannet.tensor;

import gannet.kernel.Distribution;
import gannet.kernel.Kernels;
import gannet.kernel.Storage;
import gannet.kernel.Unary;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// Random tensors of one run. A draw is a function of the run's seed, the name of its use, how many draws that use has made in this
/// step, and the step: no generator is advanced, so a resumed run and any number of threads see the same numbers.
///
/// The step is a one-element tensor, read where the kernels run. In 32-bit floats it counts exactly up to 2²⁴ steps.
public final class Randoms {
    private final Kernels kernels;
    private final long seed;
    private final State.OfTensor step;
    private final Map<String, Integer> draws = new HashMap<>();

    /// Draws for one back end under one seed, from step 0.
    public Randoms(Kernels kernels, long seed) {
        this.kernels = kernels;
        this.seed = seed;
        this.step = new State.OfTensor("random.step", Tensor.of(kernels, Shape.of(), 0));
    }

    /// The back end that it draws on.
    public Kernels kernels() {
        return kernels;
    }

    /// N(0, 1) elements.
    public Tensor normal(String use, Shape shape) {
        return draw(Distribution.NORMAL, use, shape);
    }

    /// Elements uniform in (0, 1).
    public Tensor uniform(String use, Shape shape) {
        return draw(Distribution.UNIFORM, use, shape);
    }

    private Tensor draw(Distribution d, String use, Shape shape) {
        Tensor t = Tensor.uninitialised(kernels, shape);
        kernels.random(d, seed, number(use), draws.merge(use, 1, Integer::sum) - 1, step.tensor().data(), t.data());
        return t;
    }

    /// A use's number in the counter: the CRC-32C of its name.
    private static int number(String use) {
        var crc = new CRC32C();
        crc.update(use.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /// Goes on to the next step.
    public void advance() {
        Storage at = step.tensor().data();
        kernels.map(new Unary.Affine(1, 1), at, at);
        at.changed();
        draws.clear();
    }

    /// Where in the step the draws stand, for [#rewind].
    public Map<String, Integer> mark() {
        return Map.copyOf(draws);
    }

    /// Goes back within the step, so that the same draws come again.
    public void rewind(Map<String, Integer> mark) {
        draws.clear();
        draws.putAll(mark);
    }

    /// The step.
    public List<State> states() {
        return List.of(step);
    }
}
