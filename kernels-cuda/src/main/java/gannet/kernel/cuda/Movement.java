package gannet.kernel.cuda;

import gannet.kernel.StridedCopy;
import gannet.kernel.cuda.CopyPlan.Axis;
import java.util.ArrayList;
import java.util.List;

/// The kernels of `movement.cu` and `scatter.cu`: elements that change their places.
final class Movement {
    private static final int THREADS = 256, RUN = 4 * THREADS, RANK = 6, TILE_RANK = 4, TILE = 32, SCATTER_ROWS = 256, SCATTER_COLUMNS = 32;
    /// The least length of both axes for a tile: the floats of a sector of memory, the least that is read of it.
    private static final int WORTH_A_TILE = 8;

    private final Cuda cuda;
    private final Elementwise elementwise;
    private final Function copy, copyQuads, copyTile, gather, gatherQuads, scatterAdd;

    Movement(Cuda cuda, Elementwise elementwise) {
        this.cuda = cuda;
        this.elementwise = elementwise;
        copy = cuda.function("movement", "copy");
        copyQuads = cuda.function("movement", "copy_quads");
        copyTile = cuda.function("movement", "copy_tile");
        gather = cuda.function("movement", "gather");
        gatherQuads = cuda.function("movement", "gather_quads");
        scatterAdd = cuda.function("scatter", "scatter_add");
    }

    /// See [StridedCopy]; elements of y that nothing is copied to become 0.
    void copy(StridedCopy c, CudaStorage x, CudaStorage y) {
        CopyPlan plan = CopyPlan.of(c);
        boolean gaps = c.count() < y.length(), tiles = plan.crossing(WORTH_A_TILE) >= 0 && plan.axes().size() - 2 <= TILE_RANK;
        if (!tiles && simple(plan)) {
            run(plan, x, y);
            return;
        }
        if (gaps) elementwise.fill(0, y);
        if (tiles) tiles(plan, x, y);
        else parts(plan, x, y);
    }

    private static boolean simple(CopyPlan plan) {
        return plan.axes().size() <= RANK && plan.nested();
    }

    /// All of y in one pass, its gaps too.
    private void run(CopyPlan plan, CudaStorage x, CudaStorage y) {
        if (plan.inQuads() && x.aligned() && y.aligned() && y.length() % 4 == 0) run(copyQuads, plan.quads(), 0, y.length() / 4, false, x, y);
        else run(copy, plan, 0, y.length(), false, x, y);
    }

    /// Elements begin … end−1 of y, or quads.
    private void run(Function kernel, CopyPlan plan, int begin, int end, boolean keep, CudaStorage x, CudaStorage y) {
        Launch launch = cuda.launch(kernel).with(begin).with(end).with(keep ? 1 : 0).to(x).with(plan.fromOffset()).to(y).with(plan.toOffset());
        axes(launch.with(plan.axes().size()), plan.axes(), RANK, true).over(Math.ceilDiv(end - begin, RUN), THREADS);
    }

    /// Appends `most` axes: those that there are, and empty ones. Kernels divide by the stride in the target, or by the size.
    private static Launch axes(Launch launch, List<Axis> axes, int most, boolean byStride) {
        for (int a = 0; a < most; a++) {
            Axis axis = a < axes.size() ? axes.get(a) : new Axis(1, 0, 1);
            Division.by(byStride ? axis.to() : axis.size()).to(launch.with(axis.size())).with(axis.to()).with(axis.from());
        }
        return launch;
    }

    /// What one launch can't do (a target whose axes interleave, more than six axes that don't merge): a launch for each index of the first axis.
    private void parts(CopyPlan plan, CudaStorage x, CudaStorage y) {
        if (simple(plan)) run(copy, plan, plan.toOffset(), plan.toOffset() + plan.extent(), true, x, y);
        else for (int i = 0; i < plan.axes().getFirst().size(); i++) parts(plan.part(i), x, y);
    }

    /// A transpose, in tiles of the axis that is fast in the target (p) and the one that is fast in the source (q).
    private void tiles(CopyPlan plan, CudaStorage x, CudaStorage y) {
        var others = new ArrayList<>(plan.axes());
        Axis p = others.removeLast(), q = others.remove(plan.crossing(WORTH_A_TILE));
        Division tilesP = Division.by(Math.ceilDiv(p.size(), TILE)), tilesQ = Division.by(Math.ceilDiv(q.size(), TILE));
        int blocks = tilesP.divisor() * tilesQ.divisor();
        for (Axis each : others) blocks *= each.size();
        Launch launch = cuda.launch(copyTile).to(x).with(plan.fromOffset()).to(y).with(plan.toOffset());
        tilesP.to(launch.with(p.size()).with(p.from()).with(tilesP.divisor()));
        tilesQ.to(launch.with(q.size()).with(q.to()).with(tilesQ.divisor()));
        axes(launch.with(others.size()), others, TILE_RANK, false).over(blocks, THREADS);
    }

    /// `y[i, :] = table[indices[i], :]`; rows of an index that is none become NaN, and the index is noted.
    void gather(int width, CudaStorage table, CudaStorage indices, CudaStorage y) {
        boolean quads = width % 4 == 0 && table.aligned() && y.aligned();
        int n = quads ? y.length() / 4 : y.length();
        Division row = Division.by(quads ? width / 4 : width);
        row.to(cuda.launch(quads ? gatherQuads : gather).with(n).with(row.divisor())).with(table.length() / width)
                .to(table).to(indices).to(y).at(cuda.fault()).over(Math.ceilDiv(n, RUN), THREADS);
    }

    /// `table[indices[i], :] += y[i, :]` in the order of i, from a table of zeros; an index that is no row is noted and left out.
    void scatterAdd(int width, CudaStorage y, CudaStorage indices, CudaStorage table) {
        int rows = table.length() / width;
        cuda.launch(scatterAdd).with(indices.length()).with(width).with(rows).to(y).to(indices).to(table).at(cuda.fault())
                .over(Math.ceilDiv(rows, SCATTER_ROWS) * Math.ceilDiv(width, SCATTER_COLUMNS), THREADS);
    }
}
