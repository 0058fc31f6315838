// Indices are floats; one that names no row of the table is an error, which the host throws when it next reads (Cuda.java).
#pragma once

// The row that an index names; -1 if none.
__device__ __forceinline__ int row_of(float index, int rows) {
    if (!(index >= 0.0f && index < 0x1p31f)) return -1;
    const int row = (int) index;
    return row == index && row < rows ? row : -1;
}

// Notes the wrong index i unless another of this call is wrong before it, or an earlier call left a note: so it is one thread of a call that
// writes, and always the same. Wrong indices are rare, a slow look at all before is not.
static __device__ __noinline__ void note_wrong(int i, const float* indices, int rows, int* fault) {
    for (int before = 0; before < i; before++)
        if (row_of(indices[before], rows) < 0) return;
    if (fault[0] != 0) return;
    fault[1] = i;
    fault[2] = rows;
    fault[3] = __float_as_int(indices[i]);
    fault[0] = 1;
}
