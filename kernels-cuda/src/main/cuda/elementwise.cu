// Elementwise kernels: fill, map, zip, select.
//
// They do next to nothing with what they read, so they are bound by memory: 8 bytes an element for a map, 12 for a zip of equals, against
// some fifty instructions that a card could do in that time. What counts is how many bytes are under way at once (Little's law: 4.8 TB/s
// times 0.7 us is 25 KB for each of 132 multiprocessors), so
// - a thread takes EACH = 8 elements, as two float4 of each operand, all loaded before the first is used: with 2048 threads on a
//   multiprocessor 64 KB an operand are under way, and half of the threads would do;
// - the two float4 lie THREADS apart, so that a warp touches 512 contiguous bytes at a time;
// - a block is one run of 2048 elements, and the grid covers the elements once: no loop, no tail but the last block's.
// Storages begin at any float. Where an operand is not aligned to 16 bytes, and in a last block that is not full, a thread takes 8 single
// floats, THREADS apart: again contiguous for a warp, as many bytes under way a thread, four times the load instructions.
//
// One kernel does all functions. The code of the function comes as an argument, so the switch goes the same way in every thread of the
// grid; it is taken once for 8 values that lie in registers, and each of its cases is unrolled over them. A kernel for each function would
// save that one branch and cost thirty kernels more to compile, to list and to load; what one kernel costs is the registers of the
// greediest function for all of them, which is bounded by the occupancy asked for below.
//
// An output may be one of the inputs: every thread reads its own elements before it writes them, and nobody else's. So those pointers
// are not __restrict__.
#include "activation.cuh"
#include "alignment.cuh"
#include "division.cuh"

#define THREADS 256
#define EACH 8
#define RUN (THREADS * EACH)

// The functions' codes, as in Elementwise.java.
enum MapFunction {
    MAP_NEGATE, MAP_ABS, MAP_SIGN, MAP_RECIPROCAL, MAP_SQUARE, MAP_SQRT, MAP_EXP, MAP_LOG, MAP_SIN, MAP_COS, MAP_TANH, MAP_SIGMOID, MAP_SOFTPLUS,
    MAP_RELU, MAP_AFFINE, MAP_LEAKY, MAP_CLAMP, MAP_EXCEEDS
};
enum ZipFunction {
    ZIP_ADD, ZIP_SUBTRACT, ZIP_MULTIPLY, ZIP_DIVIDE, ZIP_MAXIMUM, ZIP_MINIMUM, ZIP_RELU_GRADIENT, ZIP_TANH_GRADIENT, ZIP_SIGMOID_GRADIENT,
    ZIP_LEAKY_GRADIENT
};
enum SelectComparison { SELECT_GREATER, SELECT_GREATER_EQUAL, SELECT_EQUAL };

// Where in the block's run the thread's k-th value lies: in quads (float4), or one by one.
__device__ __forceinline__ int place(int k, bool quads) {
    return quads ? 4 * (threadIdx.x + k / 4 * THREADS) + k % 4 : threadIdx.x + k * THREADS;
}

// v = the thread's 8 elements of the run x[0 … rest-1]; past the end, 0.
__device__ __forceinline__ void load(const float* x, int rest, bool quads, float (&v)[EACH]) {
    if (quads) {
        const float4 a = reinterpret_cast<const float4*>(x)[threadIdx.x], b = reinterpret_cast<const float4*>(x)[threadIdx.x + THREADS];
        v[0] = a.x, v[1] = a.y, v[2] = a.z, v[3] = a.w, v[4] = b.x, v[5] = b.y, v[6] = b.z, v[7] = b.w;
    } else {
#pragma unroll
        for (int k = 0; k < EACH; k++) {
            const int at = threadIdx.x + k * THREADS;
            v[k] = at < rest ? x[at] : 0.0f;
        }
    }
}

