// Random numbers: Philox4x32-10 (Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3"), a keyed bijection of 128-bit counters.
// Element i of a draw is word i mod 4 of the block of counter (i / 4, step, use, draw) under the key `seed`, so a thread makes one block and
// its 4 elements, depends on no other, and writes one float4 where the output is aligned. Ten rounds are some 80 integer instructions, 20 an
// element, against 4 bytes written: between bound by arithmetic and bound by memory.
//
// `step` is read on the card, so that a recorded launch draws anew at each replay.
//
// Uniforms are the very bits of the scalar back end; normals agree to a few units in the last place. All in float: on most cards double
// runs at a 64th of the speed. What that needs:
// - u = (word + 1/2) / 2^32 has 33 bits. `unit` rounds it once: the conversion from an unsigned does the rounding, of the odd integer
//   2 word + 1 while that fits 32 bits, else of the word with its lowest bit set, which only breaks ties as the half would.
// - Near u = 1 a float has lost the digits of 1 - u, which is what ln u is there. But 1 - u = (~word + 1/2) / 2^32 exactly, so the upper
//   half takes log1p(-unit(~word)).
// - cos 2 pi u and sin 2 pi u for the word as a *signed* integer, a turn less in the upper half: one bit more of the angle.

#define THREADS 256
#define UNIFORM 0

// (word + 1/2) / 2^32, rounded once.
__device__ __forceinline__ float unit(unsigned word) {
    return word < 0x80000000u ? (float) (2 * word + 1) * 0x1p-33f : (float) (word | 1u) * 0x1p-32f;
}

// The same, the largest float below 1 at most.
__device__ __forceinline__ float uniform(unsigned word) {
    return min(unit(word), 0x1.fffffep-1f);
}

// Box and Muller's two normals of two words: sqrt(-2 ln u1) cos 2 pi u2 and sqrt(-2 ln u1) sin 2 pi u2.
__device__ __forceinline__ float2 normals(unsigned word1, unsigned word2) {
    const float log_u1 = word1 < 0x80000000u ? logf(unit(word1)) : log1pf(-unit(~word1));
    const float radius = sqrtf(-2.0f * log_u1);
    float sine, cosine;
    sincospif(fmaf((float) (int) word2, 0x1p-31f, 0x1p-32f), &sine, &cosine);
    return make_float2(radius * cosine, radius * sine);
}

struct Words {
    unsigned a, b, c, d;
};

__device__ __forceinline__ Words philox(unsigned key0, unsigned key1, unsigned a, unsigned b, unsigned c, unsigned d) {
#pragma unroll
    for (int round = 0; round < 10; round++) {
        const unsigned high0 = __umulhi(0xD2511F53u, a), low0 = 0xD2511F53u * a, high1 = __umulhi(0xCD9E8D57u, c), low1 = 0xCD9E8D57u * c;
        a = high1 ^ b ^ key0;
        b = low1;
        c = high0 ^ d ^ key1;
        d = low0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    return {a, b, c, d};
}

extern "C" __global__ void __launch_bounds__(THREADS)
random_numbers(int distribution, unsigned key0, unsigned key1, unsigned use, unsigned draw, const float* __restrict__ step, int n,
               float* __restrict__ y) {
    const int block = blockIdx.x * THREADS + threadIdx.x;
    if (block >= n / 4 + (n % 4 != 0)) return;
    const Words w = philox(key0, key1, block, (unsigned) (int) step[0], use, draw);
    float4 v;
    if (distribution == UNIFORM) {
        v = make_float4(uniform(w.a), uniform(w.b), uniform(w.c), uniform(w.d));
    } else {
        const float2 first = normals(w.a, w.b), second = normals(w.c, w.d);
        v = make_float4(first.x, first.y, second.x, second.y);
    }
    float* to = y + (size_t) block * 4;
    const int rest = n - block * 4;
    if (rest >= 4 && (reinterpret_cast<size_t>(y) & 15) == 0) {
        *reinterpret_cast<float4*>(to) = v;
        return;
    }
    to[0] = v.x;
    if (rest > 1) to[1] = v.y;
    if (rest > 2) to[2] = v.z;
    if (rest > 3) to[3] = v.w;
}
