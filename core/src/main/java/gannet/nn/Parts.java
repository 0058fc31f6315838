package gannet.nn;

import gannet.tensor.State;
import gannet.tensor.Tensor;

/// What goes through a part's weights and states: it is shown each with its name, and says what shall stand in its place.
public interface Parts {
    /// A trained tensor.
    Tensor weight(String name, Tensor weight);

    /// A tensor that is not trained but remembered: running statistics.
    State.OfTensor state(String name, State.OfTensor state);

    /// An inner part, whose own names follow `name.`.
    default <P extends Part<P>> P part(String name, P part) {
        Parts outer = this;
        return part.with(new Parts() {
            @Override public Tensor weight(String inner, Tensor weight) {
                return outer.weight(name + "." + inner, weight);
            }

            @Override public State.OfTensor state(String inner, State.OfTensor state) {
                return outer.state(name + "." + inner, state);
            }
        });
    }

    /// A weight that may be absent (null).
    default Tensor optional(String name, Tensor weight) {
        return weight == null ? null : weight(name, weight);
    }
}
