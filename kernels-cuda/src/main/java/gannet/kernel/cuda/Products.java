package gannet.kernel.cuda;

import static gannet.kernel.cuda.Tile.LARGE;
import static gannet.kernel.cuda.Tile.MIDDLE;
import static gannet.kernel.cuda.Tile.SCALAR;
import static gannet.kernel.cuda.Tile.TALL;
import static gannet.kernel.cuda.Tile.WIDE;

import gannet.kernel.Activation;
import gannet.kernel.MatrixShape;

/// Matrix products; the kernels are in `product.cu`.
final class Products {
    private final Cuda cuda;
    private final TiledKernels tiled;
    private final Function[] strided, nn, nt, tn;

    Products(Cuda cuda, Precision precision) {
        this.cuda = cuda;
        tiled = new TiledKernels(cuda);
        strided = tiled.functions("product", "matmul_", precision, SCALAR, TALL, WIDE);
        nn = tiled.functions("product", "matmul_nn_", precision, LARGE, MIDDLE);
        nt = tiled.functions("product", "matmul_nt_", precision, LARGE, MIDDLE);
        tn = tiled.functions("product", "matmul_tn_", precision, LARGE, MIDDLE);
    }

    /// `c = act(a · b + bias)` for each of the batch; `bias` and `act` may be null. Columns of c that are |bias| apart share a bias.
    void linear(MatrixShape s, CudaStorage a, CudaStorage b, CudaStorage bias, Activation act, CudaStorage c) {
        boolean aligned = wholeVectors(s) && a.aligned() && b.aligned() && c.aligned();
        Tiling tiling = Tiling.of(s.batch(), s.m(), s.k(), s.n(), aligned, true, cuda.multiprocessors());
        Launch launch = switch (tiling.tile()) {
            case LARGE, MIDDLE -> cuda.launch(layout(s)[tiling.tile().ordinal()]).with(s.m()).with(s.k()).with(s.n()).to(a).to(b);
            case SCALAR, TALL, WIDE -> cuda.launch(strided[tiling.tile().ordinal()]).with(s.m()).with(s.k()).with(s.n())
                    .to(a).with(s.transposeA() ? 1 : s.k()).with(s.transposeA() ? s.m() : 1)
                    .to(b).with(s.transposeB() ? s.k() : 1).with(s.transposeB() ? 1 : s.n());
        };
        tiled.finish(launch, tiling, bias, act, s.n(), c);
    }

    private Function[] layout(MatrixShape s) {
        return s.transposeA() ? tn : s.transposeB() ? nt : nn;
    }

    /// Whether the rows of both factors, as they are stored, and of the result consist of whole vectors of four, and there is a kernel for this
    /// order: both transposed is too rare.
    private static boolean wholeVectors(MatrixShape s) {
        int rowOfA = s.transposeA() ? s.m() : s.k(), rowOfB = s.transposeB() ? s.k() : s.n();
        return !(s.transposeA() && s.transposeB()) && rowOfA % 4 == 0 && rowOfB % 4 == 0 && s.n() % 4 == 0;
    }
}
