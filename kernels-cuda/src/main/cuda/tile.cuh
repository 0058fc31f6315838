// The one matrix product under all products and convolutions: result[m, n] = Σₖ a[m, k] · b[n, k], a tile of it a block.
//
// How it works. A block makes ROWS × COLUMNS results. It goes along k in steps of DEPTH: its threads fetch a [DEPTH][ROWS] piece of a and a
// [DEPTH][COLUMNS] piece of b into shared memory, and each thread multiplies its TM rows by its TN columns out of these, in registers. There are two
// buffers in shared memory: while the threads multiply one step, the next step's elements are on their way from global memory into registers, and are
// put into the other buffer afterwards, so there is one barrier a step and the wait for memory lies under the multiplications.
//
// What a and b are is the operands' business. An operand tells for a row x and a depth k where the element lies, or that it is 0, in two halves, a
// Place for x and one for k, since a thread keeps to one x or to one k: the divisions of a convolution's index arithmetic are made once a thread or
// once a step, not once an element. That is all that differs between a matrix, a transposed one, the windows of an image and the filters of one phase
// (window.cuh). Rows and depths outside of the operand are zeros, which add nothing.
//
// Sharing of the work. Fetching: neighbouring threads take neighbours in memory, V elements each (V = 4 where everything is aligned to 16 bytes),
// along k or along x as the operand says. Multiplying: the 32 threads of a warp stand in 4 rows of 8, and a thread's rows and columns lie in groups
// of 4, so that a warp reads 4 and 8 neighbouring float4 of shared memory: whole lines, no bank twice. The PAD at the end of a row of shared memory
// makes the writes of operands fetched along k (which go down a column) fall into different banks.
//
// Sizes. Each step of k costs a thread of the large tile (128 × 128, 8 × 8 a thread) 4 reads of float4 for 64 multiply-adds; from global memory the
// tile takes 128 · 128 · 2 / (256 · 4) = 32 operations a byte, and blocks beside one another take the same bytes out of the L2 cache, so it is bound
// by arithmetic. 64 sums, 16 factors and 8 elements in flight fit into 128 registers, hence two blocks an SM; two buffers are 16.5 KB. The middle
// tile (64 × 64, 8 × 4 a thread: 3 reads for 32 multiply-adds, 16 operations a byte, 17 KB, four blocks an SM) makes four times the blocks of a
// product that is too small to fill the card with large ones. The tall and the wide one (128 × 16 and 16 × 128, 4 × 4 a thread) are for results so
// narrow (one logit, three colours) that memory bounds them anyway. Tiling.java chooses.
//
// The sum of an element is in the order of k, whatever the tile. Where k is long and the result small, gridDim.y parts share it out, each to its own
// copy of the result, and sum_parts adds the copies in their order. The number of parts follows from the shape alone, and so do the bits.
#pragma once
#include "activation.cuh"

// Division by a number that is the same for all threads: a multiplication and a correction instead of some twenty instructions. Unlike division.cuh's
// it needs nothing from the host, for what a phase divides by is known on the card only.
struct Divisor {
    unsigned divisor, reciprocal;

    __device__ __forceinline__ explicit Divisor(int by) : divisor(by), reciprocal(0xffffffffu / (unsigned) by) {}

    // ⌊n / divisor⌋ for n ≥ 0; the reciprocal is too small by less than 1, so the first guess is right or 1 too small.
    __device__ __forceinline__ int quotient(int n, int& remainder) const {
        unsigned guess = __umulhi(n, reciprocal), rest = n - guess * divisor;
        bool less = rest >= divisor;
        remainder = less ? rest - divisor : rest;
        return less ? guess + 1 : guess;
    }
};

// Which way the neighbours of an operand's element lie in memory.
enum Along { ALONG_DEPTH, ALONG_ROW, AS_STRIDES_SAY };

