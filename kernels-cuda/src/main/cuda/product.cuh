// A matrix product as an instance of the tiled one, for every kind of tile; the kernels are in product.cu, product_tf32.cu and product_tf32x3.cu.
#pragma once
#include "tile.cuh"

#define PRODUCT int m, int k, int n, const float* __restrict__ a, const float* __restrict__ b, RESULT
#define STRIDED int m, int k, int n, const float* __restrict__ a, int rowsA, int depthsA, const float* __restrict__ b, int columnsB, int depthsB, RESULT

template <class Core, int V, bool CURVED, Along ALONG_A, Along ALONG_B>
__device__ __forceinline__ void product(int m, int k, int n, const float* a, int rowsA, int depthsA, const float* b, int columnsB, int depthsB,
                                        const Target& to, float4* shared) {
    Block block(Core::ROWS, Core::COLUMNS, m, n, k, to.chunk);
    Matrix<ALONG_A> left = {a, block.product * m * k, m, k, rowsA, depthsA};
    Matrix<ALONG_B> right = {b, block.product * k * n, n, k, columnsB, depthsB};
    Rows<V, CURVED> rows = {to.result, to.base() + block.product * m * n, m, n, to.finish<CURVED>()};
    tiled_product<Core, V, V>(left, right, rows, block.row, block.column, block.from, block.to, shared);
}
