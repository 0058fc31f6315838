package gannet.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// The one place where the vector width is chosen: the widest that the JVM runs well on this machine (16 floats with AVX-512, 8 with
/// AVX2, 4 with NEON).
final class Width {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    private Width() {}

    /// The first `n` lanes: how every loop here treats its last, incomplete vector, so that no function needs a scalar twin.
    static VectorMask<Float> first(int n) {
        return SPECIES.indexInRange(0, n);
    }
}
