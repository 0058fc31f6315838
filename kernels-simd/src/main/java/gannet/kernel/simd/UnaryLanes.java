package gannet.kernel.simd;

import gannet.kernel.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// A function of one vector; `p` and `q` are the constants of those that have any.
interface UnaryLanes {
    FloatVector of(FloatVector x, FloatVector p, FloatVector q);

    static UnaryLanes of(Unary.Function f) {
        return switch (f) {
            case NEGATE -> (x, _, _) -> x.neg();
            case ABS -> (x, _, _) -> x.abs();
            case SIGN -> (x, _, _) -> Polynomials.sign(x);
            case RECIPROCAL -> (x, _, _) -> FloatVector.broadcast(Width.SPECIES, 1f).div(x);
            case SQUARE -> (x, _, _) -> x.mul(x);
            case SQRT -> (x, _, _) -> x.sqrt();
            case EXP -> (x, _, _) -> Exponentials.exp(x);
            case LOG -> (x, _, _) -> Exponentials.log(x);
            case SIN -> (x, _, _) -> Polynomials.sin(x);
            case COS -> (x, _, _) -> Polynomials.cos(x);
            case TANH -> (x, _, _) -> Exponentials.tanh(x);
            case SIGMOID -> (x, _, _) -> Exponentials.sigmoid(x);
            case SOFTPLUS -> (x, _, _) -> Exponentials.softplus(x);
            case RELU -> (x, _, _) -> x.blend(0f, x.compare(VectorOperators.LT, 0f));
        };
    }

    /// p · x + q
    UnaryLanes AFFINE = (x, p, q) -> x.mul(p).add(q);
    UnaryLanes LEAKY = (x, p, _) -> x.mul(p).blend(x, x.compare(VectorOperators.GT, 0f));
    UnaryLanes CLAMP = (x, p, q) -> x.max(p).min(q);
    UnaryLanes EXCEEDS = (x, p, q) -> q.blend(0f, x.abs().compare(VectorOperators.LE, p));
    /// x itself: for fused loops without an activation.
    UnaryLanes SAME = (x, _, _) -> x;
}
