package gannet.nn;

import gannet.kernel.Activation;

/// A layer whose kernel can apply an activation to its result before writing it.
interface Fusible extends Layer {
    /// The same layer with `act` after it; null if it has an activation already.
    Layer followedBy(Activation act);
}
