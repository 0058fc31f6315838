// Tiles multiplied on tensor cores, in place of Fp32 of tile.cuh: everything else, the fetching, the two buffers, the order of the parts, is the
// same.
//
// How it works. A warp makes WR × WC results out of 16 × 8 ones, each of which one instruction of the whole warp (mma.sync.m16n8k8) adds eight depths
// to. Which of the warp's rows and columns stand together in such a small product is free, so they are dealt out for the sake of memory: a lane of
// group g takes the rows 4g … 4g + 3 of every 32, with one read of float4, for two small products, and four columns in the same way for four; its
// results then are whole float4 too. Eight lanes read two neighbouring float4 of each of four lines of shared memory, and lines that are 8 words
// longer than a multiple of 32 put these into 32 different banks. Factors fetched along k are written down a column, four lines by each of two
// neighbouring threads; `line` puts what the two write at a time two lines apart, with the 16 pairs of a warp in between, which is 32 banks again. To
// a sum of products the order of the depths is the same, as long as both factors keep it.
//
// tf32 has the exponent of a float and 11 bits of significand. PARTS = 1 rounds each factor to it (to nearest), on its way into shared memory: each
// is off by at most 2^-11, a product by 2^-10. PARTS = 2 keeps the floats, and splits each, where it is used, into the tf32 nearest to it and the
// tf32 nearest to the rest, 22 bits together. Three instructions, rest · big, big · rest and big · big, leave out only the product of the rests: a
// product is off by at most 3 · 2^-22 (Ootomo & Yokota 2022, "Recovering single precision accuracy from Tensor Cores"). An infinity becomes NaN
// there, for its rest is infinity minus infinity. Sums are floats either way, but tensor cores cut off where a multiply-add rounds, so errors grow
// with k rather than with its root.
//
// Sizes. The large tile's warps make 64 × 32: eight depths are 6 reads of float4, 3 KB of shared memory, for 16 instructions. On an A100 these keep
// the tensor cores busy for 128 cycles, in which shared memory gives four warps their 12 KB in 96. 64 sums, 16 factors and 8 elements in flight are
// registers for two blocks an SM (one with PARTS = 2, which has twice the factors and three times the work to hide the wait under). The middle tile's
// warps make 32 × 32.
#pragma once
#include "tensor_core.cuh"
#include "tile.cuh"

template <int R, int C, int WR, int WC, int PARTS> struct Tf32 {
    static const int ROWS = R, COLUMNS = C, DEPTH = 8, PAD = 8, THREADS = R / WR * (C / WC) * 32;
    static const int SHARED = 2 * DEPTH * (R + C + 2 * PAD) / 4; // float4 of shared memory for both buffers of both pieces
    static const int DOWN = WR / 16, ACROSS = WC / 8;

    float sums[DOWN][ACROSS][4];
    int row, column, group, lane; // the warp's first result; the lane's place in a group of 4, and the group

    static __device__ __forceinline__ float factor(float x) {
        return PARTS == 1 ? __uint_as_float(to_tf32(x)) : x;
    }

    static __device__ __forceinline__ int line(int k) {
        return k % 2 + k / 4 * 2 + k / 2 % 2 * 4;
    }

    __device__ __forceinline__ Tf32() {
        int warp = threadIdx.x / 32;
        row = warp / (C / WC) * WR;
        column = warp % (C / WC) * WC;
        group = threadIdx.x % 32 / 4;
        lane = threadIdx.x % 4;
#pragma unroll
        for (int i = 0; i < DOWN; i++)
#pragma unroll
            for (int j = 0; j < ACROSS; j++)
#pragma unroll
                for (int v = 0; v < 4; v++) sums[i][j][v] = 0;
    }

    // Part `p` of COUNT factors: 0 the big ones, 1 the rests.
    template <int COUNT> static __device__ __forceinline__ void part(int p, const float (&from)[COUNT], unsigned (&to)[COUNT]) {
#pragma unroll
        for (int v = 0; v < COUNT; v++) {
            unsigned big = PARTS == 1 ? __float_as_uint(from[v]) : to_tf32(from[v]);
            to[v] = p == 0 ? big : to_tf32(from[v] - __uint_as_float(big & 0xffffe000u)); // the other 13 bits of a tf32 are anything
        }
    }

    static __device__ __forceinline__ float4 four(const float* from) {
        return *reinterpret_cast<const float4*>(from);
    }

    __device__ __forceinline__ void multiply(const float* a, const float* b) {
unsigned right[PARTS][ACROSS][2];
#pragma unroll
        for (int j = 0; j < ACROSS; j += 4) {
            const float* from = b + lane * (C + PAD) + column + j * 8 + group * 4;
            float4 near = four(from), far = four(from + 4 * (C + PAD));
            float each[4][2] = {{near.x, far.x}, {near.y, far.y}, {near.z, far.z}, {near.w, far.w}};
#pragma unroll
            for (int v = 0; v < 4; v++)
#pragma unroll
                for (int p = 0; p < PARTS; p++) part(p, each[v], right[p][j + v]);
        }
#pragma unroll
        for (int i = 0; i < DOWN; i += 2) {
            const float* from = a + lane * (R + PAD) + row + i * 16 + group * 4;
            float4 near = four(from), far = four(from + 4 * (R + PAD));
            float first[4] = {near.x, near.y, far.x, far.y}, second[4] = {near.z, near.w, far.z, far.w};
            add(sums[i], first, right);
            add(sums[i + 1], second, right);
        }
    }

    // Adds the products of one small product's rows with all columns.
    static __device__ __forceinline__ void add(float (&to)[ACROSS][4], const float (&rows)[4], const unsigned (&right)[PARTS][ACROSS][2]) {
        unsigned big[4];
        part(0, rows, big);
        if constexpr (PARTS == 2) {
            unsigned rest[4];
            part(1, rows, rest);
#pragma unroll
            for (int j = 0; j < ACROSS; j++) mma_tf32(to[j], rest, right[0][j]);
#pragma unroll
            for (int j = 0; j < ACROSS; j++) mma_tf32(to[j], big, right[1][j]);
        }
#pragma unroll
        for (int j = 0; j < ACROSS; j++) mma_tf32(to[j], big, right[0][j]);
    }

    // Row 4g + s of 32 is row g or g + 8 of the small product s / 2; its columns 8t + 4x + v are columns 2t + x of the small products v.
    template <class Result> __device__ __forceinline__ void finish(const Result& result, int firstRow, int firstColumn) const {
        float added[ACROSS][2];
#pragma unroll
        for (int j = 0; j < ACROSS; j++)
#pragma unroll
            for (int x = 0; x < 2; x++) added[j][x] = result.finish.added(firstColumn + column + j / 4 * 32 + 8 * lane + 4 * x + j % 4, result.columns);
#pragma unroll
        for (int i = 0; i < 2 * DOWN; i++) {
            int at = result.row(firstRow + row + i / 4 * 32 + 4 * group + i % 4);
            if (at < 0) continue;
#pragma unroll
            for (int j = 0; j < ACROSS; j += 4)
#pragma unroll
                for (int x = 0; x < 2; x++) {
                    int first = firstColumn + column + j * 8 + 8 * lane + 4 * x;
                    float values[4];
#pragma unroll
                    for (int v = 0; v < 4; v++) values[v] = result.finish.activated(sums[i / 2][j + v][i % 2 * 2 + x] + added[j + v][x]);
                    put<Result::VECTOR, 4>(result.elements + at + first, first, result.columns, values);
                }
        }
    }
};
