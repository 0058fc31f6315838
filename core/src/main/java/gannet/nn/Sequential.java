package gannet.nn;

import gannet.tensor.Scope;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Layers one after the other. An activation behind a dense, convolution or batch-norm layer is joined to it: one kernel, one pass over memory.
/// Layers are named by their position, an activation counted whether joined or not, as in PyTorch's `Sequential`.
public final class Sequential implements Layer {
    private record Step(String name, Layer layer) {}

    private final List<Step> steps;

    private Sequential(List<Step> steps) {
        this.steps = steps;
    }

    public static Sequential of(Layer... layers) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < layers.length; i++) {
            Layer joined = null;
            if (layers[i] instanceof ActivationLayer a && !steps.isEmpty() && steps.getLast().layer instanceof Fusible before)
                joined = before.followedBy(a.activation());
            if (joined == null) steps.add(new Step(Integer.toString(i), layers[i]));
            else steps.set(steps.size() - 1, new Step(steps.getLast().name, joined));
        }
        return new Sequential(steps);
    }

    @Override public Tensor apply(Tensor x) {
        for (Step step : steps)
            try (var _ = Scope.within(step.name)) {
                x = step.layer.apply(x);
            }
        return x;
    }

    @Override public Tensor infer(Tensor x) {
        for (Step step : steps)
            try (var _ = Scope.within(step.name)) {
                x = step.layer.infer(x);
            }
        return x;
    }

    @Override public Sequential with(Parts parts) {
        List<Step> replaced = new ArrayList<>();
        for (Step step : steps) replaced.add(new Step(step.name, parts.part(step.name, step.layer)));
        return new Sequential(replaced);
    }
}
