// Kernels that ask the emulator and the driver what they do, right and wrong. nvcc never sees them.
#define PROBE extern "C" __global__ void __launch_bounds__(256)

// y[i] += a x[i] for i < n, by way of memory that the block shares.
PROBE probe_axpy(int n, float a, const float* __restrict__ x, float* __restrict__ y) {
    __shared__ __align__(16) float products[256], one[1];
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    products[threadIdx.x] = i < n ? a * x[i] : 0.0f;
    if (threadIdx.x == 0) one[0] = 1;
    __syncthreads();
    if (i < n) y[i] += products[threadIdx.x] * one[0];
}

// Each block turns its 256 elements round. PlantedFaultTest takes the barrier out.
PROBE probe_reverse(float* x) {
    __shared__ float held[256];
    float* mine = x + blockIdx.x * 256;
    held[threadIdx.x] = mine[threadIdx.x];
    __syncthreads();
    mine[threadIdx.x] = held[255 - threadIdx.x];
}

// y[0…] = 1 in all of the grid, whatever the length of y.
PROBE probe_ones(float* y) {
    y[blockIdx.x * blockDim.x + threadIdx.x] = 1;
}

// For each thread of any grid and block: its block's indices and its own, 6 numbers.
PROBE probe_indices(int* y) {
    const int block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    const int thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    int* mine = y + 6 * (block * int(blockDim.x * blockDim.y * blockDim.z) + thread);
    mine[0] = blockIdx.x, mine[1] = blockIdx.y, mine[2] = blockIdx.z;
    mine[3] = threadIdx.x, mine[4] = threadIdx.y, mine[5] = threadIdx.z;
}

// For each thread of a warp: what it gets from lane 5, from lane ^ 3, from lane + 4, from lane - 1, and the votes for odd lanes.
PROBE probe_shuffles(int* y) {
    const unsigned all = 0xffffffffu;
    const int lane = threadIdx.x % 32, value = 100 + lane;
    int* mine = y + 5 * threadIdx.x;
    mine[0] = __shfl_sync(all, value, 5);
    mine[1] = __shfl_xor_sync(all, value, 3);
    mine[2] = __shfl_down_sync(all, value, 4);
    mine[3] = __shfl_up_sync(all, value, 1);
    mine[4] = __ballot_sync(all, lane % 2);
}

// d[16,8] = a[16,8] · b[8,8] by one warp.
PROBE probe_tensor_core(const float* a, const float* b, float* d) {
    const int g = threadIdx.x / 4, t = threadIdx.x % 4;
    const unsigned left[4] = {to_tf32(a[g * 8 + t]), to_tf32(a[(g + 8) * 8 + t]), to_tf32(a[g * 8 + t + 4]), to_tf32(a[(g + 8) * 8 + t + 4])};
    const unsigned right[2] = {to_tf32(b[t * 8 + g]), to_tf32(b[(t + 4) * 8 + g])};
    float sum[4] = {};
    mma_tf32(sum, left, right);
    d[g * 8 + 2 * t] = sum[0], d[g * 8 + 2 * t + 1] = sum[1];
    d[(g + 8) * 8 + 2 * t] = sum[2], d[(g + 8) * 8 + 2 * t + 1] = sum[3];
}

// A template's shared array is its instance's own.
template <int N>
__device__ float* shared_of() {
    __shared__ float held[N];
    return held;
}

PROBE probe_templates(float* y) {
    float *two = shared_of<2>(), *three = shared_of<3>();
    if (threadIdx.x == 0) two[0] = 2;
    if (threadIdx.x == 1) three[0] = 3;
    __syncthreads();
    y[threadIdx.x] = two[0] * 10 + three[0];
}

// --- Wrong ---------------------------------------------------------------------------------------------------------------------------------------

PROBE probe_unwritten_shared(float* y) {
    __shared__ float never[256];
    y[threadIdx.x] = never[threadIdx.x];
}

PROBE probe_too_much_shared(float* y) {
    __shared__ float one[7000];
    __shared__ float two[7000];
    one[threadIdx.x] = two[threadIdx.x] = 1;
    y[threadIdx.x] = one[threadIdx.x] + two[threadIdx.x];
}

PROBE probe_barrier_for_some(int n) {
    if (int(threadIdx.x) < n) __syncthreads();
}

PROBE probe_two_barriers(int n) {
    if (int(threadIdx.x) < n)
        __syncthreads();
    else
        __syncthreads();
}

PROBE probe_half_a_warp(int* y) {
    if (threadIdx.x % 32 < 16) y[threadIdx.x] = __shfl_xor_sync(0xffffffffu, int(threadIdx.x), 1);
}

PROBE probe_partial_mask(int* y) {
    y[threadIdx.x] = __shfl_xor_sync(0x0000ffffu, int(threadIdx.x), 1);
}
