package gannet.kernel;

/// The elementwise functions over a block of floats, in place: one loop for each function, the choice made outside of it, so that HotSpot can
/// vectorise those that are plain arithmetic. The others are computed in double and rounded.
final class ScalarElementwise {
    private ScalarElementwise() {}

    /// `v[i] = f(v[i])` for i < n.
    static void map(Unary f, float[] v, int n) {
        switch (f) {
            case Unary.Function function -> map(function, v, n);
            case Unary.Affine(double scale, double shift) -> affine((float) scale, (float) shift, v, n);
            case Unary.Leaky(double slope) -> leaky((float) slope, v, n);
            case Unary.Clamp(double low, double high) -> clamp((float) low, (float) high, v, n);
            case Unary.Exceeds _ -> each(f, v, n);
        }
    }

    private static void map(Unary.Function f, float[] v, int n) {
        switch (f) {
            case NEGATE -> {
                for (int i = 0; i < n; i++) v[i] = -v[i];
            }
            case ABS -> {
                for (int i = 0; i < n; i++) v[i] = Math.abs(v[i]);
            }
            case RECIPROCAL -> {
                for (int i = 0; i < n; i++) v[i] = 1 / v[i];
            }
            case SQUARE -> {
                for (int i = 0; i < n; i++) v[i] = v[i] * v[i];
            }
            case SQRT -> {
                for (int i = 0; i < n; i++) v[i] = (float) Math.sqrt(v[i]);
            }
            case RELU -> {
                for (int i = 0; i < n; i++) v[i] = Math.max(v[i], 0);
            }
            case SIGN, EXP, LOG, SIN, COS, TANH, SIGMOID, SOFTPLUS -> each(f, v, n);
        }
    }

    private static void affine(float scale, float shift, float[] v, int n) {
        for (int i = 0; i < n; i++) v[i] = scale * v[i] + shift;
    }

    private static void leaky(float slope, float[] v, int n) {
        for (int i = 0; i < n; i++) v[i] = v[i] > 0 ? v[i] : slope * v[i];
    }

    private static void clamp(float low, float high, float[] v, int n) {
        for (int i = 0; i < n; i++) v[i] = Math.min(Math.max(v[i], low), high);
    }

    private static void each(Unary f, float[] v, int n) {
        for (int i = 0; i < n; i++) v[i] = (float) f.of(v[i]);
    }

    /// `a[i] = f(a[i], b[i])` for i < n.
    static void zip(Binary f, float[] a, float[] b, int n) {
        switch (f) {
            case Binary.Function function -> zip(function, a, b, n);
            case Binary.LeakyGradient(double slope) -> leakyGradient((float) slope, a, b, n);
        }
    }

    private static void zip(Binary.Function f, float[] a, float[] b, int n) {
        switch (f) {
            case ADD -> {
                for (int i = 0; i < n; i++) a[i] += b[i];
            }
            case SUBTRACT -> {
                for (int i = 0; i < n; i++) a[i] -= b[i];
            }
            case MULTIPLY -> {
                for (int i = 0; i < n; i++) a[i] *= b[i];
            }
            case DIVIDE -> {
                for (int i = 0; i < n; i++) a[i] /= b[i];
            }
            case MAXIMUM -> {
                for (int i = 0; i < n; i++) a[i] = Math.max(a[i], b[i]);
            }
            case MINIMUM -> {
                for (int i = 0; i < n; i++) a[i] = Math.min(a[i], b[i]);
            }
            case RELU_GRADIENT -> {
                for (int i = 0; i < n; i++) a[i] = b[i] > 0 ? a[i] : 0;
            }
            case TANH_GRADIENT -> {
                for (int i = 0; i < n; i++) a[i] = a[i] * (1 - b[i] * b[i]);
            }
            case SIGMOID_GRADIENT -> {
                for (int i = 0; i < n; i++) a[i] = a[i] * b[i] * (1 - b[i]);
            }
        }
    }

    private static void leakyGradient(float slope, float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) a[i] = b[i] > 0 ? a[i] : slope * a[i];
    }

    /// `a[i] = (l[i] c r[i]) ? a[i] : b[i]` for i < n.
    static void select(Comparison c, float[] l, float[] r, float[] a, float[] b, int n) {
        switch (c) {
            case GREATER -> {
                for (int i = 0; i < n; i++) a[i] = l[i] > r[i] ? a[i] : b[i];
            }
            case GREATER_EQUAL -> {
                for (int i = 0; i < n; i++) a[i] = l[i] >= r[i] ? a[i] : b[i];
            }
            case EQUAL -> {
                for (int i = 0; i < n; i++) a[i] = l[i] == r[i] ? a[i] : b[i];
            }
        }
    }
}
