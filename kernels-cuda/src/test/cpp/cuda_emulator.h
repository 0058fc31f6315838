// CUDA C++ as ordinary C++17: included before a .cu file, this makes g++ compile it for the CPU. The .cu files know nothing of it.
// There is what the kernels use, and it is strict where a graphics card is not: a full mask for everything that a warp does together, and barriers
// where every thread of the block stands at the same line. Sums are rounded after every step (-ffp-contract=off) unless fmaf is written.
//
// Two things are done to the text before the compiler sees it (HostBuild.java): `__shared__` declarations become calls of emulator::shared, and each
// kernel found is added to the table that the driver looks into. A `__shared__` that was not understood is left, and means nothing to g++.
#pragma once
#include "emulator/emulator.h"
#include <cfloat>
#include <climits>
#include <cstdio>
#include <math.h>

#define __global__
#define __device__
#define __host__
#define __constant__ static const
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __align__(n) __attribute__((aligned(n)))
#define __launch_bounds__(...)
#define __builtin_assume(...)

#define threadIdx (emulator::place.thread->index)
#define blockIdx (emulator::place.block)
#define blockDim (emulator::place.blockSize)
#define gridDim (emulator::place.gridSize)
#define warpSize 32

#define EMULATOR_TEXT_OF(x) #x
#define EMULATOR_TEXT(x) EMULATOR_TEXT_OF(x)
#define EMULATOR_SITE __FILE__ ":" EMULATOR_TEXT(__LINE__)

// --- Threads that meet -------------------------------------------------------------------------------------------------------------------------

#define __syncthreads() emulator::waitForBlock(EMULATOR_SITE)
#define __syncwarp(...) emulator::waitForWarp(0xffffffffu, EMULATOR_SITE, true)
#define __shfl_sync(mask, value, lane) emulator::shuffle(mask, value, (lane) & 31, EMULATOR_SITE)
#define __shfl_xor_sync(mask, value, lanes) emulator::shuffle(mask, value, emulator::place.thread->lane ^ (lanes), EMULATOR_SITE)
#define __shfl_down_sync(mask, value, lanes) emulator::shuffle(mask, value, emulator::place.thread->lane + (lanes), EMULATOR_SITE)
#define __shfl_up_sync(mask, value, lanes) emulator::shuffle(mask, value, emulator::place.thread->lane - (lanes), EMULATOR_SITE)
#define __ballot_sync(mask, what) emulator::ballot(mask, what, EMULATOR_SITE)
#define __any_sync(mask, what) (emulator::ballot(mask, what, EMULATOR_SITE) != 0)
#define __all_sync(mask, what) (emulator::ballot(mask, what, EMULATOR_SITE) == 0xffffffffu)
#define __trap() emulator::fail("__trap", EMULATOR_SITE)

namespace emulator {

// A lane outside of the warp gives back the caller's own value, as on the card.
template <class T> T shuffle(unsigned mask, T value, unsigned from, const char* site) {
    return exchange(mask, value, site, [=](auto shown) { return from < WARP ? shown(from) : value; });
}

inline unsigned ballot(unsigned mask, bool what, const char* site) {
    return exchange(mask, what, site, [](auto shown) {
        unsigned votes = 0;
        for (unsigned lane = 0; lane < WARP; lane++) votes |= unsigned(shown(lane)) << lane;
        return votes;
    });
}

}  // namespace emulator

static inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
static inline void __threadfence_block() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
static inline int atomicAdd(int* p, int v) { return __atomic_fetch_add(p, v, __ATOMIC_ACQ_REL); }
static inline unsigned atomicAdd(unsigned* p, unsigned v) { return __atomic_fetch_add(p, v, __ATOMIC_ACQ_REL); }
template <class T> static inline T emulatedUpdate(T* p, T v, T (*chosen)(T, T)) {
    T old = __atomic_load_n(p, __ATOMIC_ACQUIRE);
    while (!__atomic_compare_exchange_n(p, &old, chosen(old, v), false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    }
    return old;
}
static inline int atomicMax(int* p, int v) { return emulatedUpdate<int>(p, v, [](int a, int b) { return a > b ? a : b; }); }
static inline unsigned atomicMax(unsigned* p, unsigned v) { return emulatedUpdate<unsigned>(p, v, [](unsigned a, unsigned b) { return a > b ? a : b; }); }
static inline int atomicMin(int* p, int v) { return emulatedUpdate<int>(p, v, [](int a, int b) { return a < b ? a : b; }); }
static inline unsigned atomicMin(unsigned* p, unsigned v) { return emulatedUpdate<unsigned>(p, v, [](unsigned a, unsigned b) { return a < b ? a : b; }); }
static inline int atomicOr(int* p, int v) { return __atomic_fetch_or(p, v, __ATOMIC_ACQ_REL); }
static inline unsigned atomicOr(unsigned* p, unsigned v) { return __atomic_fetch_or(p, v, __ATOMIC_ACQ_REL); }
static inline int atomicExch(int* p, int v) { return __atomic_exchange_n(p, v, __ATOMIC_ACQ_REL); }
static inline unsigned atomicExch(unsigned* p, unsigned v) { return __atomic_exchange_n(p, v, __ATOMIC_ACQ_REL); }

// --- Vector types: as aligned as on the card, so that g++ too may use aligned loads ------------------------------------------------------------

struct alignas(8) float2 { float x, y; };
struct float3 { float x, y, z; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(8) int2 { int x, y; };
struct alignas(16) int4 { int x, y, z, w; };
struct alignas(8) uint2 { unsigned x, y; };
struct alignas(16) uint4 { unsigned x, y, z, w; };
struct alignas(16) double2 { double x, y; };
static inline float2 make_float2(float x, float y) { return {x, y}; }
static inline float3 make_float3(float x, float y, float z) { return {x, y, z}; }
static inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
static inline int2 make_int2(int x, int y) { return {x, y}; }
static inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
static inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
static inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
static inline double2 make_double2(double x, double y) { return {x, y}; }

// A vector load where the address doesn't allow one is an error on the card. x86 would not notice, so it is asked.
template <class T> static inline T __ldg(const T* p) {
    if (reinterpret_cast<uintptr_t>(p) % alignof(T) != 0) emulator::fail("misaligned address", "__ldg");
    return *p;
}

// --- Arithmetic --------------------------------------------------------------------------------------------------------------------------------

static inline int min(int a, int b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a > b ? a : b; }
static inline unsigned min(unsigned a, unsigned b) { return a < b ? a : b; }
static inline unsigned max(unsigned a, unsigned b) { return a > b ? a : b; }
static inline long long min(long long a, long long b) { return a < b ? a : b; }
static inline long long max(long long a, long long b) { return a > b ? a : b; }
static inline size_t min(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t max(size_t a, size_t b) { return a > b ? a : b; }
static inline float min(float a, float b) { return fminf(a, b); }
static inline float max(float a, float b) { return fmaxf(a, b); }
static inline double min(double a, double b) { return fmin(a, b); }
static inline double max(double a, double b) { return fmax(a, b); }

static inline unsigned __umulhi(unsigned a, unsigned b) { return unsigned(uint64_t(a) * b >> 32); }
static inline int __mulhi(int a, int b) { return int(int64_t(a) * b >> 32); }
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) { return (unsigned __int128)a * b >> 64; }
static inline int __popc(unsigned x) { return __builtin_popcount(x); }
static inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(unsigned(x)); }
static inline int __ffs(int x) { return __builtin_ffs(x); }

template <class To, class From> static inline To emulatedBits(From from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    std::memcpy(&to, &from, sizeof to);
    return to;
}
static inline unsigned __float_as_uint(float x) { return emulatedBits<unsigned>(x); }
static inline int __float_as_int(float x) { return emulatedBits<int>(x); }
static inline float __uint_as_float(unsigned x) { return emulatedBits<float>(x); }
static inline float __int_as_float(int x) { return emulatedBits<float>(x); }
static inline long long __double_as_longlong(double x) { return emulatedBits<long long>(x); }
static inline double __longlong_as_double(long long x) { return emulatedBits<double>(x); }

static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float __fsub_rn(float a, float b) { return a - b; }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fsqrt_rn(float a) { return sqrtf(a); }
static inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline double __dmul_rn(double a, double b) { return a * b; }
static inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }
static inline float __saturatef(float x) { return x > 1 ? 1.0f : x > 0 ? x : 0.0f; }
static inline float rsqrtf(float x) { return float(1 / sqrt(double(x))); }
static inline double rsqrt(double x) { return 1 / sqrt(x); }
static inline float sinpif(float x) { return float(sin(double(fmodf(x, 2)) * M_PI)); }
static inline float cospif(float x) { return float(cos(double(fmodf(x, 2)) * M_PI)); }
static inline void sincospif(float x, float* sine, float* cosine) {
    *sine = sinpif(x);
    *cosine = cospif(x);
}

// --- Tensor cores: the functions of tensor_core.cuh --------------------------------------------------------------------------------------------

// cvt.rna.tf32.f32: to the nearest of 10 explicit mantissa bits, a tie away from zero; the 13 bits below are cleared.
static inline unsigned to_tf32(float x) {
    unsigned bits = __float_as_uint(x);
    return isfinite(x) ? (bits + 0x1000u) & ~0x1fffu : bits;
}

// mma.sync.aligned.m16n8k8: d[16,8] += a[16,8] · b[8,8] over a warp. Lane 4g + t holds a[g, t], a[g + 8, t], a[g, t + 4], a[g + 8, t + 4];
// b[t, g], b[t + 4, g]; and d[g, 2t], d[g, 2t + 1], d[g + 8, 2t], d[g + 8, 2t + 1]. The hardware reads no more than the upper 19 bits of a and b.
#define mma_tf32(d, a, b) emulator::multiplyTiles(d, a, b, EMULATOR_SITE)

namespace emulator {

inline void multiplyTiles(float d[4], const unsigned a[4], const unsigned b[2], const char* site) {
    struct Fragment {
        unsigned a[4], b[2];
    };
    const Fragment mine = {{a[0], a[1], a[2], a[3]}, {b[0], b[1]}};
    const unsigned g = place.thread->lane / 4, t = place.thread->lane % 4;
    exchange(0xffffffffu, mine, site, [=](auto shown) {
        auto tf32 = [](unsigned bits) { return __uint_as_float(bits & ~0x1fffu); };
        for (unsigned k = 0; k < 8; k++) {
            const Fragment row = shown(4 * g + k % 4), left = shown(4 * (2 * t) + k % 4), right = shown(4 * (2 * t + 1) + k % 4);
            const float top = tf32(row.a[k / 4 * 2]), bottom = tf32(row.a[k / 4 * 2 + 1]);
            d[0] += top * tf32(left.b[k / 4]);
            d[1] += top * tf32(right.b[k / 4]);
            d[2] += bottom * tf32(left.b[k / 4]);
            d[3] += bottom * tf32(right.b[k / 4]);
        }
        return 0;
    });
}

}  // namespace emulator
