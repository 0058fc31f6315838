package gannet.kernel.cuda;

import gannet.kernel.Activation;

/// Batch norm and its gradients, in one launch where a block's threads can hold all rows of a few columns, else in two; `batch_norm.cu` says how.
/// Only the shape decides.
final class Normalisation {
    private static final String SOURCE = "batch_norm";
    /// As in the source.
    private static final int THREADS = 512, BATCH = 8, HELD = 32;
    /// Columns of a block: the most; a sector's, where more blocks are needed; and so few that more rows can be held.
    private static final int WIDE = 32, NARROW = 8, NARROWEST = 4;
    /// Blocks that fill a card of some 130 multiprocessors, and the most there should be.
    private static final int ENOUGH = 264, MOST = 1024;

    private final Cuda cuda;
    private final Function held, moments, apply, gradientHeld, gradientSums, gradientApply;

    Normalisation(Cuda cuda) {
        this.cuda = cuda;
        held = cuda.function(SOURCE, "batch_norm_held");
        moments = cuda.function(SOURCE, "batch_norm_moments");
        apply = cuda.function(SOURCE, "batch_norm_apply");
        gradientHeld = cuda.function(SOURCE, "batch_norm_gradient_held");
        gradientSums = cuda.function(SOURCE, "batch_norm_gradient_sums");
        gradientApply = cuda.function(SOURCE, "batch_norm_gradient_apply");
    }

    /// How `[rows, c]` is shared out: blocks of `width` columns and `run` rows.
    private record Plan(int rows, int c, int width, int run) {
        static Plan of(int rows, int c) {
            for (int most : new int[]{NARROW, NARROWEST}) {
                var plan = new Plan(rows, c, Columns.width(c, most), rows);
                if (plan.held()) return plan;
            }
            Plan wide = inRuns(rows, c, WIDE);
            return wide.windows() * wide.runs() < ENOUGH ? inRuns(rows, c, NARROW) : wide;
        }

        /// Each block joins the results of all runs: 2 · runs² numbers a column beside the rows themselves, half of them at most.
        private static Plan inRuns(int rows, int c, int columns) {
            int width = Columns.width(c, columns), windows = Columns.blocks(c, width);
            int most = Math.clamp(MOST / windows, 1, (int) Math.sqrt(rows) / 2);
            return new Plan(rows, c, width, Columns.run(rows, BATCH * THREADS / width, most));
        }

        int windows() {
            return Columns.blocks(c, width);
        }

        int runs() {
            return Columns.blocks(rows, run);
        }

        /// Whether a block's threads hold all of its rows.
        boolean held() {
            return rows <= HELD * THREADS / width;
        }

        /// Two numbers for each run and column.
        long scratch() {
            return 2L * runs() * c;
        }
    }

    /// `y = act(gamma · (x − mean) · inverse + beta)` by columns of `x[rows, c]`, and the columns' statistics; see [gannet.kernel.Kernels#batchNorm].
    void batchNorm(int rows, double epsilon, Activation act, CudaStorage x, CudaStorage gamma, CudaStorage beta, CudaStorage mean, CudaStorage variance,
                   CudaStorage inverse, CudaStorage y) {
        var plan = Plan.of(rows, gamma.length());
        var activation = ActivationCode.of(act);
        if (plan.held()) {
            begin(held, plan).with((float) epsilon).with(activation.code()).with(activation.slope()).to(x).to(gamma).to(beta).to(mean).to(variance)
                    .to(inverse).to(y).over(plan.windows(), THREADS);
            return;
        }
        long found = cuda.scratch(0, plan.scratch());
        begin(moments, plan).with(plan.run).to(x).at(found).over(plan.windows(), plan.runs(), 1, THREADS);
        begin(apply, plan).with(plan.run).with((float) epsilon).with(activation.code()).with(activation.slope()).to(x).to(gamma).to(beta).at(found)
                .to(mean).to(variance).to(inverse).to(y).over(plan.windows(), plan.runs(), 1, THREADS);
    }

    /// The gradients of [#batchNorm] from its result's gradient; see [gannet.kernel.Kernels#batchNormGradient].
    void batchNormGradient(int rows, Activation act, CudaStorage x, CudaStorage y, CudaStorage dy, CudaStorage gamma, CudaStorage mean, CudaStorage inverse,
                           CudaStorage dx, CudaStorage dgamma, CudaStorage dbeta) {
        var plan = Plan.of(rows, gamma.length());
        var activation = ActivationCode.of(act);
        if (plan.held()) {
            begin(gradientHeld, plan).with(activation.code()).with(activation.slope()).to(x).to(y).to(dy).to(gamma).to(mean).to(inverse).to(dx).to(dgamma)
                    .to(dbeta).over(plan.windows(), THREADS);
            return;
        }
        long found = cuda.scratch(0, plan.scratch());
        begin(gradientSums, plan).with(plan.run).with(activation.code()).with(activation.slope()).to(x).to(y).to(dy).to(mean).to(inverse).at(found)
                .over(plan.windows(), plan.runs(), 1, THREADS);
        begin(gradientApply, plan).with(plan.run).with(activation.code()).with(activation.slope()).to(x).to(y).to(dy).to(gamma).to(mean).to(inverse)
                .at(found).to(dx).to(dgamma).to(dbeta).over(plan.windows(), plan.runs(), 1, THREADS);
    }

    private Launch begin(Function function, Plan plan) {
        return cuda.launch(function).with(plan.rows).with(plan.c).with(plan.width);
    }
}
