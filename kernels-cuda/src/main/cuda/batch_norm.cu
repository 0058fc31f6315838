// Batch norm of x[rows, c] by columns, through an activation, and its gradients; Ioffe & Szegedy 2015, Algorithm 1.
//
//   y = act(gamma · (x − mean) · inverse + beta)                            inverse = 1/√(variance + ε), the variance biased
//   dbeta = Σ g, dgamma = Σ g·x̂                                             g = act'(dy), x̂ = (x − mean) · inverse
//   dx = gamma · inverse · (g − dbeta/rows − x̂ · dgamma/rows)
//
// Some ten flops an element beside 8 to 28 bytes: bound by memory, and on small layers by the launches themselves. A block stands on `width`
// columns (block_sum.cuh) and walks down them with 512 threads. There are two forms of each:
//
//   held     A block holds all rows of its columns in registers, 32 a thread, and needs one launch and each byte once (8 an element
//            forward, 16 back). Columns are few for a block then, 8 or 4, so that more rows fit (2048, 4096), and more blocks share the work;
//            8 floats are a sector of 32 bytes, the least that memory moves.
//   runs     More rows are split into runs, a block each. One launch finds each run's moments or sums; in the next the same blocks join
//            what all runs of their columns found, each block for itself, which saves a launch between the two, and read their run
//            once more: 12 bytes an element forward, 28 back (20 without an activation). What they join is at most half as many bytes as
//            they then read, all of it in the second-level cache, since there are no more than √rows / 2 runs (Normalisation.java).
//
// The variance must not be Σx²/rows − mean²: around a mean of 300 that loses all digits. Where the rows are held it takes two passes over
// registers, as the definition says. Runs take one pass: a thread finds mean and squares of 8 rows at a time, and joins such moments as Chan,
// Golub & LeVeque do (block_sum.cuh): only means are subtracted from one another.
#include "activation.cuh"
#include "block_sum.cuh"

#define THREADS 512
#define WARPS (THREADS / 32)
// Rows that a thread holds.
#define HELD 32

using ColumnTotals = Totals<float, WARPS>;
using ColumnMoments = Totals<Moments, WARPS>;

// Where a thread stands: a column, that column's first row for it, and the rows from there to its next one.
struct Place {
    int column, row, height;

    __device__ __forceinline__ explicit Place(int width)
        : column(blockIdx.x * width + threadIdx.x % width), row(threadIdx.x / width), height(THREADS / width) {}

    // Whether it is the one of its column that writes the column's statistics.
    __device__ __forceinline__ bool first() const { return row == 0; }
};

// What is done to each x of a column.
struct Normaliser {
    float mean, scale, shift, slope;
    int act;

    __device__ __forceinline__ float operator()(float x) const { return activate(fmaf(x - mean, scale, shift), act, slope); }
};

__device__ __forceinline__ float inverse_deviation(float variance, float epsilon) {
    return 1.0f / sqrtf(variance + epsilon);
}

extern "C" __global__ void __launch_bounds__(THREADS)
batch_norm_held(int rows, int c, int width, float epsilon, int act, float slope, const float* __restrict__ x, const float* __restrict__ gamma,
                const float* __restrict__ beta, float* __restrict__ mean, float* __restrict__ variance, float* __restrict__ inverse,
                float* __restrict__ y) {
    __shared__ ColumnTotals sums, squares;
    Place at(width);
    bool mine = at.column < c;
    float held[HELD], sum = 0, square = 0;
#pragma unroll
    for (int k = 0; k < HELD; k++) {
        int row = at.row + k * at.height;
        held[k] = mine && row < rows ? x[(size_t) row * c + at.column] : 0.0f;
    }
#pragma unroll
    for (int k = 0; k < HELD; k++) sum += held[k];
    float centre = column_total<Sum>(sum, width, sums) / rows;
#pragma unroll
    for (int k = 0; k < HELD; k++)
        if (at.row + k * at.height < rows) square = fmaf(held[k] - centre, held[k] - centre, square);
    float spread = column_total<Sum>(square, width, squares) / rows, inverted = inverse_deviation(spread, epsilon);
    if (!mine) return;
    if (at.first()) {
        mean[at.column] = centre;
        variance[at.column] = spread;
        inverse[at.column] = inverted;
    }
    Normaliser normalise = {centre, gamma[at.column] * inverted, beta[at.column], slope, act};
#pragma unroll
    for (int k = 0; k < HELD; k++) {
        int row = at.row + k * at.height;
        if (row < rows) y[(size_t) row * c + at.column] = normalise(held[k]);
    }
}

