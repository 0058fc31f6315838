// Matrix products on tensor cores whose factors are two tf32 each, nearly a float together: the kernels of product.cu for aligned factors, with the
// tiles of tensor_tile.cuh. For cards of compute capability 8.0 on; the PTX for 7.5 is empty.
#include "product.cuh"
#include "tensor_tile.cuh"

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
typedef Tf32<128, 128, 64, 32, 2> LargeTensor;
typedef Tf32<64, 64, 32, 32, 2> MiddleTensor;

extern "C" __global__ void __launch_bounds__(256, 1) matmul_nn_large_tf32x3(PRODUCT) {
    __shared__ float4 shared[LargeTensor::SHARED];
    product<LargeTensor, 4, false, ALONG_DEPTH, ALONG_ROW>(m, k, n, a, k, 1, b, 1, n, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(256, 1) matmul_nt_large_tf32x3(PRODUCT) {
    __shared__ float4 shared[LargeTensor::SHARED];
    product<LargeTensor, 4, false, ALONG_DEPTH, ALONG_DEPTH>(m, k, n, a, k, 1, b, k, 1, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(256, 1) matmul_tn_large_tf32x3(PRODUCT) {
    __shared__ float4 shared[LargeTensor::SHARED];
    product<LargeTensor, 4, false, ALONG_ROW, ALONG_ROW>(m, k, n, a, 1, m, b, 1, n, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) matmul_nn_middle_tf32x3(PRODUCT) {
    __shared__ float4 shared[MiddleTensor::SHARED];
    product<MiddleTensor, 4, false, ALONG_DEPTH, ALONG_ROW>(m, k, n, a, k, 1, b, 1, n, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) matmul_nt_middle_tf32x3(PRODUCT) {
    __shared__ float4 shared[MiddleTensor::SHARED];
    product<MiddleTensor, 4, false, ALONG_DEPTH, ALONG_DEPTH>(m, k, n, a, k, 1, b, k, 1, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) matmul_tn_middle_tf32x3(PRODUCT) {
    __shared__ float4 shared[MiddleTensor::SHARED];
    product<MiddleTensor, 4, false, ALONG_ROW, ALONG_ROW>(m, k, n, a, 1, m, b, 1, n, THE_RESULT, shared);
}
#endif