__device__ __forceinline__ void store(float* y, int rest, bool quads, const float (&v)[EACH]) {
    if (quads) {
        reinterpret_cast<float4*>(y)[threadIdx.x] = make_float4(v[0], v[1], v[2], v[3]);
        reinterpret_cast<float4*>(y)[threadIdx.x + THREADS] = make_float4(v[4], v[5], v[6], v[7]);
    } else {
#pragma unroll
        for (int k = 0; k < EACH; k++) {
            const int at = threadIdx.x + k * THREADS;
            if (at < rest) y[at] = v[k];
        }
    }
}

// y[i] = value
extern "C" __global__ void __launch_bounds__(THREADS) fill(int n, float value, float* __restrict__ y) {
    const int start = blockIdx.x * RUN, rest = n - start;
    const float v[EACH] = {value, value, value, value, value, value, value, value};
    store(y + start, rest, rest >= RUN && aligned(y), v);
}

// y[i] = vᵢ for up to 32 numbers that come with the launch: what the host writes in small pieces needs no copy then, and a recording can repeat it.
extern "C" __global__ void __launch_bounds__(32)
write_few(int n, float* __restrict__ y, float v0, float v1, float v2, float v3, float v4, float v5, float v6, float v7, float v8, float v9, float v10,
          float v11, float v12, float v13, float v14, float v15, float v16, float v17, float v18, float v19, float v20, float v21, float v22, float
          v23, float v24, float v25, float v26, float v27, float v28, float v29, float v30, float v31) {
    const float v[32] = {v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, v16, v17, v18, v19, v20, v21, v22, v23, v24, v25, v26,
                         v27, v28, v29, v30, v31};
    float mine = 0;
#pragma unroll
    for (int i = 0; i < 32; i++)
        if (threadIdx.x == i) mine = v[i];
    if (threadIdx.x < n) y[threadIdx.x] = mine;
}

// ---- map

template <class F> __device__ __forceinline__ void each(float (&v)[EACH], F f) {
#pragma unroll
    for (int k = 0; k < EACH; k++) v[k] = f(v[k]);
}

// The same for a function of hundreds of instructions, of which few are ever taken (the exact reduction of great angles): one copy of its
// code, through which the registers move round.
template <class F> __device__ __forceinline__ void each_in_turn(float (&v)[EACH], F f) {
#pragma unroll 1
    for (int turn = 0; turn < EACH; turn++) {
        const float next = f(v[0]);
#pragma unroll
        for (int k = 1; k < EACH; k++) v[k - 1] = v[k];
        v[EACH - 1] = next;
    }
}

// log(1 + e^x) without overflow.
__device__ __forceinline__ float softplus(float x) {
    return relu(x) + log1pf(expf(-fabsf(x)));
}

// y[i] = f(x[i]). The constants: scale and shift; slope; low and high; limit.
extern "C" __global__ void __launch_bounds__(THREADS, 4) map(int f, float c, float d, int n, const float* x, float* y) {
    const int start = blockIdx.x * RUN, rest = n - start;
    const bool quads = rest >= RUN && aligned(x) && aligned(y);
    float v[EACH];
    load(x + start, rest, quads, v);
    switch (f) {
        case MAP_NEGATE: each(v, [](float x) { return -x; }); break;
        case MAP_ABS: each(v, [](float x) { return fabsf(x); }); break;
        case MAP_SIGN: each(v, [](float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; }); break;
        case MAP_RECIPROCAL: each(v, [](float x) { return 1.0f / x; }); break;
        case MAP_SQUARE: each(v, [](float x) { return x * x; }); break;
        case MAP_SQRT: each(v, [](float x) { return sqrtf(x); }); break;
        case MAP_EXP: each(v, [](float x) { return expf(x); }); break;
        case MAP_LOG: each(v, [](float x) { return logf(x); }); break;
        case MAP_SIN: each_in_turn(v, [](float x) { return sinf(x); }); break;
        case MAP_COS: each_in_turn(v, [](float x) { return cosf(x); }); break;
        case MAP_TANH: each(v, [](float x) { return tanhf(x); }); break;
        case MAP_SIGMOID: each(v, [](float x) { return sigmoid(x); }); break;
        case MAP_SOFTPLUS: each(v, [](float x) { return softplus(x); }); break;
        case MAP_RELU: each(v, [](float x) { return relu(x); }); break;
        case MAP_AFFINE: each(v, [c, d](float x) { return fmaf(c, x, d); }); break;
        case MAP_LEAKY: each(v, [c](float x) { return x > 0 ? x : c * x; }); break;
        // NaN fails both comparisons and stays.
        case MAP_CLAMP: each(v, [c, d](float x) { x = x < c ? c : x; return x > d ? d : x; }); break;
        case MAP_EXCEEDS: each(v, [c](float x) { return fabsf(x) <= c ? 0.0f : 1.0f; }); break;
    }
    store(y + start, rest, quads, v);
}

