// Division of indices by a number that is known at the launch: a multiplication and a shift (Granlund & Montgomery 1994, "Division by
// invariant integers using multiplication") in place of the some twenty instructions that a GPU without a divider spends. Division.java
// makes `magic` and `shift`: with s = ceil(log2 d), magic = ceil(2^(31+s) / d) and floor(i / d) = floor(i * magic / 2^(31+s)) for every i
// below 2^31. Taking 2i for i leaves the high word of one product, for d = 1 too.
#pragma once

__device__ __forceinline__ int divide(int i, unsigned magic, int shift) {
    return (int) (__umulhi((unsigned) i << 1, magic) >> shift);
}