// A matrix of `rows` × `depths` from `base` on, either of the strides 1 (which one, A says). Storages have less than 2^31 elements, so offsets are
// ints, and the addresses that they are added to stay kernel arguments, which take no registers.
template <Along A> struct Matrix {
    typedef int Place; // an offset; negative: outside

    const float* elements;
    int base, rows, depths, rowStride, depthStride;

    __device__ __forceinline__ bool alongDepth() const {
        return A == ALONG_DEPTH || (A == AS_STRIDES_SAY && depthStride == 1);
    }

    __device__ __forceinline__ Place row(int x) const {
        return x < rows ? base + x * (A == ALONG_ROW ? 1 : rowStride) : -1;
    }

    __device__ __forceinline__ Place depth(int k) const {
        return k < depths ? k * (A == ALONG_DEPTH ? 1 : depthStride) : -1;
    }

    // The element's offset, or a negative number where there is none.
    __device__ __forceinline__ int offset(Place row, Place depth) const {
        return (row | depth) < 0 ? -1 : row + depth;
    }
};

// The share of one thread in fetching pieces [DEPTH][ROWS] of an operand: LOADS times V neighbours, all of one depth or all of one row.
template <class Operand, int ROWS, int DEPTH, int STRIDE, int THREADS, int V> struct Fetch {
    static const int LOADS = ROWS * DEPTH / (THREADS * V);

    const Operand& operand;
    typename Operand::Place rows[LOADS];
    float values[LOADS][V];
    int row, depth, rowStep, depthStep;

    __device__ __forceinline__ Fetch(const Operand& operand, int first) : operand(operand) {
        int t = threadIdx.x;
        bool along = operand.alongDepth();
        row = along ? t / (DEPTH / V) : t % (ROWS / V) * V;
        depth = along ? t % (DEPTH / V) * V : t / (ROWS / V);
        rowStep = along ? THREADS / (DEPTH / V) : 0;
        depthStep = along ? 0 : THREADS / (ROWS / V);
#pragma unroll
        for (int i = 0; i < LOADS; i++) rows[i] = operand.row(first + row + i * rowStep);
    }

    // From global memory into registers: the depths from k on.
    __device__ __forceinline__ void load(int k) {
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            int at = operand.offset(rows[i], operand.depth(k + depth + i * depthStep));
            if constexpr (V == 4) {
                float4 four = at < 0 ? make_float4(0, 0, 0, 0) : *reinterpret_cast<const float4*>(operand.elements + at);
                values[i][0] = four.x, values[i][1] = four.y, values[i][2] = four.z, values[i][3] = four.w;
            } else {
                values[i][0] = at < 0 ? 0.0f : operand.elements[at];
            }
        }
    }

    // From registers into a buffer in shared memory, as `Core` wants the elements.
    template <class Core> __device__ __forceinline__ void store(float* buffer) const {
        bool along = operand.alongDepth();
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            float* to = buffer + row + i * rowStep;
            int k = depth + i * depthStep;
            float factors[V];
#pragma unroll
            for (int v = 0; v < V; v++) factors[v] = Core::factor(values[i][v]);
            if (V == 4 && !along)
                *reinterpret_cast<float4*>(to + Core::line(k) * STRIDE) = make_float4(factors[0], factors[V / 4], factors[V / 2], factors[V - 1]);
            else
#pragma unroll
                for (int v = 0; v < V; v++) to[Core::line(k + v) * STRIDE] = factors[v];
        }
    }
};

// What happens to a sum on its way to memory: `act(sum + bias)`. The curved activations are some thirty instructions long, too many to have them in
// 64 copies in a kernel: only the tall tile does them itself (CURVED); else sum_parts does, in a pass of its own. The others are one formula, without
// branches.
template <bool CURVED> struct Finish {
    const float* bias; // null: none
    int period, act;   // columns that are `period` apart share a bias
    float slope;

    __device__ __forceinline__ float added(int column, int columns) const {
        return bias && column < columns ? bias[column < period ? column : column % period] : 0.0f;
    }

    __device__ __forceinline__ float activated(float v) const {
        if (CURVED) return activate(v, act, slope);
        float below = act == ACTIVATION_RELU ? 0.0f : act == ACTIVATION_LEAKY ? slope * v : v;
        return v <= 0 ? below : v;
    }
};