// ---- zip

template <class F> __device__ __forceinline__ void each(float (&a)[EACH], const float (&b)[EACH], F f) {
#pragma unroll
    for (int k = 0; k < EACH; k++) a[k] = f(a[k], b[k]);
}

// a = f(a, b). Maximum and minimum are NaN if either argument is, as Math.max is and fmaxf is not.
__device__ __forceinline__ void combine(int f, float slope, float (&a)[EACH], const float (&b)[EACH]) {
    switch (f) {
        case ZIP_ADD: each(a, b, [](float a, float b) { return a + b; }); break;
        case ZIP_SUBTRACT: each(a, b, [](float a, float b) { return a - b; }); break;
        case ZIP_MULTIPLY: each(a, b, [](float a, float b) { return a * b; }); break;
        case ZIP_DIVIDE: each(a, b, [](float a, float b) { return a / b; }); break;
        case ZIP_MAXIMUM: each(a, b, [](float a, float b) { return a > b || a != a ? a : b; }); break;
        case ZIP_MINIMUM: each(a, b, [](float a, float b) { return a < b || a != a ? a : b; }); break;
        case ZIP_RELU_GRADIENT: each(a, b, [](float a, float b) { return activation_gradient(a, b, ACTIVATION_RELU, 0); }); break;
        case ZIP_TANH_GRADIENT: each(a, b, [](float a, float b) { return activation_gradient(a, b, ACTIVATION_TANH, 0); }); break;
        case ZIP_SIGMOID_GRADIENT: each(a, b, [](float a, float b) { return activation_gradient(a, b, ACTIVATION_SIGMOID, 0); }); break;
        case ZIP_LEAKY_GRADIENT:
            each(a, b, [slope](float a, float b) { return activation_gradient(a, b, ACTIVATION_LEAKY, slope); });
            break;
    }
}

// y[i] = f(a[i], b[i])
extern "C" __global__ void __launch_bounds__(THREADS, 4) zip(int f, float slope, int n, const float* a, const float* b, float* y) {
    const int start = blockIdx.x * RUN, rest = n - start;
    const bool quads = rest >= RUN && aligned(a) && aligned(b) && aligned(y);
    float v[EACH], w[EACH];
    load(a + start, rest, quads, v);
    load(b + start, rest, quads, w);
    combine(f, slope, v, w);
    store(y + start, rest, quads, v);
}

// How an operand is spread over the result: element (i / every) mod length for result i. The kinds, as in Spread.java, are what can be
// told about a thread's quads of results i … i+3 (i a multiple of 4), so that most broadcasts cost one division by multiplication for four
// elements, and a bias is read as float4:
//   EQUAL  every = 1 and the result's length: element i
//   ONE    a single element
//   ROW    every = 1, aligned, and a length that 4 divides: four neighbours
//   HELD   4 divides every: one element for all four
//   ANY    neither: a division for each
enum SpreadKind { SPREAD_EQUAL, SPREAD_ONE, SPREAD_ROW, SPREAD_HELD, SPREAD_ANY };

struct Spread {
    int kind;
    unsigned every_magic;
    int every_shift, length;
    unsigned length_magic;
    int length_shift;

    __device__ __forceinline__ int index(int i) const {
        const int held = divide(i, every_magic, every_shift);
        return held - divide(held, length_magic, length_shift) * length;
    }
};