// The moments of a thread's rows below `beyond` in one column.
__device__ __forceinline__ Moments moments_of(const float* __restrict__ x, int c, const Place& at, int first, int beyond) {
    Moments all = Moments::nothing();
    for (int row = first + at.row; row < beyond; row += BATCH * at.height) {
        float v[BATCH], sum = 0, squares = 0;
        int count = min(BATCH, (beyond - row + at.height - 1) / at.height);
#pragma unroll
        for (int k = 0; k < BATCH; k++) v[k] = k < count ? x[(size_t) (row + k * at.height) * c + at.column] : 0.0f;
#pragma unroll
        for (int k = 0; k < BATCH; k++) sum += v[k];
        float mean = sum / count;
#pragma unroll
        for (int k = 0; k < BATCH; k++)
            if (k < count) squares = fmaf(v[k] - mean, v[k] - mean, squares);
        all = Moments::join(all, {(float) count, mean, squares});
    }
    return all;
}

// moments[run, 0 or 1, c]: mean and squares of the run.
extern "C" __global__ void __launch_bounds__(THREADS)
batch_norm_moments(int rows, int c, int width, int run, const float* __restrict__ x, float* __restrict__ moments) {
    __shared__ ColumnMoments totals;
    Place at(width);
    int first = blockIdx.y * run, beyond = min(rows - first, run) + first;
    Moments all = at.column < c ? moments_of(x, c, at, first, beyond) : Moments::nothing();
    all = column_total<Moments>(all, width, totals);
    if (at.column >= c || !at.first()) return;
    moments[(size_t) (2 * blockIdx.y) * c + at.column] = all.mean;
    moments[(size_t) (2 * blockIdx.y + 1) * c + at.column] = all.squares;
}

extern "C" __global__ void __launch_bounds__(THREADS)
batch_norm_apply(int rows, int c, int width, int run, float epsilon, int act, float slope, const float* __restrict__ x,
                 const float* __restrict__ gamma, const float* __restrict__ beta, const float* __restrict__ moments, float* __restrict__ mean,
                 float* __restrict__ variance, float* __restrict__ inverse, float* __restrict__ y) {
    __shared__ ColumnMoments totals;
    Place at(width);
    bool mine = at.column < c;
    Moments all = Moments::nothing();
    for (int r = at.row; mine && r < (int) gridDim.y; r += at.height)
        all = Moments::join(all, {(float) min(rows - r * run, run), moments[(size_t) (2 * r) * c + at.column],
                                  moments[(size_t) (2 * r + 1) * c + at.column]});
    all = column_total<Moments>(all, width, totals);
    if (!mine) return;
    float centre = all.mean, spread = all.squares / rows, inverted = inverse_deviation(spread, epsilon);
    if (blockIdx.y == 0 && at.first()) {
        mean[at.column] = centre;
        variance[at.column] = spread;
        inverse[at.column] = inverted;
    }
    Normaliser normalise = {centre, gamma[at.column] * inverted, beta[at.column], slope, act};
    int first = blockIdx.y * run, beyond = min(rows - first, run) + first;
    for (int row = first + at.row; row < beyond; row += BATCH * at.height) {
        float v[BATCH];
#pragma unroll
        for (int k = 0; k < BATCH; k++)
            if (row + k * at.height < beyond) v[k] = x[(size_t) (row + k * at.height) * c + at.column];
#pragma unroll
        for (int k = 0; k < BATCH; k++)
            if (row + k * at.height < beyond) y[(size_t) (row + k * at.height) * c + at.column] = normalise(v[k]);
    }
}

// g and x̂ of the x of a column.
struct Backward {
    const float *x, *y, *dy;
    int c, act;
    float slope, mean, inverse;

    // Those of rows row, row + height, …; 0 for g from `beyond` on. All is loaded before the first is used.
    __device__ __forceinline__ void read(int row, int beyond, const Place& at, float (&g)[BATCH], float (&normalised)[BATCH]) const {
        float result[BATCH];
#pragma unroll
        for (int k = 0; k < BATCH; k++) {
            size_t i = (size_t) (row + k * at.height) * c + at.column;
            bool there = row + k * at.height < beyond;
            g[k] = there ? dy[i] : 0.0f;
            normalised[k] = there ? x[i] : 0.0f;
            result[k] = there && act != ACTIVATION_NONE ? y[i] : 0.0f;
        }
#pragma unroll
        for (int k = 0; k < BATCH; k++) {
            g[k] = activation_gradient(g[k], result[k], act, slope);
            normalised[k] = (normalised[k] - mean) * inverse;
        }
    }
};

// dx of each x of a column.
struct Propagated {
    float scale, gradient, product;

    __device__ __forceinline__ Propagated(int rows, float gamma, float inverse, float dgamma, float dbeta)
        : scale(gamma * inverse), gradient(dbeta / rows), product(dgamma / rows) {}

    __device__ __forceinline__ float operator()(float g, float normalised) const { return scale * (g - gradient - normalised * product); }
};

