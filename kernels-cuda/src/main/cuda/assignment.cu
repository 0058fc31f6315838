// Up to eight copies at one launch: a network's gradients to their places, which would be a launch each otherwise, many of them for a bias of a few numbers.
//
// Bytes an element: 8. blockIdx.y is the copy, blockIdx.x goes along it; the grid is as long as the longest copy needs, and the blocks beyond a shorter one's end leave at once.
// A thread takes four neighbours where both ends are aligned for it. A copy that a launch doesn't need has length 0.
#include "alignment.cuh"

#define THREADS 256

// One thread's share: elements 4i … 4i + 3.
__device__ __forceinline__ void copied(const float* __restrict__ from, float* __restrict__ to, int n) {
    int i = 4 * (blockIdx.x * THREADS + threadIdx.x);
    if (i + 3 < n && aligned(from) && aligned(to)) {
        *reinterpret_cast<float4*>(to + i) = *reinterpret_cast<const float4*>(from + i);
        return;
    }
#pragma unroll
    for (int k = 0; k < 4; k++)
        if (i + k < n) to[i + k] = from[i + k];
}

extern "C" __global__ void __launch_bounds__(THREADS)
assign_each(const float* from0, float* to0, int n0, const float* from1, float* to1, int n1, const float* from2, float* to2, int n2, const float* from3, float* to3, int n3,
            const float* from4, float* to4, int n4, const float* from5, float* to5, int n5, const float* from6, float* to6, int n6, const float* from7, float* to7, int n7) {
    switch (blockIdx.y) {
        case 0: copied(from0, to0, n0); break;
        case 1: copied(from1, to1, n1); break;
        case 2: copied(from2, to2, n2); break;
        case 3: copied(from3, to3, n3); break;
        case 4: copied(from4, to4, n4); break;
        case 5: copied(from5, to5, n5); break;
        case 6: copied(from6, to6, n6); break;
        default: copied(from7, to7, n7);
    }
}
