// Losses from logits, one number out of a batch of them. A discriminator's outputs are few (one a sample, or some thousand for patches), so one block does it all: what counts is that it is
// one launch instead of four. Sums as in reduction.cu: 8 values a thread in a tree, then threads and warps in trees.
#include "activation.cuh"
#include "block_sum.cuh"

#define THREADS 256

// y[0] = mean of log(1 + e^(sign x)), without overflow
extern "C" __global__ void __launch_bounds__(THREADS) logistic_loss(int n, float sign, float scale, const float* __restrict__ x, float* __restrict__ y) {
    __shared__ Totals<float, THREADS / 32> totals;
    float all = 0;
    for (long long i = threadIdx.x; i < n; i += BATCH * THREADS) {
        float v[BATCH];
#pragma unroll
        for (int k = 0; k < BATCH; k++) {
            long long at = i + k * THREADS;
            float s = at < n ? sign * x[at] : 0.0f;
            v[k] = at < n ? relu(s) + log1pf(expf(-fabsf(s))) : 0.0f;
        }
        all += join_batch<Sum>(v);
    }
    all = column_total<Sum>(all, 1, totals);
    if (threadIdx.x == 0) y[0] = scale * all;
}
