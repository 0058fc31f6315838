// Convolutions on tensor cores whose factors are two tf32 each, nearly a float together: the kernels of convolution.cu for aligned images and
// filters, with the tiles of tensor_tile.cuh. For cards of compute capability 8.0 on; the PTX for 7.5 is empty.
#include "convolution.cuh"
#include "tensor_tile.cuh"

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
typedef Tf32<128, 128, 64, 32, 2> LargeTensor;
typedef Tf32<64, 64, 32, 32, 2> MiddleTensor;

extern "C" __global__ void __launch_bounds__(256, 1) conv_large_tf32x3(CONV) {
    __shared__ float4 shared[LargeTensor::SHARED];
    conv<LargeTensor, 4, false>(THE_SHAPE, x, weights, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(256, 1) conv_input_large_tf32x3(CONV_INPUT) {
    __shared__ float4 shared[LargeTensor::SHARED];
    conv_input<LargeTensor, 4, false>(THE_SHAPE, y, weights, tapStepH, tapStepW, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(256, 1) conv_weight_large_tf32x3(CONV_WEIGHT) {
    __shared__ float4 shared[LargeTensor::SHARED];
    conv_weight<LargeTensor, 4>(THE_SHAPE, x, y, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_middle_tf32x3(CONV) {
    __shared__ float4 shared[MiddleTensor::SHARED];
    conv<MiddleTensor, 4, false>(THE_SHAPE, x, weights, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_input_middle_tf32x3(CONV_INPUT) {
    __shared__ float4 shared[MiddleTensor::SHARED];
    conv_input<MiddleTensor, 4, false>(THE_SHAPE, y, weights, tapStepH, tapStepW, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_weight_middle_tf32x3(CONV_WEIGHT) {
    __shared__ float4 shared[MiddleTensor::SHARED];
    conv_weight<MiddleTensor, 4>(THE_SHAPE, x, y, THE_RESULT, shared);
}
#endif
