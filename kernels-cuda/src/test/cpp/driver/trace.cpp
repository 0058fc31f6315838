// Writes down what is done to device memory, so that another process can repeat it: ThreadSanitizer can't watch a Java machine, but replay.cpp, which
// has no other threads than the kernels', it can. GANNET_FAKE_TRACE names the file. Memory is never given out twice then.
#include "trace.h"
#include "driver.h"
#include <cstdlib>

namespace driver {

namespace {

FILE* open() {
    const char* path = getenv("GANNET_FAKE_TRACE");
    if (!path) return nullptr;
    FILE* file = fopen(path, "wb");
    if (file && trace::reserve()) return file;
    note(UNKNOWN, "no trace in %s: it can't be written, or the place for device memory is taken", path);
    abort();
}

FILE* file() {
    static FILE* const opened = open();
    return opened;
}

void put(const void* from, size_t bytes) {
    if (fwrite(from, 1, bytes, file()) != bytes) abort();
}

}  // namespace

bool tracing() {
    return file() != nullptr;
}

void* traceAllocate(size_t bytes) {
    constexpr uintptr_t ALIGNMENT = 256;
    static uintptr_t next = trace::MEMORY;
    const uintptr_t at = next;
    next += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return next <= trace::MEMORY + trace::MOST ? reinterpret_cast<void*>(at) : nullptr;
}

void traceWrite(const void* at, size_t bytes) {
    const uintptr_t place = reinterpret_cast<uintptr_t>(at);
    if (!tracing() || place - trace::MEMORY >= trace::MOST) return;
    const trace::Write write = {place, bytes};
    put("W", 1);
    put(&write, sizeof write);
    put(at, bytes);
    fflush(file());
}

void traceLaunch(const Function& function, dim3 grid, dim3 block, void** arguments) {
    if (!tracing()) return;
    const trace::Launch launch = {uint32_t(function.name.size()), uint32_t(function.kernel->count), {grid.x, grid.y, grid.z}, {block.x, block.y, block.z}};
    put("L", 1);
    put(&launch, sizeof launch);
    put(function.name.data(), function.name.size());
    for (int i = 0; i < function.kernel->count; i++) put(arguments[i], 8);
    fflush(file());
}

}  // namespace driver
