package gannet.kernel.simd;

import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// A function of two vectors; `p` is the constant of those that have one.
interface BinaryLanes {
    FloatVector of(FloatVector a, FloatVector b, FloatVector p);

    static BinaryLanes of(Binary.Function f) {
        return switch (f) {
            case ADD -> (a, b, _) -> a.add(b);
            case SUBTRACT -> (a, b, _) -> a.sub(b);
            case MULTIPLY -> (a, b, _) -> a.mul(b);
            case DIVIDE -> (a, b, _) -> a.div(b);
            case MAXIMUM -> (a, b, _) -> a.max(b);
            case MINIMUM -> (a, b, _) -> a.min(b);
            case RELU_GRADIENT -> (a, b, _) -> FloatVector.zero(Width.SPECIES).blend(a, b.compare(VectorOperators.GT, 0f));
            case TANH_GRADIENT -> (a, b, _) -> a.mul(b.neg().fma(b, FloatVector.broadcast(Width.SPECIES, 1f)));
            case SIGMOID_GRADIENT -> (a, b, _) -> a.mul(b).mul(b.neg().add(1f));
        };
    }

    BinaryLanes LEAKY_GRADIENT = (a, b, p) -> a.mul(p).blend(a, b.compare(VectorOperators.GT, 0f));
    /// a itself: for fused loops without an activation.
    BinaryLanes FIRST = (a, _, _) -> a;

    /// The lanes of `a` where `l c r`, else those of `b`.
    static FloatVector select(Comparison c, FloatVector l, FloatVector r, FloatVector a, FloatVector b) {
        return switch (c) {
            case GREATER -> b.blend(a, l.compare(VectorOperators.GT, r));
            case GREATER_EQUAL -> b.blend(a, l.compare(VectorOperators.GE, r));
            case EQUAL -> b.blend(a, l.compare(VectorOperators.EQ, r));
        };
    }
}
