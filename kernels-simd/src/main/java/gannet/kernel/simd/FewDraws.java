package gannet.kernel.simd;

import gannet.kernel.Philox;

/// What [Draws] does for a few numbers, one at a time, to the same bits. Vectors would save microseconds a draw, and cost a program's first latent vectors a
/// third of a second: until C2 has compiled a loop of vectors, each of its operations makes objects.
final class FewDraws {
    private static final int HALF = Elementwise.CHUNK / 2;

    private FewDraws() {}

    /// The words of the blocks from `block` on: the first words of `pairs` pairs, and from half of the buffer on the second ones.
    static void words(long key, int block, int step, int use, int draw, int pairs, int[] words) {
        int[] four = new int[4];
        for (int i = 0; i < pairs; i += 2) {
            Philox.block(key, block + i / 2, step, use, draw, four, 0);
            words[i] = four[0];
            words[i + 1] = four[2];
            words[HALF + i] = four[1];
            words[HALF + i + 1] = four[3];
        }
    }

    /// `y[2i]` and `y[2i + 1]` from the words of pair i.
    static void uniforms(int[] words, int pairs, float[] y, int at) {
        for (int i = 0; i < pairs; i++) {
            y[at + 2 * i] = Math.min(uniform(words[i]), Math.nextDown(1f));
            y[at + 2 * i + 1] = Math.min(uniform(words[HALF + i]), Math.nextDown(1f));
        }
    }

    /// `y[2i]` and `y[2i + 1]` from the words of pair i.
    static void normals(int[] words, int pairs, float[] y, int at) {
        for (int i = 0; i < pairs; i++) {
            int word = words[HALF + i], quarter = word + 0x20000000 >>> 30;
            float angle = ((float) (word - (quarter << 30)) + 0.5f) * Draws.TURN, z = angle * angle, radius = radius(words[i]);
            float sine = Math.fma(Math.fma(Math.fma(z, -1.9515295891e-4f, 8.3321608736e-3f), z, -1.6666654611e-1f) * z, angle, angle);
            float cosine = Math.fma(Math.fma(Math.fma(z, 2.443315711809948e-5f, -1.388731625493765e-3f), z, 4.166664568298827e-2f) * z, z, Math.fma(z, -0.5f, 1f));
            boolean swap = (quarter & 1) != 0;
            y[at + 2 * i] = signed(swap ? sine : cosine, quarter + 1) * radius;
            y[at + 2 * i + 1] = signed(swap ? cosine : sine, quarter) * radius;
        }
    }

    private static float uniform(int word) {
        return Math.fma((float) (word >>> 8), 0x1p-24f, ((float) (word & 0xFF) + 0.5f) * 0x1p-32f);
    }

    private static float radius(int word) {
        int bits = Float.floatToRawIntBits(uniform(word)), n = bits - 0x3F3504F3 >> 23;
        float f = n == 0 ? -uniform(~word) : Float.intBitsToFloat(bits - (n << 23)) - 1f;
        return (float) Math.sqrt(logarithm(f, n) * -2f);
    }

    /// `n ln 2 + log(1 + f)`, as in [Polynomials].
    private static float logarithm(float f, float n) {
        float z = f * f, p = Math.fma(f, 7.0376836292e-2f, -1.1514610310e-1f);
        p = Math.fma(Math.fma(Math.fma(p, f, 1.1676998740e-1f), f, -1.2420140846e-1f), f, 1.4249322787e-1f);
        p = Math.fma(Math.fma(Math.fma(Math.fma(p, f, -1.6668057665e-1f), f, 2.0000714765e-1f), f, -2.4999993993e-1f), f, 3.3333331174e-1f);
        float tail = Math.fma(n, Polynomials.LN2_LOW, p * f * z);
        return Math.fma(n, Polynomials.LN2_HIGH, f + Math.fma(z, -0.5f, tail));
    }

    /// The negative of `y` where `turn` has bit 1 set.
    private static float signed(float y, int turn) {
        return (turn & 2) != 0 ? -y : y;
    }
}
