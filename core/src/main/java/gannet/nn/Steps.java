package gannet.nn;

import gannet.tensor.Scope;
import gannet.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Layers one after the other, each told the condition if it takes one: what [Sequential] and [ConditionalSequential] share. An activation behind a layer that
/// can apply it is joined to that layer.
record Steps(List<Step> steps) {
    /// `end`: the position behind it and the activation joined to it.
    record Step(String name, Conditional layer, int end) {
        Step with(Parts parts) {
            return new Step(name, layer instanceof ConditionalLayer c ? parts.part(name, c) : parts.part(name, (Layer) layer), end);
        }
    }

    static Steps of(Conditional... layers) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < layers.length; i++) {
            if (!(layers[i] instanceof Layer) && !(layers[i] instanceof ConditionalLayer))
                throw new IllegalArgumentException("layer " + i + " is neither a Layer nor a ConditionalLayer, so it can't list its weights;"
                        + " implement one of them");
            Layer joined = null;
            if (layers[i] instanceof ActivationLayer a && !steps.isEmpty() && steps.getLast().layer instanceof Fusible before)
                joined = before.followedBy(a.activation());
            if (joined == null) steps.add(new Step(Integer.toString(i), layers[i], i + 1));
            else steps.set(steps.size() - 1, new Step(steps.getLast().name, joined, i + 1));
        }
        return new Steps(steps);
    }

    Tensor apply(Tensor x, Tensor condition) {
        for (Step step : steps)
            try (var _ = Scope.within(step.name)) {
                x = step.layer instanceof ConditionalLayer c ? c.apply(x, condition) : ((Layer) step.layer).apply(x);
            }
        return x;
    }

    Tensor infer(Tensor x, Tensor condition) {
        for (Step step : steps)
            try (var _ = Scope.within(step.name)) {
                x = step.layer instanceof ConditionalLayer c ? c.infer(x, condition) : ((Layer) step.layer).infer(x);
            }
        return x;
    }

    Steps with(Parts parts) {
        List<Step> replaced = new ArrayList<>();
        for (Step step : steps) replaced.add(step.with(parts));
        return new Steps(replaced);
    }

    Steps upTo(int n) {
        for (int i = 0; i < steps.size(); i++) if (steps.get(i).end == n) return new Steps(List.copyOf(steps.subList(0, i + 1)));
        List<Integer> ends = new ArrayList<>();
        for (Step step : steps) ends.add(step.end);
        throw new IllegalArgumentException("the first " + n + " layers: an activation belongs to the layer that it is joined to, so choose one of " + ends);
    }
}
