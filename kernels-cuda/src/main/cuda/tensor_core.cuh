// Tensor cores, as far as the kernels use them: inline PTX for nvcc; cuda_emulator.h has the same two functions for g++. sm_80 and above.
#pragma once
#ifdef __CUDACC__

// Rounds to tf32: 10 explicit mantissa bits, to the nearest, a tie away from zero.
static __device__ __forceinline__ unsigned to_tf32(float x) {
    unsigned bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
    return bits;
}

// d[16,8] += a[16,8] · b[8,8], spread over a warp, sums in fp32. Lane 4g + t (g < 8, t < 4) holds
//     a = { a[g, t], a[g + 8, t], a[g, t + 4], a[g + 8, t + 4] }   b = { b[t, g], b[t + 4, g] }
//     d = { d[g, 2t], d[g, 2t + 1], d[g + 8, 2t], d[g + 8, 2t + 1] }
// All 32 lanes must be there. PTX ISA, "Matrix Fragments for mma.m16n8k8", .tf32.
static __device__ __forceinline__ void mma_tf32(float d[4], const unsigned a[4], const unsigned b[2]) {
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

#endif
