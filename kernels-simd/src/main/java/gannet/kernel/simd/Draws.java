package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;

import gannet.kernel.Distribution;
import gannet.kernel.FloatStorage;
import gannet.kernel.Philox;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Random numbers: Philox's words one block at a time, Box and Muller's transform a vector at a time.
///
/// A normal is `√(−2 ln u₁) · cos 2πu₂`. Both uniforms are taken to floats *after* what would cost precision has been done in integers: u₁ as `2^n (1 + f)`
/// with f counted from 1 downwards where u₁ is near 1 (there ln u₁ ≈ f, and 1 − u₁ would have been lost), and u₂ as a quarter turn and an angle within
/// ±π/4.
final class Draws {
    private static final float TURN = (float) (2 * Math.PI / 0x1p32);
    private static final double ROOT_HALF = Math.sqrt(0.5);

    private final Elementwise elementwise;

    Draws(Elementwise elementwise) {
        this.elementwise = elementwise;
    }

    void draw(Distribution d, long seed, int use, int draw, int step, FloatStorage y) {
        float[] ys = y.array();
        elementwise.split(y.length(), (from, to, worker) -> {
            int[] words = worker.sources(Elementwise.CHUNK + 4);
            for (int i = from; i < to; i += Elementwise.CHUNK) {
                int n = Math.min(Elementwise.CHUNK, to - i);
                for (int j = 0; j < n; j += 4) Philox.block(seed, (i + j) / 4, step, use, draw, words, j);
                switch (d) {
                    case UNIFORM -> uniform(words, n, ys, y.offset() + i);
                    case NORMAL -> normal(words, n, ys, y.offset() + i, worker);
                }
            }
        });
    }

    private static void uniform(int[] words, int n, float[] y, int at) {
        for (int i = 0; i < n; i++) y[at + i] = Math.min((float) Philox.uniform(words[i]), Math.nextDown(1f));
    }

    private static void normal(int[] words, int n, float[] y, int at, Worker worker) {
        float[] fs = worker.chunk(0), exponents = worker.chunk(1), angles = worker.chunk(2);
        int pairs = (n + 1) / 2;
        for (int i = 0; i < pairs; i++) {
            double u = Philox.uniform(words[2 * i]);
            int exponent = u > ROOT_HALF ? 0 : Math.getExponent(u / ROOT_HALF);
            fs[i] = exponent == 0 ? -(float) Philox.uniform(~words[2 * i]) : (float) (u * power(-exponent) - 1);
            exponents[i] = exponent;
            int word = words[2 * i + 1], quarter = word + 0x20000000 >>> 30;
            angles[i] = ((word - (quarter << 30)) + 0.5f) * TURN;
            words[i] = quarter;
        }
        transform(words, (pairs + LANES - 1) / LANES * LANES, fs, exponents, angles);
        for (int i = 0; i < n; i++) y[at + i] = i % 2 == 0 ? fs[i / 2] : exponents[i / 2];
    }

    /// `2^n` for small n.
    private static double power(int n) {
        return Double.longBitsToDouble((long) (n + 1023) << 52);
    }

    /// Replaces the arrays' contents by the pairs' first and second normals. Three loops, as all of it in one is more than the JIT inlines.
    private static void transform(int[] quarters, int n, float[] first, float[] second, float[] angles) {
        radii(n, first, second);
        times(quarters, n, angles, 0, first, second);
        times(quarters, n, angles, 1, first, first);
    }

    private static void radii(int n, float[] fs, float[] exponents) {
        for (int i = 0; i < n; i += LANES)
            Polynomials.logarithm(FloatVector.fromArray(Width.SPECIES, fs, i), FloatVector.fromArray(Width.SPECIES, exponents, i)).mul(-2f).sqrt().intoArray(fs, i);
    }

    /// `y = radius · sin(angle + (quarter + more) · π/2)`
    private static void times(int[] quarters, int n, float[] angles, int more, float[] radii, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            IntVector quarter = IntVector.fromArray(Polynomials.INTS, quarters, i).add(more);
            Polynomials.quadrant(FloatVector.fromArray(Width.SPECIES, angles, i), quarter).mul(FloatVector.fromArray(Width.SPECIES, radii, i)).intoArray(y, i);
        }
    }
}
