// Matrix products c[m,n] = act(a[m,k] · b[k,n] + bias[n]) and batches of them, either factor transposed: instances of the tiled product of tile.cuh.
//
// The kernels for aligned factors (row lengths in whole float4) know at compile time which way each factor lies: nn, nt and tn, which are a layer's
// forward pass, its input's gradient and its weights' gradient. Everything else (both transposed, odd lengths, odd offsets, narrow results) goes
// through one kernel a tile that takes both strides as arguments and fetches single elements, still neighbours by neighbouring threads.
//
// Work and traffic: 2mkn operations; each factor is read once for each tile across or down, m·k·⌈n/128⌉ + k·n·⌈m/128⌉ floats. The large tile is bound
// by arithmetic; a product of one logit (n = 1) by reading a.
#include "product.cuh"

extern "C" __global__ void __launch_bounds__(256, 2) matmul_nn_large(PRODUCT) {
    __shared__ float4 shared[Large::SHARED];
    product<Large, 4, false, ALONG_DEPTH, ALONG_ROW>(m, k, n, a, k, 1, b, 1, n, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(256, 2) matmul_nt_large(PRODUCT) {
    __shared__ float4 shared[Large::SHARED];
    product<Large, 4, false, ALONG_DEPTH, ALONG_DEPTH>(m, k, n, a, k, 1, b, k, 1, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(256, 2) matmul_tn_large(PRODUCT) {
    __shared__ float4 shared[Large::SHARED];
    product<Large, 4, false, ALONG_ROW, ALONG_ROW>(m, k, n, a, 1, m, b, 1, n, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) matmul_nn_middle(PRODUCT) {
    __shared__ float4 shared[Middle::SHARED];
    product<Middle, 4, false, ALONG_DEPTH, ALONG_ROW>(m, k, n, a, k, 1, b, 1, n, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) matmul_nt_middle(PRODUCT) {
    __shared__ float4 shared[Middle::SHARED];
    product<Middle, 4, false, ALONG_DEPTH, ALONG_DEPTH>(m, k, n, a, k, 1, b, k, 1, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) matmul_tn_middle(PRODUCT) {
    __shared__ float4 shared[Middle::SHARED];
    product<Middle, 4, false, ALONG_ROW, ALONG_ROW>(m, k, n, a, 1, m, b, 1, n, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) matmul_scalar(STRIDED) {
    __shared__ float4 shared[Scalar::SHARED];
    product<Scalar, 1, false, AS_STRIDES_SAY, AS_STRIDES_SAY>(m, k, n, a, rowsA, depthsA, b, columnsB, depthsB, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) matmul_tall(STRIDED) {
    __shared__ float4 shared[Tall::SHARED];
    product<Tall, 1, true, AS_STRIDES_SAY, AS_STRIDES_SAY>(m, k, n, a, rowsA, depthsA, b, columnsB, depthsB, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) matmul_wide(STRIDED) {
    __shared__ float4 shared[Wide::SHARED];
    product<Wide, 1, false, AS_STRIDES_SAY, AS_STRIDES_SAY>(m, k, n, a, rowsA, depthsA, b, columnsB, depthsB, THE_RESULT, shared);
}

// y[i] = act(Σ parts[p, i] + bias): the parts in their order, so the bits are the shape's. With one part it may be y itself.
extern "C" __global__ void __launch_bounds__(256) sum_parts(int parts, int length, int columns, const float* copies, const float* __restrict__ bias,
                                                            int period, int act, float slope, float* y) {
    int i = blockIdx.x * 256 + threadIdx.x;
    if (i >= length) return;
    float sum = 0;
#pragma unroll 8
    for (int p = 0; p < parts; p++) sum += copies[(size_t) p * length + i];
    if (bias) sum += bias[i % columns % period];
    y[i] = activate(sum, act, slope);
}
