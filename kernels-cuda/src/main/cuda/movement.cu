// Kernels that move elements: strided copies and gather (scatter.cu has its gradient). All of them are bound by memory, 8 bytes an element.
//
// Copies. Movement.java first brings the axes into order: those of size 1 are dropped, those that run backwards in the target are turned,
// they are sorted by their strides in the target, and neighbours that are one run in both are merged; most copies are left with one to
// three axes. Then it is one of two kernels:
// - `copy` goes over the *target*, EACH = 4 elements a thread, THREADS apart, so that writes are contiguous whatever the strides: a position
//   is taken apart by divisions (multiplications, division.cuh) by the target's strides, which gives an index for each axis; a position that
//   is no combination of indices is a gap and becomes 0 in the same pass. `copy_quads` is the same with float4 for elements, where all
//   strides but the last, the offsets and the last size are multiples of 4: channels-last images cut, padded, flipped, concatenated.
// - `copy_tile` transposes. Where the fastest axis of the target, p, is slow in the source and another, q, is fast there, one thread for an
//   element would read 4 bytes of every 32-byte sector. A block moves a tile of 32 × 32 through shared memory: it reads along q and writes
//   along p, 128 contiguous bytes a warp both times; rows of 33 floats put a column into 32 different banks.
//
// Gather is a copy whose rows are named by indices; `gather_quads` where rows are whole float4.
#include "division.cuh"
#include "indices.cuh"

#define THREADS 256
#define EACH 4
#define RUN (THREADS * EACH)

// One axis of a copy in a kernel's arguments: its size, what divides a position (or a block's number) by it, and its strides.
#define AXIS(a) int size##a, unsigned magic##a, int shift##a, int to##a, int from##a
#define AXIS_AT(a) {size##a, magic##a, shift##a, to##a, from##a}

struct Axis {
    int size;
    unsigned magic;
    int shift, to, from;
};

__device__ __forceinline__ void set_zero(float& v) {
    v = 0.0f;
}

__device__ __forceinline__ void set_zero(float4& v) {
    v = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
}

// y[to + sum i_a·to_a] = x[from + sum i_a·from_a] for the rank first axes, of y the elements begin … end-1 only; those of them to which nothing
// is copied become 0, or stay if `keep`.
template <class T>
__device__ __forceinline__ void copy_run(int begin, int end, int keep, const T* __restrict__ x, int from, T* __restrict__ y, int to, int rank,
                                         const Axis (&axes)[6]) {
    const int start = begin + blockIdx.x * RUN, rest = end - start;
    T v[EACH];
    bool inside[EACH];
#pragma unroll
    for (int k = 0; k < EACH; k++) {
        const int at = threadIdx.x + k * THREADS;
        int position = at < rest ? start + at - to : -1, source = from;
        inside[k] = position >= 0;
        position = max(position, 0);
#pragma unroll
        for (int a = 0; a < 6; a++)
            if (a < rank) {
                const Axis& axis = axes[a];
                const int index = divide(position, axis.magic, axis.shift);
                position -= index * axis.to;
                source += index * axis.from;
                inside[k] = inside[k] && index < axis.size;
            }
        inside[k] = inside[k] && position == 0;
        set_zero(v[k]);
        if (inside[k]) v[k] = x[source];
    }
#pragma unroll
    for (int k = 0; k < EACH; k++) {
        const int at = threadIdx.x + k * THREADS;
        if (at < rest && (inside[k] || !keep)) y[start + at] = v[k];
    }
}

extern "C" __global__ void __launch_bounds__(THREADS)
copy(int begin, int end, int keep, const float* __restrict__ x, int from, float* __restrict__ y, int to, int rank, AXIS(0), AXIS(1), AXIS(2), AXIS(3),
     AXIS(4), AXIS(5)) {
    const Axis axes[] = {AXIS_AT(0), AXIS_AT(1), AXIS_AT(2), AXIS_AT(3), AXIS_AT(4), AXIS_AT(5)};
    copy_run(begin, end, keep, x, from, y, to, rank, axes);
}

