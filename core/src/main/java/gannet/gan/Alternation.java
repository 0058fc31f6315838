package gannet.gan;

/// How the two take turns: `discriminator` steps of D, then `generator` steps of G, D first; Goodfellow et al. 2014, Algorithm 1. Other orders of play
/// have one step of each.
public record Alternation(int discriminator, int generator, Order order) {
    /// Which weights a turn sees.
    public enum Order {
        /// One after the other: G meets the D that has just moved.
        IN_TURN,
        /// Both at once: both gradients are taken before either moves, so that each aims at a target that is moving.
        SIMULTANEOUS,
        /// Both move by [gannet.optim.Extragradient]: once to look ahead, then from where they were by the gradients found there; Gidel et al. 2019.
        EXTRAGRADIENT
    }

    public Alternation {
        if (discriminator < 1 || generator < 1)
            throw new IllegalArgumentException("alternation " + discriminator + ":" + generator + ": both must be at least 1");
        if (order != Order.IN_TURN && (discriminator > 1 || generator > 1))
            throw new IllegalArgumentException("alternation " + discriminator + ":" + generator + ", " + order + ": both move together, 1:1");
    }

    /// `d` discriminator steps to `g` generator steps.
    public static Alternation steps(int d, int g) {
        return new Alternation(d, g, Order.IN_TURN);
    }

    /// `d` epochs of D to `g` epochs of G, an epoch being `batches` steps.
    public static Alternation epochs(int d, int g, int batches) {
        return steps(Math.multiplyExact(d, batches), Math.multiplyExact(g, batches));
    }

    /// Both at once.
    public static Alternation simultaneous() {
        return new Alternation(1, 1, Order.SIMULTANEOUS);
    }

    /// Both by extragradient.
    public static Alternation extragradient() {
        return new Alternation(1, 1, Order.EXTRAGRADIENT);
    }
}
