// The three maps of a convolution y[n,oh,ow,o] = Σ x[n, i·strideH + p·dilationH − top, j·strideW + q·dilationW − left, c] · w[p,q,c,o], each as the
// tiled product of tile.cuh, with operands that are read where they lie (window.cuh):
//
//   conv          y[(n,i,j), o] = Σ over (p,q,c) of x under the window · w[(p,q,c), o]          w is that matrix as it stands
//   conv_input    x[(n,h,w), c] = Σ over (p,q,o) of y[n, (h+top−p·dilationH)/strideH, …, o] · w[p,q,c,o]   where the quotients are whole
//   conv_weight   w[(p,q,c), o] = Σ over (n,i,j) of x under the window · y[(n,i,j), o]
//
// conv_input goes by phases: input pixels of one residue modulo the stride have their own taps in common, so each of strideH · strideW phases is a
// dense convolution of y with some of the taps, and no multiplication is by one of the zeros that a transposed convolution is often explained with. A
// pixel that no window reads is in a phase without taps, or reads beyond y: a sum of nothing, so it gets act(bias) like all others. All phases are
// one launch.
//
// conv_weight has a small result and a sum as long as the batch has pixels: its depths are shared out over gridDim.y blocks (tile.cuh).
//
// Work and traffic: 2 · (n·oh·ow) · (kh·kw·c) · o operations each; a pixel is fetched kh·kw / (strideH·strideW) times for each tile of o, mostly out
// of the caches. From some dozens of channels on that is bound by arithmetic like a large matrix product; with 1 or 3 channels by memory.
#include "convolution.cuh"

extern "C" __global__ void __launch_bounds__(256, 2) conv_large(CONV) {
    __shared__ float4 shared[Large::SHARED];
    conv<Large, 4, false>(THE_SHAPE, x, weights, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_middle(CONV) {
    __shared__ float4 shared[Middle::SHARED];
    conv<Middle, 4, false>(THE_SHAPE, x, weights, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_scalar(CONV) {
    __shared__ float4 shared[Scalar::SHARED];
    conv<Scalar, 1, false>(THE_SHAPE, x, weights, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_tall(CONV) {
    __shared__ float4 shared[Tall::SHARED];
    conv<Tall, 1, true>(THE_SHAPE, x, weights, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(256, 2) conv_input_large(CONV_INPUT) {
    __shared__ float4 shared[Large::SHARED];
    conv_input<Large, 4, false>(THE_SHAPE, y, weights, tapStepH, tapStepW, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_input_middle(CONV_INPUT) {
    __shared__ float4 shared[Middle::SHARED];
    conv_input<Middle, 4, false>(THE_SHAPE, y, weights, tapStepH, tapStepW, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_input_scalar(CONV_INPUT) {
    __shared__ float4 shared[Scalar::SHARED];
    conv_input<Scalar, 1, false>(THE_SHAPE, y, weights, tapStepH, tapStepW, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_input_tall(CONV_INPUT) {
    __shared__ float4 shared[Tall::SHARED];
    conv_input<Tall, 1, true>(THE_SHAPE, y, weights, tapStepH, tapStepW, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(256, 2) conv_weight_large(CONV_WEIGHT) {
    __shared__ float4 shared[Large::SHARED];
    conv_weight<Large, 4>(THE_SHAPE, x, y, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_weight_middle(CONV_WEIGHT) {
    __shared__ float4 shared[Middle::SHARED];
    conv_weight<Middle, 4>(THE_SHAPE, x, y, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_weight_scalar(CONV_WEIGHT) {
    __shared__ float4 shared[Scalar::SHARED];
    conv_weight<Scalar, 1>(THE_SHAPE, x, y, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_weight_tall(CONV_WEIGHT) {
    __shared__ float4 shared[Tall::SHARED];
    conv_weight<Tall, 1>(THE_SHAPE, x, y, THE_RESULT, shared);
}

extern "C" __global__ void __launch_bounds__(128, 4) conv_weight_wide(CONV_WEIGHT) {
    __shared__ float4 shared[Wide::SHARED];
    conv_weight<Wide, 1>(THE_SHAPE, x, y, THE_RESULT, shared);
}
