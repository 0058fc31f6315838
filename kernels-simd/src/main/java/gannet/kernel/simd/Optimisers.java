package gannet.kernel.simd;

import static gannet.kernel.simd.Width.LANES;
import static gannet.kernel.simd.Width.SPECIES;

import gannet.kernel.FloatStorage;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The optimisers' updates, each in one pass over all weights: memory is all that they wait for (Adam reads four floats and writes three
/// for a dozen operations), so one pass instead of fourteen is the whole gain. The formulas are those in [gannet.kernel.Kernels].
final class Optimisers {
    private final Elementwise elementwise;

    Optimisers(Elementwise elementwise) {
        this.elementwise = elementwise;
    }

    void adam(double beta1, double beta2, double epsilon, float rate, float correction1, float correction2, FloatStorage g, FloatStorage w,
            FloatStorage m, FloatStorage v) {
        float[] gs = g.array(), ws = w.array(), ms = m.array(), vs = v.array(), k = {(float) beta1, (float) (1 - beta1), (float) beta2,
                (float) (1 - beta2),
            rate * correction1, correction2, (float) epsilon};
        elementwise.split(w.length(), (from, to, _) -> {
            for (int i = from; i < to; i += Elementwise.CHUNK)
                adam(gs, g.offset() + i, ws, w.offset() + i, ms, m.offset() + i, vs, v.offset() + i, Math.min(Elementwise.CHUNK, to - i),
                        k);
        });
    }

    private static void adam(float[] g, int gAt, float[] w, int wAt, float[] m, int mAt, float[] v, int vAt, int n, float[] k) {
        int whole = SPECIES.loopBound(n);
        float beta1 = k[0], rest1 = k[1], beta2 = k[2], rest2 = k[3], rate = k[4], correction = k[5], epsilon = k[6];
        for (int i = 0; i < whole; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, g, gAt + i);
            FloatVector mean = all(beta1).fma(FloatVector.fromArray(SPECIES, m, mAt + i), x.mul(rest1));
            FloatVector square = all(beta2).fma(FloatVector.fromArray(SPECIES, v, vAt + i), x.mul(x).mul(rest2));
            mean.intoArray(m, mAt + i);
            square.intoArray(v, vAt + i);
            FloatVector step = mean.mul(rate).div(square.mul(correction).sqrt().add(epsilon));
            FloatVector.fromArray(SPECIES, w, wAt + i).sub(step).intoArray(w, wAt + i);
        }
        if (whole == n) return;
        VectorMask<Float> rest = Width.first(n - whole);
        FloatVector x = FloatVector.fromArray(SPECIES, g, gAt + whole, rest);
        FloatVector mean = all(beta1).fma(FloatVector.fromArray(SPECIES, m, mAt + whole, rest), x.mul(rest1));
        FloatVector square = all(beta2).fma(FloatVector.fromArray(SPECIES, v, vAt + whole, rest), x.mul(x).mul(rest2));
        mean.intoArray(m, mAt + whole, rest);
        square.intoArray(v, vAt + whole, rest);
        FloatVector step = mean.mul(rate).div(square.mul(correction).sqrt().add(epsilon));
        FloatVector.fromArray(SPECIES, w, wAt + whole, rest).sub(step).intoArray(w, wAt + whole, rest);
    }

    private static FloatVector all(float constant) {
        return FloatVector.broadcast(SPECIES, constant);
    }

    void momentum(double momentum, float rate, FloatStorage g, FloatStorage w, FloatStorage buffer) {
        float[] gs = g.array(), ws = w.array(), bs = buffer.array();
        float keep = (float) momentum;
        elementwise.split(w.length(), (from, to, _) -> {
            for (int i = from; i < to; i += Elementwise.CHUNK)
                momentum(gs, g.offset() + i, ws, w.offset() + i, bs, buffer.offset() + i, Math.min(Elementwise.CHUNK, to - i), keep, rate);
        });
    }

    private static void momentum(float[] g, int gAt, float[] w, int wAt, float[] b, int bAt, int n, float keep, float rate) {
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector next = FloatVector.fromArray(SPECIES, b, bAt + i).fma(all(keep), FloatVector.fromArray(SPECIES, g, gAt + i));
            next.intoArray(b, bAt + i);
            FloatVector.fromArray(SPECIES, w, wAt + i).sub(next.mul(rate)).intoArray(w, wAt + i);
        }
        if (whole == n) return;
        VectorMask<Float> rest = Width.first(n - whole);
        FloatVector next = FloatVector.fromArray(SPECIES, b, bAt + whole, rest).fma(all(keep), FloatVector.fromArray(SPECIES, g, gAt + whole, rest));
        next.intoArray(b, bAt + whole, rest);
        FloatVector.fromArray(SPECIES, w, wAt + whole, rest).sub(next.mul(rate)).intoArray(w, wAt + whole, rest);
    }

    void rmsProp(double decay, double epsilon, float rate, FloatStorage g, FloatStorage w, FloatStorage v) {
        float[] gs = g.array(), ws = w.array(), vs = v.array();
        float keep = (float) decay, take = (float) (1 - decay), floor = (float) epsilon;
        elementwise.split(w.length(), (from, to, _) -> {
            for (int i = from; i < to; i += Elementwise.CHUNK)
                rmsProp(gs, g.offset() + i, ws, w.offset() + i, vs, v.offset() + i, Math.min(Elementwise.CHUNK, to - i), keep, take, rate, floor);
        });
    }

    private static void rmsProp(float[] g, int gAt, float[] w, int wAt, float[] v, int vAt, int n, float keep, float take, float rate, float floor) {
        int whole = SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, g, gAt + i);
            FloatVector square = all(keep).fma(FloatVector.fromArray(SPECIES, v, vAt + i), x.mul(x).mul(take));
            square.intoArray(v, vAt + i);
            FloatVector.fromArray(SPECIES, w, wAt + i).sub(x.mul(rate).div(square.sqrt().add(floor))).intoArray(w, wAt + i);
        }
        if (whole == n) return;
        VectorMask<Float> rest = Width.first(n - whole);
        FloatVector x = FloatVector.fromArray(SPECIES, g, gAt + whole, rest);
        FloatVector square = all(keep).fma(FloatVector.fromArray(SPECIES, v, vAt + whole, rest), x.mul(x).mul(take));
        square.intoArray(v, vAt + whole, rest);
        FloatVector.fromArray(SPECIES, w, wAt + whole, rest).sub(x.mul(rate).div(square.sqrt().add(floor))).intoArray(w, wAt + whole, rest);
    }
}
