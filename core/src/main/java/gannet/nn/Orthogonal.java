package gannet.nn;

/// A dense weight `[in,out]` of orthonormal rows or columns, whichever are fewer, times `gain`: `WᵀW = gain²·I` where in ≥ out, else `WWᵀ = gain²·I`.
/// They are Gaussian vectors made orthonormal one after the other (Gram-Schmidt), so that all directions are alike likely; Saxe et al. 2014, §3.
public record Orthogonal(double gain) implements Initialiser {
    public Orthogonal {
        if (!(gain > 0)) throw new IllegalArgumentException("orthogonal weights of gain " + gain + ": it must be above 0");
    }

    @Override public double[] draw(int count, int fanIn, int fanOut, Stream random) {
        if (count != fanIn * fanOut)
            throw new IllegalArgumentException("orthogonal weights are for dense layers, not for " + count + " elements between " + fanIn + " inputs and "
                    + fanOut + " outputs");
        boolean columns = fanIn >= fanOut;
        int length = Math.max(fanIn, fanOut), vectors = Math.min(fanIn, fanOut);
        double[][] q = new double[vectors][length];
        for (int i = 0; i < vectors; i++) {
            for (int j = 0; j < length; j++) q[i][j] = random.normal();
            for (int pass = 0; pass < 2; pass++) // the second takes away what rounding left
                for (int before = 0; before < i; before++) subtract(q[i], q[before], dot(q[i], q[before]));
            double norm = Math.sqrt(dot(q[i], q[i]));
            for (int j = 0; j < length; j++) q[i][j] /= norm;
        }
        double[] w = new double[count];
        for (int in = 0; in < fanIn; in++) for (int out = 0; out < fanOut; out++) w[in * fanOut + out] = gain * (columns ? q[out][in] : q[in][out]);
        return w;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void subtract(double[] from, double[] a, double times) {
        for (int i = 0; i < from.length; i++) from[i] -= times * a[i];
    }
}