extern "C" __global__ void __launch_bounds__(THREADS)
copy_quads(int begin, int end, int keep, const float4* __restrict__ x, int from, float4* __restrict__ y, int to, int rank, AXIS(0), AXIS(1), AXIS(2),
           AXIS(3), AXIS(4), AXIS(5)) {
    const Axis axes[] = {AXIS_AT(0), AXIS_AT(1), AXIS_AT(2), AXIS_AT(3), AXIS_AT(4), AXIS_AT(5)};
    copy_run(begin, end, keep, x, from, y, to, rank, axes);
}

#define TILE 32

// y[to + … + i_p + i_q·to_q] = x[from + … + i_p·from_p + i_q] for a tile of i_p and i_q; the block's number tells the tile and the indices of the
// other axes.
extern "C" __global__ void __launch_bounds__(THREADS)
copy_tile(const float* __restrict__ x, int from, float* __restrict__ y, int to, int size_p, int from_p, int tiles_p, unsigned magic_p, int shift_p,
          int size_q, int to_q, int tiles_q, unsigned magic_q, int shift_q, int rank, AXIS(0), AXIS(1), AXIS(2), AXIS(3)) {
    __shared__ float tile[TILE][TILE + 1];
    const Axis axes[] = {AXIS_AT(0), AXIS_AT(1), AXIS_AT(2), AXIS_AT(3)};
    const int row = divide(blockIdx.x, magic_p, shift_p), p = (blockIdx.x - row * tiles_p) * TILE;
    int number = divide(row, magic_q, shift_q);
    const int q = (row - number * tiles_q) * TILE;
#pragma unroll
    for (int a = 0; a < 4; a++)
        if (a < rank) {
            const int next = divide(number, axes[a].magic, axes[a].shift), index = number - next * axes[a].size;
            from += index * axes[a].from;
            to += index * axes[a].to;
            number = next;
        }
    const int across = threadIdx.x % TILE, down = threadIdx.x / TILE;
#pragma unroll
    for (int i = down; i < TILE; i += THREADS / TILE)
        if (p + i < size_p && q + across < size_q) tile[i][across] = x[from + (p + i) * from_p + q + across];
    __syncthreads();
#pragma unroll
    for (int i = down; i < TILE; i += THREADS / TILE)
        if (q + i < size_q && p + across < size_p) y[to + (q + i) * to_q + p + across] = tile[across][i];
}

// y[i, :] = table[indices[i], :] for n elements of y in rows of `width`; `bad` where the index is no row.
template <class T>
__device__ __forceinline__ void gather_run(int n, int width, unsigned magic, int shift, int rows, const T* __restrict__ table,
                                           const float* __restrict__ indices, T bad, T* __restrict__ y, int* fault) {
    const int start = blockIdx.x * RUN, rest = n - start;
    T v[EACH];
#pragma unroll
    for (int k = 0; k < EACH; k++) {
        v[k] = bad;
        const int at = threadIdx.x + k * THREADS;
        if (at >= rest) continue;
        const int i = divide(start + at, magic, shift), column = start + at - i * width, row = row_of(indices[i], rows);
        if (row >= 0) v[k] = table[row * width + column];
        else if (column == 0) note_wrong(i, indices, rows, fault);
    }
#pragma unroll
    for (int k = 0; k < EACH; k++) {
        const int at = threadIdx.x + k * THREADS;
        if (at < rest) y[start + at] = v[k];
    }
}

extern "C" __global__ void __launch_bounds__(THREADS)
gather(int n, int width, unsigned magic, int shift, int rows, const float* __restrict__ table, const float* __restrict__ indices,
       float* __restrict__ y, int* fault) {
    gather_run(n, width, magic, shift, rows, table, indices, NAN, y, fault);
}

extern "C" __global__ void __launch_bounds__(THREADS)
gather_quads(int n, int width, unsigned magic, int shift, int rows, const float4* __restrict__ table, const float* __restrict__ indices,
             float4* __restrict__ y, int* fault) {
    gather_run(n, width, magic, shift, rows, table, indices, make_float4(NAN, NAN, NAN, NAN), y, fault);
}