// COUNT neighbours of a row of the result, in whole vectors if V is 4.
template <int V, int COUNT> __device__ __forceinline__ void put(float* to, int column, int columns, const float (&values)[COUNT]) {
    if constexpr (V == 4 && COUNT == 4) {
        if (column < columns) *reinterpret_cast<float4*>(to) = make_float4(values[0], values[1], values[2], values[3]);
    } else {
#pragma unroll
        for (int j = 0; j < COUNT; j++)
            if (column + j < columns) to[j] = values[j];
    }
}

// Multiplies pieces in 32-bit floats, TM × TN results a thread.
template <int R, int C, int D, int TM, int TN> struct Fp32 {
    static const int ROWS = R, COLUMNS = C, DEPTH = D, PAD = 4, THREADS = R / TM * (C / TN);
    static const int SHARED = 2 * D * (R + C + 2 * PAD) / 4; // float4 of shared memory for both buffers of both pieces
    static const int ACROSS = C / TN, LANES = ACROSS < 8 ? ACROSS : 8; // threads beside one another in the block, in a warp
    static const int ROW_STEP = R / (TM / 4), COLUMN_STEP = C / (TN / 4); // from one group of 4 to the next

    float sums[TM][TN];
    int row, column;

    // What goes into shared memory for a factor x, and into which line what is of depth k.
    static __device__ __forceinline__ float factor(float x) {
        return x;
    }

    static __device__ __forceinline__ int line(int k) {
        return k;
    }

    __device__ __forceinline__ Fp32() {
        int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
        row = (warp / (ACROSS / LANES) * (32 / LANES) + lane / LANES) * 4;
        column = (warp % (ACROSS / LANES) * LANES + lane % LANES) * 4;
#pragma unroll
        for (int i = 0; i < TM; i++)
#pragma unroll
            for (int j = 0; j < TN; j++) sums[i][j] = 0;
    }

    __device__ __forceinline__ void multiply(const float* a, const float* b) {
#pragma unroll
        for (int k = 0; k < DEPTH; k++) {
            float left[TM], right[4];
            read<TM, ROW_STEP>(a + k * (ROWS + PAD) + row, left);
#pragma unroll
            for (int j = 0; j < TN; j++) {
                if (j % 4 == 0) read<4, 0>(b + k * (COLUMNS + PAD) + column + j / 4 * COLUMN_STEP, right);
#pragma unroll
                for (int i = 0; i < TM; i++) sums[i][j] += left[i] * right[j % 4];
            }
        }
    }

    template <int LENGTH, int STEP> static __device__ __forceinline__ void read(const float* from, float (&to)[LENGTH]) {
#pragma unroll
        for (int i = 0; i < LENGTH; i += 4) {
            float4 four = *reinterpret_cast<const float4*>(from + i / 4 * STEP);
            to[i] = four.x, to[i + 1] = four.y, to[i + 2] = four.z, to[i + 3] = four.w;
        }
    }

    template <class Result> __device__ __forceinline__ void finish(const Result& result, int firstRow, int firstColumn) const {
        float added[TN];
#pragma unroll
        for (int j = 0; j < TN; j++) added[j] = result.finish.added(firstColumn + column + j / 4 * COLUMN_STEP + j % 4, result.columns);
#pragma unroll
        for (int i = 0; i < TM; i++) {
            int at = result.row(firstRow + row + i / 4 * ROW_STEP + i % 4);
            if (at < 0) continue;
#pragma unroll
            for (int j = 0; j < TN; j += 4) {
                int first = firstColumn + column + j / 4 * COLUMN_STEP;
                float values[4];
#pragma unroll
                for (int v = 0; v < 4; v++) values[v] = result.finish.activated(sums[i][j + v] + added[j + v]);
                put<Result::VECTOR, 4>(result.elements + at + first, first, result.columns, values);
            }
        }
    }
};

