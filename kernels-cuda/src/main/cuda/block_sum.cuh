// Totals of columns over the rows that a block's threads hold: the end of every reduction.
//
// A block looks at a matrix through a window of `width` columns, a power of 2 from 1 to 32: thread t stands in column t mod width, on row
// t / width of the window, and walks down in steps of the window's height. Neighbouring threads so read neighbouring elements whatever the
// matrix's width is: 32 columns are a full line of 128 bytes for each warp, and a matrix of a single column is read as a vector. What each
// thread gathered on its way is joined here:
//
//   1. inside of a warp, whose lanes hold 32 / width rows, by shuffles over lanes of one column;
//   2. over the warps through shared memory, turned round: the warps' values of one column lie in neighbouring lanes then, and shuffles
//      join them in log2(warps) steps, all columns at once. 32 columns of so many warps are just as many values as the block has threads.
//
// The tree depends on the width and the block's size only. Two barriers; every thread gets its column's total.
#pragma once

#define ALL_LANES 0xffffffffu

// How many elements a thread loads before it uses the first: enough bytes in flight to hide the memory's latency.
#define BATCH 8

// +
struct Sum {
    static __device__ __forceinline__ float nothing() { return 0.0f; }
    static __device__ __forceinline__ float join(float a, float b) { return a + b; }
};

// The greater; NaN if one is NaN, as fmaxf would not have it.
struct Max {
    static __device__ __forceinline__ float nothing() { return -INFINITY; }
    static __device__ __forceinline__ float join(float a, float b) { return a > b || a != a ? a : b; }
};

// How many numbers, their mean, and the sum of the squares of their differences from it.
struct Moments {
    float count, mean, squares;

    static __device__ __forceinline__ Moments nothing() { return {0.0f, 0.0f, 0.0f}; }

    // Those of both sets together: Chan, Golub & LeVeque 1983, (2.1). No large numbers are subtracted from one another, so nothing is lost.
    static __device__ __forceinline__ Moments join(Moments a, Moments b) {
        float count = a.count + b.count, part = count > 0 ? b.count / count : 0.0f, apart = b.mean - a.mean;
        return {count, fmaf(apart, part, a.mean), a.squares + b.squares + apart * apart * (a.count * part)};
    }
};

__device__ __forceinline__ float from_lane(float v, int other) {
    return __shfl_xor_sync(ALL_LANES, v, other);
}

__device__ __forceinline__ Moments from_lane(Moments v, int other) {
    return {from_lane(v.count, other), from_lane(v.mean, other), from_lane(v.squares, other)};
}

// Joins the values of the lanes that differ in the bits from `least` up to below `beyond`. The lane whose bits there are 0 has the total.
template <class Join, class T>
__device__ __forceinline__ T join_lanes(T v, int least, int beyond) {
    for (int other = beyond / 2; other >= least; other /= 2) v = Join::join(v, from_lane(v, other));
    return v;
}

// What a block of WARPS warps shares to find the totals of up to 32 columns. One more column, so that neighbours in a column lie in
// different banks.
template <class T, int WARPS>
struct Totals {
    T warps[WARPS][33], columns[32];
};

// The total of the thread's column. The whole block calls it; it may call it again with another `shared` at once, with the same one after
// a barrier.
template <class Join, class T, int WARPS>
__device__ __forceinline__ T column_total(T v, int width, Totals<T, WARPS>& shared) {
    int t = threadIdx.x, lane = t % 32;
    v = join_lanes<Join>(v, width, 32);
    if (lane < width) shared.warps[t / 32][lane] = v;
    __syncthreads();
    int column = t / WARPS;
    v = Join::nothing();
    if (column < width) v = shared.warps[t % WARPS][column];
    v = join_lanes<Join>(v, 1, WARPS);
    if (t % WARPS == 0 && column < width) shared.columns[column] = v;
    __syncthreads();
    return shared.columns[t % width];
}

// Joins BATCH values in a tree; they are lost.
template <class Join>
__device__ __forceinline__ float join_batch(float (&v)[BATCH]) {
#pragma unroll
    for (int half = BATCH / 2; half > 0; half /= 2)
#pragma unroll
        for (int i = 0; i < half; i++) v[i] = Join::join(v[i], v[i + half]);
    return v[0];
}
