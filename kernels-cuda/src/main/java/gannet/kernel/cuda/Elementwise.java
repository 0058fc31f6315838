package gannet.kernel.cuda;

import gannet.kernel.Binary;
import gannet.kernel.Comparison;
import gannet.kernel.Unary;

/// The kernels of `elementwise.cu`: one element of the result from one of each operand.
final class Elementwise {
    private static final int THREADS = 256, RUN = 8 * THREADS, FEW = 32;

    private final Cuda cuda;
    private final Function fill, few, map, zip, zipSpread, select;

    Elementwise(Cuda cuda) {
        this.cuda = cuda;
        fill = cuda.function("elementwise", "fill");
        few = cuda.function("elementwise", "write_few");
        map = cuda.function("elementwise", "map");
        zip = cuda.function("elementwise", "zip");
        zipSpread = cuda.function("elementwise", "zip_spread");
        select = cuda.function("elementwise", "select_elements");
    }

    private static void over(int n, Launch launch) {
        launch.over(Math.ceilDiv(n, RUN), THREADS);
    }

    /// `y[i] = value`.
    void fill(float value, CudaStorage y) {
        over(y.length(), cuda.launch(fill).with(y.length()).with(value).to(y));
    }

    /// `y[i] = from[i]`, the numbers as arguments of launches.
    void write(double[] from, CudaStorage y) {
        for (int start = 0; start < y.length(); start += FEW) {
            int n = Math.min(FEW, y.length() - start);
            Launch launch = cuda.launch(few).with(n).to(y.slice(start, n));
            for (int i = 0; i < FEW; i++) launch.with(i < n ? (float) from[start + i] : 0);
            launch.over(1, FEW);
        }
    }

    /// A function as the kernels take it: its code in `elementwise.cu` and up to two constants.
    private record Code(int code, float first, float second) {
        Code(int code) {
            this(code, 0, 0);
        }

        Code(int code, double first) {
            this(code, (float) first, 0);
        }
    }

    private static Code code(Unary f) {
        return switch (f) {
            case Unary.Function function -> new Code(switch (function) {
                case NEGATE -> 0;
                case ABS -> 1;
                case SIGN -> 2;
                case RECIPROCAL -> 3;
                case SQUARE -> 4;
                case SQRT -> 5;
                case EXP -> 6;
                case LOG -> 7;
                case SIN -> 8;
                case COS -> 9;
                case TANH -> 10;
                case SIGMOID -> 11;
                case SOFTPLUS -> 12;
                case RELU -> 13;
            });
            case Unary.Affine(double scale, double shift) -> new Code(14, (float) scale, (float) shift);
            case Unary.Leaky(double slope) -> new Code(15, slope);
            case Unary.Clamp(double low, double high) -> new Code(16, (float) low, (float) high);
            case Unary.Exceeds(double limit) -> new Code(17, floor(limit));
        };
    }

    /// The greatest float that is not above `limit`: |x| ≤ limit and |x| ≤ floor(limit) are the same for every float x.
    static float floor(double limit) {
        float nearest = (float) limit;
        return nearest > limit ? Math.nextDown(nearest) : nearest;
    }

    private static Code code(Binary f) {
        return switch (f) {
            case Binary.Function function -> new Code(switch (function) {
                case ADD -> 0;
                case SUBTRACT -> 1;
                case MULTIPLY -> 2;
                case DIVIDE -> 3;
                case MAXIMUM -> 4;
                case MINIMUM -> 5;
                case RELU_GRADIENT -> 6;
                case TANH_GRADIENT -> 7;
                case SIGMOID_GRADIENT -> 8;
            });
            case Binary.LeakyGradient(double slope) -> new Code(9, slope);
        };
    }

    /// `y[i] = f(x[i])`; y may be x.
    void map(Unary f, CudaStorage x, CudaStorage y) {
        Code code = code(f);
        over(y.length(), cuda.launch(map).with(code.code).with(code.first).with(code.second).with(y.length()).to(x).to(y));
    }

    /// `y[i] = f(a[(i / everyA) mod |a|], b[(i / everyB) mod |b|])`; y may be a or b if that is as long as y.
    void zip(Binary f, CudaStorage a, int everyA, CudaStorage b, int everyB, CudaStorage y) {
        int n = y.length();
        Code code = code(f);
        if (a.length() == n && everyA == 1 && b.length() == n && everyB == 1) {
            over(n, cuda.launch(zip).with(code.code).with(code.first).with(n).to(a).to(b).to(y));
            return;
        }
        Spread left = Spread.of(a, everyA, n), right = Spread.of(b, everyB, n);
        Launch launch = cuda.launch(zipSpread).with(code.code).with(code.first).with(n);
        over(n, right.to(left.to(launch.to(a)).to(b)).to(y));
    }

    /// `y[i] = (l[i] c r[i]) ? a[i] : b[i]`, an operand of length 1 a scalar; y may be one of the others.
    void select(Comparison c, CudaStorage l, CudaStorage r, CudaStorage a, CudaStorage b, CudaStorage y) {
        int n = y.length(), code = switch (c) {
            case GREATER -> 0;
            case GREATER_EQUAL -> 1;
            case EQUAL -> 2;
        };
        Launch launch = cuda.launch(select).with(code).with(n);
        for (CudaStorage each : new CudaStorage[] {l, r, a, b}) launch.to(each).with(each.length() == 1 ? 1 : 0);
        over(n, launch.to(y));
    }
}
