// The three maps of a convolution as instances of the tiled product, for every kind of tile; the kernels, and what the maps are, are in
// convolution.cu.
#pragma once
#include "window.cuh"

#define SHAPE int n, int h, int w, int c, int kh, int kw, int o, int oh, int ow, int strideH, int strideW, int dilationH, int dilationW, int top, int left
#define THE_SHAPE {n, h, w, c, kh, kw, o, oh, ow, strideH, strideW, dilationH, dilationW, top, left}
#define CONV const float* __restrict__ x, const float* __restrict__ weights, SHAPE, RESULT
#define CONV_INPUT const float* __restrict__ y, const float* __restrict__ weights, int tapStepH, int tapStepW, SHAPE, RESULT
#define CONV_WEIGHT const float* __restrict__ x, const float* __restrict__ y, SHAPE, RESULT

struct Shape {
    int n, h, w, c, kh, kw, o, oh, ow, strideH, strideW, dilationH, dilationW, top, left;
};

// The image x under the windows of `s`.
template <Along A> __device__ __forceinline__ Windows<A> windows(const Shape& s, const float* x) {
    return {x, s.h, s.w, s.c,
            s.n * s.oh * s.ow, s.strideH, s.strideW, -s.top, -s.left,
            s.kh * s.kw * s.c, s.dilationH, s.dilationW,
            Divisor(s.oh * s.ow), Divisor(s.ow), Divisor(s.kw), Divisor(s.c)};
}

template <class Core, int V, bool CURVED>
__device__ __forceinline__ void conv(const Shape& s, const float* x, const float* weights, const Target& to, float4* shared) {
    int pixels = s.n * s.oh * s.ow, taps = s.kh * s.kw * s.c;
    Block block(Core::ROWS, Core::COLUMNS, pixels, s.o, taps, to.chunk);
    Matrix<ALONG_ROW> right = {weights, 0, s.o, taps, 1, s.o};
    Rows<V, CURVED> rows = {to.result, to.base(), pixels, s.o, to.finish<CURVED>()};
    tiled_product<Core, V, V>(windows<ALONG_DEPTH>(s, x), right, rows, block.row, block.column, block.from, block.to, shared);
}

template <class Core, int V, bool CURVED>
__device__ __forceinline__ void conv_input(const Shape& s, const float* y, const float* weights, int tapStepH, int tapStepW, const Target& to,
                                           float4* shared) {
    int most = s.n * ((s.h + s.strideH - 1) / s.strideH) * ((s.w + s.strideW - 1) / s.strideW);
    Block block(Core::ROWS, Core::COLUMNS, most, s.c, s.kh * s.kw * s.o, to.chunk);
    int residueH = block.product / s.strideW, residueW = block.product % s.strideW;
    Phase down(residueH, s.h, s.kh, s.strideH, s.dilationH, s.top, tapStepH);
    Phase across(residueW, s.w, s.kw, s.strideW, s.dilationW, s.left, tapStepW);
    int pixels = s.n * down.pixels * across.pixels, taps = down.taps * across.taps * s.o;
    if (block.row >= pixels) return;
    Divisor perImage(down.pixels * across.pixels), perLine(across.pixels), perTapLine(max(across.taps, 1)), perTap(s.o);
    Windows<ALONG_DEPTH> left = {y, s.oh, s.ow, s.o,
            pixels, 1, 1, down.origin, across.origin,
            taps, -(tapStepH * s.dilationH / s.strideH), -(tapStepW * s.dilationW / s.strideW),
            perImage, perLine, perTapLine, perTap};
    Filters right = {weights, s.c, taps, s.o, s.kw, down.first, tapStepH, across.first, tapStepW, perTapLine, perTap};
    PhasePixels<V, CURVED> rows = {to.result, to.base(), pixels, s.h, s.w, s.c, s.strideH, s.strideW, residueH, residueW, perImage, perLine,
            to.finish<CURVED>()};
    tiled_product<Core, V, V>(left, right, rows, block.row, block.column, block.from, min(block.to, taps), shared);
}

template <class Core, int V>
__device__ __forceinline__ void conv_weight(const Shape& s, const float* x, const float* y, const Target& to, float4* shared) {
    int taps = s.kh * s.kw * s.c, pixels = s.n * s.oh * s.ow;
    Block block(Core::ROWS, Core::COLUMNS, taps, s.o, pixels, to.chunk);
    Matrix<ALONG_ROW> right = {y, 0, s.o, pixels, 1, s.o};
    Rows<V, false> rows = {to.result, to.base(), taps, s.o, to.finish<false>()};
    tiled_product<Core, V, V>(windows<ALONG_ROW>(s, x), right, rows, block.row, block.column, block.from, block.to, shared);
}
