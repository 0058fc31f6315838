// The operands of convolutions, read where they lie: an image under windows, the filters of one phase, the pixels of one phase. Nothing is unfolded
// in memory.
//
// An element under a window is found by two places that are added: the window's (its upper left corner, which may lie outside of the image) and the
// tap's (from the corner to the tap, and the channel). Both are (y, x, offset); the sum of the y and of the x tells whether the element lies in the
// image or is padding.
#pragma once
#include "tile.cuh"

struct Place {
    int y, x, offset;
};

// Windows `strideY` and `strideX` apart, the first at (originY, originX), `lines` × `across` of them an image, of taps `stepY` and `stepX` apart.
// ALONG_DEPTH: rows are windows and depths are taps (tap, channel); ALONG_ROW: the other way round. The neighbours in memory are a tap's channels in
// either case.
template <Along A> struct Windows {
    typedef ::Place Place;
    static const int OUTSIDE = -(1 << 30);

    const float* elements;
    int height, width, channels;
    int windows, strideY, strideX, originY, originX;
    int taps, stepY, stepX; // (tap, channel) pairs
    Divisor perImage, perLine, perTapLine, perTap;

    __device__ __forceinline__ bool alongDepth() const {
        return A == ALONG_DEPTH;
    }

    __device__ __forceinline__ Place row(int i) const {
        return A == ALONG_DEPTH ? window(i) : tap(i);
    }

    __device__ __forceinline__ Place depth(int k) const {
        return A == ALONG_DEPTH ? tap(k) : window(k);
    }

    __device__ __forceinline__ Place window(int i) const {
        int rest, column, image = perImage.quotient(i, rest), line = perLine.quotient(rest, column);
        int y = line * strideY + originY, x = column * strideX + originX;
        return {i < windows ? y : OUTSIDE, x, ((image * height + y) * width + x) * channels};
    }

    __device__ __forceinline__ Place tap(int k) const {
        int channel, q, tap = perTap.quotient(k, channel), p = perTapLine.quotient(tap, q);
        int y = p * stepY, x = q * stepX;
        return {k < taps ? y : OUTSIDE, x, (y * width + x) * channels + channel};
    }

    __device__ __forceinline__ int offset(Place a, Place b) const {
        bool inside = (unsigned) (a.y + b.y) < (unsigned) height && (unsigned) (a.x + b.x) < (unsigned) width;
        return inside ? a.offset + b.offset : -1;
    }
};

// What one residue of the input's rows, or columns, modulo the stride has to do with the taps. Pixel i = residue + j · stride lies under tap p of
// window (i + padding − p · dilation) / stride, where that is whole: taps `first`, first + tapStep, …, and windows origin + j, from one tap to the
// next fewer by dilation · tapStep / stride, with tapStep = stride / gcd(stride, dilation). So the pixels of one phase are a dense convolution of
// stride 1.
struct Phase {
    int pixels, first, taps, origin;

    __device__ __forceinline__ Phase(int residue, int size, int kernel, int stride, int dilation, int padding, int tapStep) {
        pixels = residue < size ? (size - residue + stride - 1) / stride : 0;
        first = 0;
        while (first < kernel && (residue + padding - first * dilation) % stride != 0) first++;
        taps = first < kernel ? (kernel - first + tapStep - 1) / tapStep : 0;
        origin = (residue + padding - first * dilation) / stride;
    }
};

// The weights w[kh,kw,c,o] of one phase, read transposed: rows are channels c, depths (tap of the phase, o).
struct Filters {
    typedef int Place;

    const float* elements;
    int rows, depths, results; // c, taps · o, o
    int kernelWidth, firstP, stepP, firstQ, stepQ;
    Divisor perTapLine, perTap;

    __device__ __forceinline__ bool alongDepth() const {
        return true;
    }

    __device__ __forceinline__ Place row(int channel) const {
        return channel < rows ? channel * results : -1;
    }

    __device__ __forceinline__ Place depth(int k) const {
        int o, u, tap = perTap.quotient(k, o), t = perTapLine.quotient(tap, u);
        return k < depths ? ((firstP + t * stepP) * kernelWidth + firstQ + u * stepQ) * rows * results + o : -1;
    }

    __device__ __forceinline__ int offset(Place row, Place depth) const {
        return (row | depth) < 0 ? -1 : row + depth;
    }
};

// The pixels of one phase as rows of a result, in an image h × w of `columns` channels.
template <int V, bool CURVED> struct PhasePixels {
    static const int VECTOR = V;

    float* elements;
    int base, pixels, height, width, columns, strideY, strideX, residueY, residueX;
    Divisor perImage, perLine;
    Finish<CURVED> finish;

    __device__ __forceinline__ int row(int i) const {
        if (i >= pixels) return -1;
        int rest, column, image = perImage.quotient(i, rest), line = perLine.quotient(rest, column);
        return base + ((image * height + line * strideY + residueY) * width + column * strideX + residueX) * columns;
    }
};
