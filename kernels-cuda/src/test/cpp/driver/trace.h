// The file that trace.cpp writes and replay.cpp reads: records, one after another, of numbers as the machine has them.
#pragma once
#include <cstdint>
#include <sys/mman.h>

namespace trace {

// Device memory lies here in both processes, so that addresses mean the same; in neither is anything else so low, and the sanitizers allow it.
constexpr uintptr_t MEMORY = 0x6000000000;
constexpr size_t MOST = size_t(16) << 30;

struct Write {  // followed by the bytes
    uint64_t at, bytes;
};
struct Launch {  // followed by the name's letters and 8 bytes for each argument
    uint32_t letters, arguments, grid[3], block[3];
};

// Whether the memory is there.
inline bool reserve() {
    void* wanted = reinterpret_cast<void*>(MEMORY);
    return mmap(wanted, MOST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0) == wanted;
}

}  // namespace trace
