// Whether four floats can be read or written at once, as a float4: its address must be a multiple of its size, and a slice of a storage may begin anywhere.
#pragma once

__device__ __forceinline__ bool aligned(const void* p) {
    return (reinterpret_cast<size_t>(p) & 15) == 0;
}
