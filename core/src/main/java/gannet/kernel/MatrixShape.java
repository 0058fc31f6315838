package gannet.kernel;

/// `batch` products `[m,k] · [k,n] → [m,n]`. A transposed operand is stored the other way round (`a[k,m]`, `b[n,k]`).
public record MatrixShape(int batch, int m, int k, int n, boolean transposeA, boolean transposeB) {
    /// One product of untransposed operands.
    public static MatrixShape of(int m, int k, int n) {
        return new MatrixShape(1, m, k, n, false, false);
    }
}
