package gannet.kernel;

/// Philox4x32-10, a counter-based random number generator: a keyed bijection of 128-bit counters, so that any element of any draw can
/// be computed on its own, in any order, by any number of threads; Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3", §3.2.
public final class Philox {
    private static final long M0 = 0xD2511F53L, M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9, W1 = 0xBB67AE85, ROUNDS = 10;

    private Philox() {}

    /// Encrypts the counter (c0, c1, c2, c3) under `key` (low word first) into `out[at … at+3]`.
    public static void block(long key, int c0, int c1, int c2, int c3, int[] out, int at) {
        int k0 = (int) key, k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = M0 * (c0 & 0xFFFFFFFFL), p1 = M1 * (c2 & 0xFFFFFFFFL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c1 = (int) p1;
            c3 = (int) p0;
            k0 += W0;
            k1 += W1;
        }
        out[at] = c0;
        out[at + 1] = c1;
        out[at + 2] = c2;
        out[at + 3] = c3;
    }

    /// A 32-bit word as a double in (0, 1): `(u + ½) / 2³²`.
    public static double uniform(int word) {
        return ((word & 0xFFFFFFFFL) + 0.5) * 0x1p-32;
    }

    /// Box and Muller's transform of two words: `√(−2 ln u₁) cos 2πu₂` (the pair's first normal) or `… sin 2πu₂` (its second).
    public static double normal(int word1, int word2, boolean second) {
        double radius = Math.sqrt(-2 * Math.log(uniform(word1))), angle = 2 * Math.PI * uniform(word2);
        return radius * (second ? Math.sin(angle) : Math.cos(angle));
    }
}
