// The activations that a kernel applies to its result before the one write to memory, and their gradients. The codes are those of
// ActivationCode.java. A kernel takes (code, slope) as launch arguments, so the switch is uniform over the grid: one predicted branch a
// value beside a product of hundreds of multiplications, and one kernel instead of five.
//
// Every branch follows Unary.of and Binary.of where the argument is not a number: the result of each is NaN then, that of the
// relu gradient apart, which asks only whether the result was above 0.
#pragma once

#define ACTIVATION_NONE 0
#define ACTIVATION_RELU 1
#define ACTIVATION_LEAKY 2
#define ACTIVATION_TANH 3
#define ACTIVATION_SIGMOID 4

// max(v, 0); NaN stays NaN, as fmaxf would not have it.
__device__ __forceinline__ float relu(float v) {
    return v <= 0 ? 0.0f : v;
}

// 1 / (1 + e^-v). Where e^-v overflows the quotient is 0, as it should be.
__device__ __forceinline__ float sigmoid(float v) {
    return 1.0f / (1.0f + expf(-v));
}

// act(v)
__device__ __forceinline__ float activate(float v, int act, float slope) {
    switch (act) {
        case ACTIVATION_RELU: return relu(v);
        case ACTIVATION_LEAKY: return v > 0 ? v : slope * v;
        case ACTIVATION_TANH: return tanhf(v);
        case ACTIVATION_SIGMOID: return sigmoid(v);
        default: return v;
    }
}

// The gradient of act's argument, from that of its result (dy) and the result itself (y).
__device__ __forceinline__ float activation_gradient(float dy, float y, int act, float slope) {
    switch (act) {
        case ACTIVATION_RELU: return y > 0 ? dy : 0.0f;
        case ACTIVATION_LEAKY: return y > 0 ? dy : slope * dy;
        case ACTIVATION_TANH: return dy * fmaf(-y, y, 1.0f);
        case ACTIVATION_SIGMOID: return dy * (y * (1.0f - y));
        default: return dy;
    }
}
