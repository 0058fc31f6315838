// Scatter-add, the gradient of gather: table[indices[i], :] += y[i, :] from a table of zeros, in the order of i, without atomics.
//
// A block owns ROWS = 256 rows and COLUMNS = 32 columns of the table; their sums lie in shared memory (32 KB). Every block looks through all
// of the indices, CHUNK = 2048 at a time, for its own rows: each warp takes 256 of the chunk, each lane 8 neighbours, and a prefix sum over
// the lanes' counts puts what was found into the warp's list, in the order of i. Then the block goes through the eight lists: a row belongs
// to one group of threads, one thread a column, so a sum has one owner, who meets its terms in their order. The terms are read from memory
// 8 at a time before they are added, since a popular row is a long chain of additions which should not wait for memory each time.
//
// The search costs indices · rows / 256 reads, which the caches serve: little for an embedding (a few hundred indices), and for the gradient
// of a gather over whole images (65,536 rows, as many indices) 17 million, against 4 billion comparisons if each row looked for itself.
// It is bound by the latency of its phases, not by memory.
#include "indices.cuh"

#define THREADS 256
#define ROWS 256
#define COLUMNS 32
#define WARPS (THREADS / 32)
#define LANE 8
#define SHARE (32 * LANE)
#define CHUNK (THREADS * LANE)
#define AHEAD 8

// What was found, in one int: the place in the chunk, and the row in the block.
__device__ __forceinline__ int found(int place, int row) {
    return place * ROWS + row;
}

// The warp's list of the indices of chunk[0 … rest-1] in its share that name a row first … first+ROWS-1; its length.
__device__ __forceinline__ int search(const float* indices, int chunk, int count, int rows, int first, bool reporter, int* list, int* fault) {
    const int lane = threadIdx.x % 32, share = threadIdx.x / 32 * SHARE + lane * LANE;
    int own[LANE], mine = 0;
#pragma unroll
    for (int k = 0; k < LANE; k++) {
        own[k] = -1;
        if (share + k >= count - chunk) continue;
        const int row = row_of(indices[chunk + share + k], rows);
        if (row < 0 && reporter) note_wrong(chunk + share + k, indices, rows, fault);
        if (row >= first && row - first < ROWS) own[k] = row - first, mine++;
    }
    int through = mine;
#pragma unroll
    for (int distance = 1; distance < 32; distance *= 2) {
        const int before = __shfl_sync(0xffffffffu, through, lane - distance);
        if (lane >= distance) through += before;
    }
    int at = through - mine;
#pragma unroll
    for (int k = 0; k < LANE; k++)
        if (own[k] >= 0) list[at++] = found(share + k, own[k]);
    return __shfl_sync(0xffffffffu, through, 31);
}

extern "C" __global__ void __launch_bounds__(THREADS)
scatter_add(int count, int width, int rows, const float* __restrict__ y, const float* __restrict__ indices, float* __restrict__ table, int* fault) {
    __shared__ float sums[ROWS * COLUMNS];
    __shared__ int lists[WARPS][SHARE];
    __shared__ int lengths[WARPS];
    const int across = (width + COLUMNS - 1) / COLUMNS; // all in one row of blocks: of rows of blocks there are no more than 65,535
    const int first_row = blockIdx.x / across * ROWS, first_column = blockIdx.x % across * COLUMNS, columns = min(COLUMNS, width - first_column);
    int lanes = 1;
    while (lanes < columns) lanes *= 2;
    // Rows of `lanes` sums; this thread owns those of one column in the rows of its group.
    const int column = threadIdx.x % lanes, group = threadIdx.x / lanes, groups = THREADS / lanes;
    for (int i = threadIdx.x; i < ROWS * lanes; i += THREADS) sums[i] = 0.0f;
    for (int chunk = 0; chunk < count; chunk += CHUNK) {
        const int warp = threadIdx.x / 32;
        const int length = search(indices, chunk, count, rows, first_row, blockIdx.x == 0, lists[warp], fault);
        if (threadIdx.x % 32 == 0) lengths[warp] = length;
        __syncthreads();
        for (int list = 0; list < WARPS; list++)
            for (int start = 0; start < lengths[list]; start += AHEAD) {
                float term[AHEAD];
                int sum[AHEAD];
#pragma unroll
                for (int k = 0; k < AHEAD; k++) {
                    sum[k] = -1;
                    if (start + k >= lengths[list]) continue;
                    const int entry = lists[list][start + k], row = entry % ROWS;
                    if (row % groups != group || column >= columns) continue;
                    sum[k] = row * lanes + column;
                    term[k] = y[(size_t) (chunk + entry / ROWS) * width + first_column + column];
                }
#pragma unroll
                for (int k = 0; k < AHEAD; k++)
                    if (sum[k] >= 0) sums[sum[k]] += term[k];
            }
        __syncthreads();
    }
    const int rows_here = min(ROWS, rows - first_row);
    for (int i = threadIdx.x; i < rows_here * columns; i += THREADS)
        table[(size_t) (first_row + i / columns) * width + first_column + i % columns] = sums[i / columns * lanes + i % columns];
}
