// One step of an optimiser over all weights at one reading, in place, unless flag[0] is set. All weights of a network are one storage, so
// there is one launch a network and a step.
//
// Bytes an element: Adam 28 (reads g, w, m, v; writes w, m, v), momentum and RMSProp 20; some 10 flops, a root and a division: bound by
// memory. A thread takes four neighbouring weights through float4 (four times the bytes under way of a plain loop, a quarter of the
// instructions) if all the arrays are aligned for it, else, and for the last n mod 4, one.
//
// Learning rate, corrections and flag change from step to step while a recorded launch is repeated with the arguments it had, so they are
// read here, from one-element storages. Which is why a refused step is still launched: its threads read the flag and leave.
#include "alignment.cuh"

#define THREADS 256

// m = β₁m + (1 − β₁)g, v = β₂v + (1 − β₂)g², w = w − α·m̂ / (√v̂ + ε)
struct Adam {
    float keep1, take1, keep2, take2, epsilon, rate, correction1, correction2;

    __device__ __forceinline__ void operator()(float g, float& w, float (&slot)[2]) const {
        slot[0] = keep1 * slot[0] + take1 * g;
        slot[1] = keep2 * slot[1] + take2 * (g * g);
        w -= rate * (slot[0] * correction1) / (sqrtf(slot[1] * correction2) + epsilon);
    }
};

// b = momentum·b + g, w = w − α·b
struct Momentum {
    float momentum, rate;

    __device__ __forceinline__ void operator()(float g, float& w, float (&slot)[1]) const {
        slot[0] = momentum * slot[0] + g;
        w -= rate * slot[0];
    }
};

// v = decay·v + (1 − decay)g², w = w − α·g / (√v + ε)
struct RmsProp {
    float keep, take, epsilon, rate;

    __device__ __forceinline__ void operator()(float g, float& w, float (&slot)[1]) const {
        slot[0] = keep * slot[0] + take * (g * g);
        w -= rate * (g / (sqrtf(slot[0]) + epsilon));
    }
};

// Weight i.
template <class Rule, int SLOTS>
__device__ __forceinline__ void one(const Rule& rule, size_t i, const float* g, float* w, float* const (&slots)[SLOTS]) {
    float slot[SLOTS], weight = w[i];
#pragma unroll
    for (int s = 0; s < SLOTS; s++) slot[s] = slots[s][i];
    rule(g[i], weight, slot);
    w[i] = weight;
#pragma unroll
    for (int s = 0; s < SLOTS; s++) slots[s][i] = slot[s];
}

// Weights 4i … 4i + 3 of aligned arrays.
template <class Rule, int SLOTS>
__device__ __forceinline__ void four(const Rule& rule, size_t i, const float* g, float* w, float* const (&slots)[SLOTS]) {
    float4 gradient = reinterpret_cast<const float4*>(g)[i], weight = reinterpret_cast<float4*>(w)[i], wide[SLOTS];
    float gs[4] = {gradient.x, gradient.y, gradient.z, gradient.w}, ws[4] = {weight.x, weight.y, weight.z, weight.w}, slot[4][SLOTS];
#pragma unroll
    for (int s = 0; s < SLOTS; s++) {
        wide[s] = reinterpret_cast<float4*>(slots[s])[i];
        slot[0][s] = wide[s].x, slot[1][s] = wide[s].y, slot[2][s] = wide[s].z, slot[3][s] = wide[s].w;
    }
#pragma unroll
    for (int k = 0; k < 4; k++) rule(gs[k], ws[k], slot[k]);
    reinterpret_cast<float4*>(w)[i] = make_float4(ws[0], ws[1], ws[2], ws[3]);
#pragma unroll
    for (int s = 0; s < SLOTS; s++) reinterpret_cast<float4*>(slots[s])[i] = make_float4(slot[0][s], slot[1][s], slot[2][s], slot[3][s]);
}

// Thread i of ⌈n / 4⌉: weights 4i … 4i + 3, together if they can be, else those that are i more than a multiple of the threads.
template <class Rule, int SLOTS>
__device__ __forceinline__ void step(const Rule& rule, int n, const float* g, float* w, float* const (&slots)[SLOTS]) {
    size_t i = (size_t) blockIdx.x * THREADS + threadIdx.x, fours = n / 4, threads = ((size_t) n + 3) / 4;
    bool wide = aligned(g) && aligned(w);
#pragma unroll
    for (int s = 0; s < SLOTS; s++) wide = wide && aligned(slots[s]);
    if (wide && i < fours) four(rule, i, g, w, slots);
    else if (wide && i < threads)
        for (size_t rest = 4 * fours; rest < n; rest++) one(rule, rest, g, w, slots);
    else if (i < threads)
        for (size_t at = i; at < n; at += threads) one(rule, at, g, w, slots);
}

extern "C" __global__ void __launch_bounds__(THREADS)
adam_step(int n, float keep1, float take1, float keep2, float take2, float epsilon, const float* __restrict__ rate,
          const float* __restrict__ correction1, const float* __restrict__ correction2, const float* __restrict__ flag,
          const float* __restrict__ g, float* __restrict__ w, float* __restrict__ m, float* __restrict__ v) {
    if (flag[0] > 0) return;
    Adam rule = {keep1, take1, keep2, take2, epsilon, rate[0], correction1[0], correction2[0]};
    float* const slots[2] = {m, v};
    step(rule, n, g, w, slots);
}

extern "C" __global__ void __launch_bounds__(THREADS)
momentum_step(int n, float momentum, const float* __restrict__ rate, const float* __restrict__ flag, const float* __restrict__ g,
              float* __restrict__ w, float* __restrict__ buffer) {
    if (flag[0] > 0) return;
    Momentum rule = {momentum, rate[0]};
    float* const slots[1] = {buffer};
    step(rule, n, g, w, slots);
}

extern "C" __global__ void __launch_bounds__(THREADS)
rms_prop_step(int n, float keep, float take, float epsilon, const float* __restrict__ rate, const float* __restrict__ flag,
              const float* __restrict__ g, float* __restrict__ w, float* __restrict__ v) {
    if (flag[0] > 0) return;
    RmsProp rule = {keep, take, epsilon, rate[0]};
    float* const slots[1] = {v};
    step(rule, n, g, w, slots);
}

// Adam's corrections for its next step, thread i of 2 the one of βᵢ₊₁: next = β·q + (1 − β), correction = 1/next, and q = next unless flag[0] is set.
extern "C" __global__ void __launch_bounds__(32)
adam_corrections(float keep1, float take1, float keep2, float take2, const float* __restrict__ flag, float* __restrict__ q1, float* __restrict__ q2,
                 float* __restrict__ correction1, float* __restrict__ correction2) {
    if (threadIdx.x > 1) return;
    bool first = threadIdx.x == 0;
    float* q = first ? q1 : q2;
    float next = (first ? keep1 : keep2) * *q + (first ? take1 : take2);
    *(first ? correction1 : correction2) = 1 / next;
    if (!(flag[0] > 0)) *q = next;
}

// average += weight (value - average), unless flag[0] is set: a running statistic, of as many elements as a layer has channels. At weight 1 it is the value, to the bit.
extern "C" __global__ void __launch_bounds__(THREADS)
move_towards(int n, float weight, const float* __restrict__ flag, const float* __restrict__ value, float* __restrict__ average) {
    int i = blockIdx.x * THREADS + threadIdx.x;
    if (i < n && !(flag[0] > 0)) average[i] = weight == 1 ? value[i] : average[i] + weight * (value[i] - average[i]);
}