__device__ __forceinline__ void load_spread(const float* x, const Spread& s, int start, int rest, bool quads, float (&v)[EACH]) {
    if (s.kind == SPREAD_EQUAL) {
        load(x + start, rest, quads, v);
    } else if (s.kind == SPREAD_ONE) {
        const float one = x[0];
#pragma unroll
        for (int k = 0; k < EACH; k++) v[k] = one;
    } else if (quads && s.kind == SPREAD_ROW) {
#pragma unroll
        for (int k = 0; k < EACH; k += 4) {
            const float4 a = *reinterpret_cast<const float4*>(x + s.index(start + place(k, true)));
            v[k] = a.x, v[k + 1] = a.y, v[k + 2] = a.z, v[k + 3] = a.w;
        }
    } else if (quads && s.kind == SPREAD_HELD) {
#pragma unroll
        for (int k = 0; k < EACH; k += 4) v[k] = v[k + 1] = v[k + 2] = v[k + 3] = x[s.index(start + place(k, true))];
    } else {
#pragma unroll
        for (int k = 0; k < EACH; k++) {
            const int at = place(k, quads);
            v[k] = at < rest ? x[s.index(start + at)] : 0.0f;
        }
    }
}

// y[i] = f(a[(i / everyA) mod |a|], b[(i / everyB) mod |b|]): zip with an operand that is not as long as the result. It reads little more
// than the longer operand (the short one stays in the caches), so it is bound by 8 bytes an element.
extern "C" __global__ void __launch_bounds__(THREADS, 4)
zip_spread(int f, float slope, int n, const float* a, int kind_a, unsigned every_magic_a, int every_shift_a, int length_a, unsigned length_magic_a,
           int length_shift_a, const float* b, int kind_b, unsigned every_magic_b, int every_shift_b, int length_b, unsigned length_magic_b,
           int length_shift_b, float* y) {
    const Spread spread_a = {kind_a, every_magic_a, every_shift_a, length_a, length_magic_a, length_shift_a};
    const Spread spread_b = {kind_b, every_magic_b, every_shift_b, length_b, length_magic_b, length_shift_b};
    const int start = blockIdx.x * RUN, rest = n - start;
    const bool quads = rest >= RUN && aligned(y) && (kind_a != SPREAD_EQUAL || aligned(a)) && (kind_b != SPREAD_EQUAL || aligned(b));
    float v[EACH], w[EACH];
    load_spread(a, spread_a, start, rest, quads, v);
    load_spread(b, spread_b, start, rest, quads, w);
    combine(f, slope, v, w);
    store(y + start, rest, quads, v);
}

// ---- select

// An operand as long as the result, or of a single element.
__device__ __forceinline__ void load_or_one(const float* x, bool one, int start, int rest, bool quads, float (&v)[EACH]) {
    if (one) {
        const float all = x[0];
#pragma unroll
        for (int k = 0; k < EACH; k++) v[k] = all;
    } else {
        load(x + start, rest, quads, v);
    }
}

// y[i] = (l[i] c r[i]) ? a[i] : b[i]; an operand that is one element is that element for every i.
extern "C" __global__ void __launch_bounds__(THREADS, 4)
select_elements(int c, int n, const float* l, int one_l, const float* r, int one_r, const float* a, int one_a, const float* b, int one_b, float* y) {
    const int start = blockIdx.x * RUN, rest = n - start;
    const bool quads = rest >= RUN && aligned(y) && (one_l || aligned(l)) && (one_r || aligned(r)) && (one_a || aligned(a)) && (one_b || aligned(b));
    float left[EACH], right[EACH], yes[EACH], no[EACH];
    load_or_one(l, one_l, start, rest, quads, left);
    load_or_one(r, one_r, start, rest, quads, right);
    load_or_one(a, one_a, start, rest, quads, yes);
    load_or_one(b, one_b, start, rest, quads, no);
#pragma unroll
    for (int k = 0; k < EACH; k++) {
        const bool holds = c == SELECT_GREATER ? left[k] > right[k] : c == SELECT_GREATER_EQUAL ? left[k] >= right[k] : left[k] == right[k];
        yes[k] = holds ? yes[k] : no[k];
    }
    store(y + start, rest, quads, yes);
}