// A matrix of results, row after row, written V elements at a time.
template <int V, bool CURVED> struct Rows {
    static const int VECTOR = V;

    float* elements;
    int base, rows, columns;
    Finish<CURVED> finish;

    // Where the row begins; negative: there is none.
    __device__ __forceinline__ int row(int i) const {
        return i < rows ? base + i * columns : -1;
    }
};

// The tile of results from (firstRow, firstColumn) on, summed over the depths from `from` up to `to`; a and b are fetched VA and VB elements at a
// time.
template <class Core, int VA, int VB, class A, class B, class Result>
__device__ __forceinline__ void tiled_product(const A& a, const B& b, const Result& result, int firstRow, int firstColumn, int from, int to,
                                              float4* shared) {
    const int strideA = Core::ROWS + Core::PAD, strideB = Core::COLUMNS + Core::PAD;
    float* bufferA = reinterpret_cast<float*>(shared);
    float* bufferB = bufferA + 2 * Core::DEPTH * strideA;
    Fetch<A, Core::ROWS, Core::DEPTH, strideA, Core::THREADS, VA> left(a, firstRow);
    Fetch<B, Core::COLUMNS, Core::DEPTH, strideB, Core::THREADS, VB> right(b, firstColumn);
    Core core;
    left.load(from);
    right.load(from);
    left.template store<Core>(bufferA);
    right.template store<Core>(bufferB);
    __syncthreads();
    int now = 0;
    for (int k = from; k < to; k += Core::DEPTH) {
        bool more = k + Core::DEPTH < to;
        if (more) {
            left.load(k + Core::DEPTH);
            right.load(k + Core::DEPTH);
        }
        core.multiply(bufferA + now * Core::DEPTH * strideA, bufferB + now * Core::DEPTH * strideB);
        now ^= 1;
        if (more) {
            left.template store<Core>(bufferA + now * Core::DEPTH * strideA);
            right.template store<Core>(bufferB + now * Core::DEPTH * strideB);
        }
        __syncthreads();
    }
    core.finish(result, firstRow, firstColumn);
}

// Which tile is this block's, of which of many products of one size, and which part of the depths.
struct Block {
    int row, column, product, from, to;

    __device__ __forceinline__ Block(int tileRows, int tileColumns, int rows, int columns, int depths, int chunk) {
        int across = (columns + tileColumns - 1) / tileColumns, down = (rows + tileRows - 1) / tileRows;
        int line = blockIdx.x / across;
        column = (blockIdx.x - line * across) * tileColumns;
        product = line / down;
        row = (line - product * down) * tileRows;
        from = blockIdx.y * chunk;
        to = min(depths, from + chunk);
    }
};

// The arguments that end every tiled kernel's list: bias (null: none) and the activation, the result, how many depths a part has, and the length of a
// part's copy of the whole result.
#define RESULT const float* __restrict__ bias, int period, int act, float slope, float* __restrict__ result, int chunk, int copy
#define THE_RESULT {bias, period, act, slope, result, chunk, copy}

struct Target {
    const float* bias;
    int period, act;
    float slope;
    float* result;
    int chunk, copy;

    // Where this block's copy begins.
    __device__ __forceinline__ int base() const {
        return blockIdx.y * copy;
    }

    template <bool CURVED> __device__ __forceinline__ Finish<CURVED> finish() const {
        return {bias, period, act, slope};
    }
};

typedef Fp32<128, 128, 8, 8, 8> Large;
typedef Fp32<64, 64, 16, 8, 4> Middle;
typedef Fp32<64, 64, 8, 8, 4> Scalar; // the middle tile for operands at any offset and of any width
typedef Fp32<128, 16, 8, 4, 4> Tall;
typedef Fp32<16, 128, 8, 4, 4> Wide;
