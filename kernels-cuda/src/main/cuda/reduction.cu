// x[outer, axis, inner] -> y[outer, inner], combined over the axis, and the check of a step's gradients.
//
// One read of x, one addition or comparison an element: 4 bytes and 1 flop, so bound by memory alone, and all that matters is that enough
// neighbouring bytes are under way at once. Three ways, chosen from the shape (Reductions.java):
//
//   lines    inner = 1, a short axis: a group of up to 32 lanes for each line, joined by shuffles. Lanes read neighbours.
//   each     a short axis of a few rows, or many results: a thread for each result, which walks down its column. Neighbouring threads
//            read neighbouring columns.
//   columns  the rest: a block for 32 columns (fewer: the next power of 2) and a run of rows, its threads laid over both; see
//            block_sum.cuh. Long columns are split into runs for several blocks, whose results, x'[outer, runs, inner] in scratch memory,
//            are reduced once more: 1/128 of the bytes or less. A vector of any length is the case of one column.
//
// Sums are in float throughout, yet no chain of additions is long: a thread joins 8 loaded values in a tree, then such sums one after the other
// (95 of them in a vector of 10^8), and threads, warps and runs join in trees. The sum of 2^20 uniform numbers is off by 1e-7.
#include "block_sum.cuh"

#define THREADS 256

using ColumnTotals = Totals<float, THREADS / 32>;

// Joins elements first, first + step, … below `beyond`, `stride` apart.
template <class Join>
__device__ __forceinline__ float fold(const float* __restrict__ x, int first, int beyond, int step, int stride) {
    float all = Join::nothing();
    for (long long i = first; i < beyond; i += (long long) BATCH * step) {
        float v[BATCH];
#pragma unroll
        for (int k = 0; k < BATCH; k++) v[k] = i + (long long) k * step < beyond ? x[(i + (long long) k * step) * stride] : Join::nothing();
        all = Join::join(all, join_batch<Join>(v));
    }
    return all;
}

// y[line] of x[line, axis]; a line has 2^bits lanes, up to 32.
template <class Join>
__device__ __forceinline__ void lines(int count, int axis, int bits, const float* __restrict__ x, float* __restrict__ y) {
    long long line = ((long long) blockIdx.x * THREADS + threadIdx.x) >> bits;
    int group = 1 << bits, lane = threadIdx.x & (group - 1);
    float all = line < count ? fold<Join>(x + line * axis, lane, axis, group, 1) : Join::nothing();
    all = join_lanes<Join>(all, 1, group);
    if (line < count && lane == 0) y[line] = all;
}

extern "C" __global__ void __launch_bounds__(THREADS)
reduce_lines_sum(int count, int axis, int bits, const float* __restrict__ x, float* __restrict__ y) {
    lines<Sum>(count, axis, bits, x, y);
}

extern "C" __global__ void __launch_bounds__(THREADS)
reduce_lines_max(int count, int axis, int bits, const float* __restrict__ x, float* __restrict__ y) {
    lines<Max>(count, axis, bits, x, y);
}

// y[i] by thread i of all, for `count` = outer · inner results.
template <class Join>
__device__ __forceinline__ void each(int count, int axis, int inner, const float* __restrict__ x, float* __restrict__ y) {
    long long i = (long long) blockIdx.x * THREADS + threadIdx.x;
    if (i >= count) return;
    y[i] = fold<Join>(x + i / inner * axis * inner + i % inner, 0, axis, 1, inner);
}

extern "C" __global__ void __launch_bounds__(THREADS)
reduce_each_sum(int count, int axis, int inner, const float* __restrict__ x, float* __restrict__ y) {
    each<Sum>(count, axis, inner, x, y);
}

extern "C" __global__ void __launch_bounds__(THREADS)
reduce_each_max(int count, int axis, int inner, const float* __restrict__ x, float* __restrict__ y) {
    each<Max>(count, axis, inner, x, y);
}

// y[outer, run, inner] over runs of `run` rows. Blocks: x counts windows of `width` columns within the outer index, y counts runs.
template <class Join>
__device__ __forceinline__ void columns(int axis, int inner, int width, int run, const float* __restrict__ x, float* __restrict__ y) {
    __shared__ ColumnTotals totals;
    int windows = (inner + width - 1) / width, outer = blockIdx.x / windows, row = threadIdx.x / width;
    int column = blockIdx.x % windows * width + threadIdx.x % width;
    int first = blockIdx.y * run, beyond = min(axis - first, run) + first;
    float all = Join::nothing();
    if (column < inner)
        all = fold<Join>(x + (size_t) outer * axis * inner + column, first + row, beyond, THREADS / width, inner);
    all = column_total<Join>(all, width, totals);
    if (column < inner && row == 0) y[((size_t) outer * gridDim.y + blockIdx.y) * inner + column] = all;
}

extern "C" __global__ void __launch_bounds__(THREADS)
reduce_columns_sum(int axis, int inner, int width, int run, const float* __restrict__ x, float* __restrict__ y) {
    columns<Sum>(axis, inner, width, run, x, y);
}

extern "C" __global__ void __launch_bounds__(THREADS)
reduce_columns_max(int axis, int inner, int width, int run, const float* __restrict__ x, float* __restrict__ y) {
    columns<Max>(axis, inner, width, run, x, y);
}

// flag[0] = max(flag[0], 1) if any |x[i]| is above `limit` or not a number. One launch for any n: a thread that has met such a number says so
// by an atomic maximum, and in whatever order they come, the result is the same bits. In a sound step nobody writes. Floats above 0 are in
// the order of their bits read as integers, those below 0 are negative integers, and a NaN is above all: a flag that is none stays so.
__device__ __forceinline__ void checked(int n, float limit, const float* __restrict__ x, float* flag) {
    long long threads = (long long) gridDim.x * THREADS;
    bool exceeds = false;
    for (long long i = (long long) blockIdx.x * THREADS + threadIdx.x; i < n; i += BATCH * threads) {
#pragma unroll
        for (int k = 0; k < BATCH; k++) exceeds |= i + k * threads < n && !(fabsf(x[i + k * threads]) <= limit);
    }
    if (exceeds) atomicMax(reinterpret_cast<int*>(flag), __float_as_int(1.0f));
}

extern "C" __global__ void __launch_bounds__(THREADS)
check_limit(int n, float limit, const float* __restrict__ x, float* flag) {
    checked(n, limit, x, flag);
}

// Up to eight storages at one launch, blockIdx.y says which: a gradient and the few statistics that are committed with it.
extern "C" __global__ void __launch_bounds__(THREADS)
check_each(float limit, float* flag, const float* x0, int n0, const float* x1, int n1, const float* x2, int n2, const float* x3, int n3, const float* x4, int n4,
           const float* x5, int n5, const float* x6, int n6, const float* x7, int n7) {
    switch (blockIdx.y) {
        case 0: checked(n0, limit, x0, flag); break;
        case 1: checked(n1, limit, x1, flag); break;
        case 2: checked(n2, limit, x2, flag); break;
        case 3: checked(n3, limit, x3, flag); break;
        case 4: checked(n4, limit, x4, flag); break;
        case 5: checked(n5, limit, x5, flag); break;
        case 6: checked(n6, limit, x6, flag); break;
        default: checked(n7, limit, x7, flag);
    }
}
