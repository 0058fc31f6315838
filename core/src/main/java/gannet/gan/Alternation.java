package gannet.gan;

/// How the two take turns: `discriminator` steps of D, then `generator` steps of G, D first; Goodfellow et al. 2014, Algorithm 1.
public record Alternation(int discriminator, int generator) {
    public Alternation {
        if (discriminator < 1 || generator < 1)
            throw new IllegalArgumentException("alternation " + discriminator + ":" + generator + ": both must be at least 1");
    }

    /// `d` discriminator steps to `g` generator steps.
    public static Alternation steps(int d, int g) {
        return new Alternation(d, g);
    }

    /// `d` epochs of D to `g` epochs of G, an epoch being `batches` steps.
    public static Alternation epochs(int d, int g, int batches) {
        return new Alternation(Math.multiplyExact(d, batches), Math.multiplyExact(g, batches));
    }
}