extern "C" __global__ void __launch_bounds__(THREADS)
batch_norm_gradient_held(int rows, int c, int width, int act, float slope, const float* __restrict__ x, const float* __restrict__ y,
                         const float* __restrict__ dy, const float* __restrict__ gamma, const float* __restrict__ mean,
                         const float* __restrict__ inverse, float* __restrict__ dx, float* __restrict__ dgamma, float* __restrict__ dbeta) {
    __shared__ ColumnTotals sums, products;
    Place at(width);
    bool mine = at.column < c;
    Backward back = {x, y, dy, c, act, slope, mine ? mean[at.column] : 0.0f, mine ? inverse[at.column] : 0.0f};
    float g[HELD / BATCH][BATCH], normalised[HELD / BATCH][BATCH], sum = 0, product = 0;
#pragma unroll
    for (int b = 0; b < HELD / BATCH; b++) {
        back.read(at.row + b * BATCH * at.height, mine ? rows : 0, at, g[b], normalised[b]);
#pragma unroll
        for (int k = 0; k < BATCH; k++) {
            sum += g[b][k];
            product = fmaf(g[b][k], normalised[b][k], product);
        }
    }
    sum = column_total<Sum>(sum, width, sums);
    product = column_total<Sum>(product, width, products);
    if (!mine) return;
    if (at.first()) {
        dbeta[at.column] = sum;
        dgamma[at.column] = product;
    }
    Propagated propagated(rows, gamma[at.column], back.inverse, product, sum);
#pragma unroll
    for (int k = 0; k < HELD; k++) {
        int row = at.row + k * at.height;
        if (row < rows) dx[(size_t) row * c + at.column] = propagated(g[k / BATCH][k % BATCH], normalised[k / BATCH][k % BATCH]);
    }
}

// sums[run, 0 or 1, c]: Σ g and Σ g·x̂ of the run.
extern "C" __global__ void __launch_bounds__(THREADS)
batch_norm_gradient_sums(int rows, int c, int width, int run, int act, float slope, const float* __restrict__ x, const float* __restrict__ y,
                         const float* __restrict__ dy, const float* __restrict__ mean, const float* __restrict__ inverse,
                         float* __restrict__ sums) {
    __shared__ ColumnTotals totals, products;
    Place at(width);
    bool mine = at.column < c;
    Backward back = {x, y, dy, c, act, slope, mine ? mean[at.column] : 0.0f, mine ? inverse[at.column] : 0.0f};
    int first = blockIdx.y * run, beyond = min(rows - first, run) + first;
    float sum = 0, product = 0;
    for (int row = first + at.row; mine && row < beyond; row += BATCH * at.height) {
        float g[BATCH], p[BATCH];
        back.read(row, beyond, at, g, p);
#pragma unroll
        for (int k = 0; k < BATCH; k++) p[k] *= g[k];
        sum += join_batch<Sum>(g);
        product += join_batch<Sum>(p);
    }
    sum = column_total<Sum>(sum, width, totals);
    product = column_total<Sum>(product, width, products);
    if (!mine || !at.first()) return;
    sums[(size_t) (2 * blockIdx.y) * c + at.column] = sum;
    sums[(size_t) (2 * blockIdx.y + 1) * c + at.column] = product;
}

extern "C" __global__ void __launch_bounds__(THREADS)
batch_norm_gradient_apply(int rows, int c, int width, int run, int act, float slope, const float* __restrict__ x, const float* __restrict__ y,
                          const float* __restrict__ dy, const float* __restrict__ gamma, const float* __restrict__ mean,
                          const float* __restrict__ inverse, const float* __restrict__ sums, float* __restrict__ dx,
                          float* __restrict__ dgamma, float* __restrict__ dbeta) {
    __shared__ ColumnTotals totals, products;
    Place at(width);
    bool mine = at.column < c;
    float sum = 0, product = 0;
    for (int r = at.row; mine && r < (int) gridDim.y; r += at.height) {
        sum += sums[(size_t) (2 * r) * c + at.column];
        product += sums[(size_t) (2 * r + 1) * c + at.column];
    }
    sum = column_total<Sum>(sum, width, totals);
    product = column_total<Sum>(product, width, products);
    if (!mine) return;
    if (blockIdx.y == 0 && at.first()) {
        dbeta[at.column] = sum;
        dgamma[at.column] = product;
    }
    Backward back = {x, y, dy, c, act, slope, mean[at.column], inverse[at.column]};
    Propagated propagated(rows, gamma[at.column], back.inverse, product, sum);
    int first = blockIdx.y * run, beyond = min(rows - first, run) + first;
    for (int row = first + at.row; row < beyond; row += BATCH * at.height) {
        float g[BATCH], normalised[BATCH];
        back.read(row, beyond, at, g, normalised);
#pragma unroll
        for (int k = 0; k < BATCH; k++)
            if (row + k * at.height < beyond) dx[(size_t) (row + k * at.height) * c + at.column] = propagated(g[k], normalised[k]);
    }
}
