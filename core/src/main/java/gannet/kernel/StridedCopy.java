package gannet.kernel;

/// A copy between two strided index spaces of the same `sizes`: element (i₀, i₁, …) goes from `fromOffset + Σ iₐ·fromStrides[a]` to
/// `toOffset + Σ iₐ·toStrides[a]`. A source stride of 0 broadcasts, a negative one flips, a target stride larger than the size inside
/// it leaves gaps; target elements that nothing is copied to become 0. No target element is written twice.
public record StridedCopy(int[] sizes, int fromOffset, int[] fromStrides, int toOffset, int[] toStrides) {
    /// The number of elements copied.
    public int count() {
        int count = 1;
        for (int size : sizes) count *= size;
        return count;
    }
}
