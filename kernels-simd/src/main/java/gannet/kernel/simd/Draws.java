package gannet.kernel.simd;

import static gannet.kernel.simd.Polynomials.INTS;
import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import gannet.kernel.Distribution;
import gannet.kernel.FloatStorage;
import gannet.kernel.Philox;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Random numbers: Philox's blocks and Box and Muller's transform, a vector of them at a time.
///
/// **Philox.** Each lane of a vector of longs is a block; a round's 64-bit products of 32-bit words are what C2 makes one instruction of if both factors
/// are visibly masked. Of the four words of a block the first and third, the second and fourth are put side by side: the first and second words of
/// consecutive pairs then lie in order, with no shuffle.
///
/// **Normals.** `√(−2 ln u₁) · cos 2πu₂` and `… · sin 2πu₂`. Both uniforms are taken to floats *after* what would cost precision has been done in
/// integers: u₁ as `2^n (1 + f)` with f counted from 1 downwards where u₁ is near 1 (there ln u₁ ≈ f, and 1 − u₁ would have been lost), and u₂ as a
/// quarter turn and an angle within ±π/4.
final class Draws {
    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, SPECIES.vectorShape());
    private static final long LOW = 0xFFFFFFFFL, M0 = 0xD2511F53L, M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9, W1 = 0xBB67AE85, ROUNDS = 10;
    /// Fewer are drawn by [FewDraws].
    private static final int FEW = 1 << 15;
    static final float TURN = (float) (2 * Math.PI / 0x1p32);
    private static final VectorShuffle<Float> FIRST_HALF = VectorShuffle.fromOp(SPECIES, i -> i / 2);
    private static final VectorShuffle<Float> SECOND_HALF = VectorShuffle.fromOp(SPECIES, i -> LANES / 2 + i / 2);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(SPECIES, 0xAAAAAAAAAAAAAAAAL);

    private static final Stage[] UNIFORM = {(words, n, a, b, _, _) -> uniforms(words, n, a, b), (_, n, a, b, y, at) -> interleave(n, a, b, y, at)};
    private static final Stage[] NORMAL = {(words, n, a, _, _, _) -> radii(words, n, a), (words, n, a, b, _, _) -> normals(words, n, a, b), UNIFORM[1]};

    private final Elementwise elementwise;

    Draws(Elementwise elementwise) {
        this.elementwise = elementwise;
    }

    void draw(Distribution d, long seed, int use, int draw, int step, FloatStorage y) {
        float[] ys = y.array();
        elementwise.split(y.length(), (from, to, worker) -> {
            int[] words = worker.sources(Elementwise.CHUNK);
            float[] result = worker.chunk(2);
            for (int i = from; i < to; i += Elementwise.CHUNK) {
                int n = Math.min(Elementwise.CHUNK, to - i), pairs = (n + 2 * LANES - 1) / (2 * LANES) * LANES;
                boolean whole = pairs * 2 == n;
                float[] into = whole ? ys : result;
                int at = whole ? y.offset() + i : 0;
                if (y.length() < FEW) few(d, seed, i / 4, step, use, draw, pairs, words, into, at);
                else many(d, seed, i / 4, step, use, draw, pairs, words, worker, into, at);
                if (!whole) System.arraycopy(result, 0, ys, y.offset() + i, n);
            }
        });
    }

    private static void few(Distribution d, long seed, int block, int step, int use, int draw, int pairs, int[] words, float[] y, int at) {
        FewDraws.words(seed, block, step, use, draw, pairs, words);
        switch (d) {
            case UNIFORM -> FewDraws.uniforms(words, pairs, y, at);
            case NORMAL -> FewDraws.normals(words, pairs, y, at);
        }
    }

    private static void many(Distribution d, long seed, int block, int step, int use, int draw, int pairs, int[] words, Worker worker, float[] y, int at) {
        words(seed, block, step, use, draw, pairs, words);
        Stage[] stages = switch (d) {
            case UNIFORM -> UNIFORM;
            case NORMAL -> NORMAL;
        };
        for (Stage stage : stages) stage.run(words, pairs, worker.chunk(0), worker.chunk(1), y, at);
    }

    /// A loop over the pairs of a chunk. Called from one place: with three of them there, the JIT leaves each to itself, where otherwise it takes all into
    /// one method until that is too large for the last one's functions, and then each of its vectors is boxed.
    private interface Stage {
        void run(int[] words, int pairs, float[] first, float[] second, float[] y, int at);
    }

    /// The words of the blocks from `block` on: the first words of `pairs` pairs, and from half of the buffer on the second ones.
    private static void words(long key, int block, int step, int use, int draw, int pairs, int[] words) {
        for (int i = 0; i < pairs; i += LANES) {
            LongVector c0 = LongVector.broadcast(LONGS, 0).addIndex(1).add(block + i / 2), c1 = LongVector.broadcast(LONGS, step);
            LongVector c2 = LongVector.broadcast(LONGS, use), c3 = LongVector.broadcast(LONGS, draw);
            int k0 = (int) key, k1 = (int) (key >>> 32);
            for (int round = 0; round < ROUNDS; round++) {
                LongVector p0 = c0.and(LOW).mul(LongVector.broadcast(LONGS, M0)), p1 = c2.and(LOW).mul(LongVector.broadcast(LONGS, M1));
                c0 = p1.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c1).lanewise(VectorOperators.XOR, (long) k0);
                c2 = p0.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c3).lanewise(VectorOperators.XOR, (long) k1);
                c1 = p1;
                c3 = p0;
                k0 += W0;
                k1 += W1;
            }
            c0.and(LOW).or(c2.lanewise(VectorOperators.LSHL, 32)).reinterpretAsInts().intoArray(words, i);
            c1.and(LOW).or(c3.lanewise(VectorOperators.LSHL, 32)).reinterpretAsInts().intoArray(words, Elementwise.CHUNK / 2 + i);
        }
    }

    /// `(word + ½) / 2³²`, rounded once: 24 bits and the other 8 with the half are floats, and their sum is a fused multiply-add.
    private static FloatVector uniform(IntVector word) {
        FloatVector high = (FloatVector) word.lanewise(VectorOperators.LSHR, 8).convert(VectorOperators.I2F, 0);
        FloatVector low = ((FloatVector) word.and(0xFF).convert(VectorOperators.I2F, 0)).add(0.5f).mul(0x1p-32f);
        return high.fma(FloatVector.broadcast(SPECIES, 0x1p-24f), low);
    }

    private static void uniforms(int[] words, int pairs, float[] first, float[] second) {
        for (int i = 0; i < pairs; i += LANES) {
            uniform(IntVector.fromArray(INTS, words, i)).min(Math.nextDown(1f)).intoArray(first, i);
            uniform(IntVector.fromArray(INTS, words, Elementwise.CHUNK / 2 + i)).min(Math.nextDown(1f)).intoArray(second, i);
        }
    }

    private static void radii(int[] words, int pairs, float[] radii) {
        for (int i = 0; i < pairs; i += LANES) {
            IntVector word = IntVector.fromArray(INTS, words, i), bits = uniform(word).reinterpretAsInts();
            IntVector n = bits.sub(0x3F3504F3).lanewise(VectorOperators.ASHR, 23);
            FloatVector f = bits.sub(n.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
            f = f.blend(uniform(word.lanewise(VectorOperators.NOT)).neg(), n.compare(VectorOperators.EQ, 0).cast(SPECIES));
            FloatVector exponent = (FloatVector) n.convert(VectorOperators.I2F, 0);
            Polynomials.logarithm(f, exponent).mul(-2f).sqrt().intoArray(radii, i);
        }
    }

    /// From the pairs' radii and second words their two normals.
    private static void normals(int[] words, int pairs, float[] first, float[] second) {
        for (int i = 0; i < pairs; i += LANES) {
            IntVector word = IntVector.fromArray(INTS, words, Elementwise.CHUNK / 2 + i), quarter = word.add(0x20000000).lanewise(VectorOperators.LSHR, 30);
            FloatVector angle = ((FloatVector) word.sub(quarter.lanewise(VectorOperators.LSHL, 30)).convert(VectorOperators.I2F, 0)).add(0.5f).mul(TURN);
            FloatVector radius = FloatVector.fromArray(SPECIES, first, i), sine = Polynomials.sinNearZero(angle), cosine = Polynomials.cosNearZero(angle);
            VectorMask<Float> swap = quarter.and(1).compare(VectorOperators.NE, 0).cast(SPECIES);
            Polynomials.signed(sine.blend(cosine, swap), quarter).mul(radius).intoArray(second, i);
            Polynomials.signed(cosine.blend(sine, swap), quarter.add(1)).mul(radius).intoArray(first, i);
        }
    }

    /// `y[2i] = a[i]`, `y[2i + 1] = b[i]`
    private static void interleave(int n, float[] a, float[] b, float[] y, int at) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector first = FloatVector.fromArray(SPECIES, a, i), second = FloatVector.fromArray(SPECIES, b, i);
            first.rearrange(FIRST_HALF).blend(second.rearrange(FIRST_HALF), ODD).intoArray(y, at + 2 * i);
            first.rearrange(SECOND_HALF).blend(second.rearrange(SECOND_HALF), ODD).intoArray(y, at + 2 * i + LANES);
        }
    }
}
