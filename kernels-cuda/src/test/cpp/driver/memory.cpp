// Allocations, copies and fills. Fresh memory is NaN; behind its end lie canaries, looked at when it is freed, and after every kernel if so set.
// Under AddressSanitizer malloc itself fences each allocation, to the byte.
#include "driver.h"
#include <algorithm>
#include <cstdlib>

namespace driver {

namespace {

constexpr size_t ALIGNMENT = 256;
#if defined(EMULATOR_ASAN)
constexpr size_t CANARIES = 0;
#else
constexpr size_t CANARIES = 256;
#endif
constexpr unsigned char CANARY = 0xC3;

struct Allocation {
    size_t bytes;
    bool pinned;
};
std::map<Address, Allocation> allocations;
size_t used;

bool intact(Address at, const Allocation& one) {
    auto* end = reinterpret_cast<const unsigned char*>(at + one.bytes);
    return std::all_of(end, end + CANARIES, [](unsigned char each) { return each == CANARY; });
}

int allocate(Address* at, size_t bytes, bool pinned) {
    *at = 0;
    if (bytes == 0) return INVALID_VALUE;
    if (!pinned && used + bytes > size_t(setting("memory"))) return OUT_OF_MEMORY;
    void* memory = nullptr;
    if (tracing() && !pinned) memory = traceAllocate(bytes + CANARIES);
    else if (posix_memalign(&memory, ALIGNMENT, bytes + CANARIES) != 0) memory = nullptr;
    if (!memory) return OUT_OF_MEMORY;
    memset(memory, 0xff, bytes);
    memset(static_cast<char*>(memory) + bytes, CANARY, CANARIES);
    *at = reinterpret_cast<Address>(memory);
    allocations[*at] = {bytes, pinned};
    if (!pinned) used += bytes;
    return SUCCESS;
}

int release(Address at, bool pinned) {
    auto found = allocations.find(at);
    if (found == allocations.end() || found->second.pinned != pinned)
        return note(INVALID_VALUE, "free of %llx, which is no live %s", at, pinned ? "pinned memory" : "device memory");
    const Allocation one = found->second;
    const bool whole = intact(at, one);
    allocations.erase(found);
    if (!pinned) used -= one.bytes;
    if (!tracing() || pinned) free(reinterpret_cast<void*>(at));
    return whole ? SUCCESS : broken(Result(note(ILLEGAL_ADDRESS, "something wrote past the end of an allocation of %zu bytes", one.bytes)));
}

std::map<Address, Allocation>::iterator around(Address at) {
    auto next = allocations.upper_bound(at);
    return next == allocations.begin() ? allocations.end() : std::prev(next);
}

bool isPinned(const void* host, size_t bytes) {
    auto found = around(Address(host));
    return found != allocations.end() && found->second.pinned && Address(host) + bytes <= found->first + found->second.bytes;
}

int checkRange(Address at, size_t bytes, const char* call) {
    return live(at, bytes) ? SUCCESS : note(INVALID_VALUE, "%s: %llx and %zu bytes from there lie in no live allocation", call, at, bytes);
}

void* pointer(Address at) {
    return reinterpret_cast<void*>(at);
}

// A copy that has happened when the call returns.
int copyNow(void* to, const void* from, size_t bytes, const char* call) {
    if (int wrong = checkCapture(call)) return wrong;
    if (int wrong = finishAll()) return wrong;
    memcpy(to, from, bytes);
    traceWrite(to, bytes);
    return SUCCESS;
}

// A copy on a stream. Memory of the host that isn't pinned is read or written within the call, as a card's driver does by way of a buffer of its own.
int copyOn(void* handle, void* to, const void* from, size_t bytes, const void* host, const char* call) {
    Stream* on = stream(handle);
    if (!on) return INVALID_HANDLE;
    auto copy = [=]() -> int {
        memmove(to, from, bytes);
        traceWrite(to, bytes);
        return SUCCESS;
    };
    if (!host || isPinned(host, bytes)) return give(on, copy);
    if (on->capture) {
        on->capture->invalid = true;
        return note(STREAM_CAPTURE_UNSUPPORTED, "%s: captured with memory of the host that isn't pinned", call);
    }
    if (int wrong = give(on, copy)) return wrong;
    return finish(on);
}

template <class T> int fill(void* handle, Address at, T value, size_t count, const char* call) {
    if (at % sizeof(T) != 0) return note(INVALID_VALUE, "%s: %llx is not aligned to %zu bytes", call, at, sizeof(T));
    if (int wrong = checkRange(at, count * sizeof(T), call)) return wrong;
    Stream* on = stream(handle);
    if (!on) return INVALID_HANDLE;
    return give(on, [=]() -> int {
        std::fill_n(reinterpret_cast<T*>(at), count, value);
        traceWrite(pointer(at), count * sizeof(T));
        return SUCCESS;
    });
}

}  // namespace

bool live(Address at, size_t bytes) {
    auto found = around(at);
    return bytes == 0 || (found != allocations.end() && at + bytes <= found->first + found->second.bytes);
}

int checkCanaries(const char* after) {
    for (auto& [at, one] : allocations)
        if (!intact(at, one)) return note(ILLEGAL_ADDRESS, "%s wrote past the end of an allocation of %zu bytes", after, one.bytes);
    return SUCCESS;
}

void freeAll() {
    for (auto& [at, one] : allocations)
        if (!tracing() || one.pinned) free(pointer(at));
    allocations.clear();
    used = 0;
}

}  // namespace driver

using namespace driver;

// How many allocations of device memory are live.
DRIVER_API gannet_fake_live() {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    return int(std::count_if(allocations.begin(), allocations.end(), [](auto& each) { return !each.second.pinned; }));
}

DRIVER_API cuMemAlloc_v2(Address* at, size_t bytes) {
    NEEDS_CONTEXT;
    if (int wrong = checkCapture("cuMemAlloc")) return wrong;
    return allocate(at, bytes, false);
}

DRIVER_API cuMemFree_v2(Address at) {
    NEEDS_CONTEXT;
    if (int wrong = checkCapture("cuMemFree")) return wrong;
    if (int wrong = finishAll()) return wrong;
    return at == 0 ? SUCCESS : release(at, false);
}

DRIVER_API cuMemGetInfo_v2(size_t* unused, size_t* total) {
    NEEDS_CONTEXT;
    *total = size_t(setting("memory"));
    *unused = *total - std::min(*total, used);
    return SUCCESS;
}

DRIVER_API cuMemGetAddressRange_v2(Address* base, size_t* bytes, Address at) {
    NEEDS_CONTEXT;
    if (!live(at, 1)) return INVALID_VALUE;
    auto found = around(at);
    if (base) *base = found->first;
    if (bytes) *bytes = found->second.bytes;
    return SUCCESS;
}

DRIVER_API cuMemHostAlloc(void** at, size_t bytes, unsigned) {
    NEEDS_CONTEXT;
    if (int wrong = checkCapture("cuMemHostAlloc")) return wrong;
    Address fresh;
    int result = allocate(&fresh, bytes, true);
    *at = pointer(fresh);
    return result;
}

DRIVER_API cuMemAllocHost_v2(void** at, size_t bytes) {
    return cuMemHostAlloc(at, bytes, 0);
}

DRIVER_API cuMemFreeHost(void* at) {
    NEEDS_CONTEXT;
    if (int wrong = checkCapture("cuMemFreeHost")) return wrong;
    if (int wrong = finishAll()) return wrong;
    return release(Address(at), true);
}

DRIVER_API cuMemHostGetDevicePointer_v2(Address* at, void* host, unsigned flags) {
    NEEDS_CONTEXT;
    if (flags != 0 || !isPinned(host, 1)) return note(INVALID_VALUE, "cuMemHostGetDevicePointer: %p is not pinned memory", host);
    *at = Address(host);
    return SUCCESS;
}

DRIVER_API cuMemcpyHtoD_v2(Address to, const void* from, size_t bytes) {
    NEEDS_CONTEXT;
    if (int wrong = checkRange(to, bytes, "cuMemcpyHtoD")) return wrong;
    return copyNow(pointer(to), from, bytes, "cuMemcpyHtoD");
}

DRIVER_API cuMemcpyDtoH_v2(void* to, Address from, size_t bytes) {
    NEEDS_CONTEXT;
    if (int wrong = checkRange(from, bytes, "cuMemcpyDtoH")) return wrong;
    return copyNow(to, pointer(from), bytes, "cuMemcpyDtoH");
}

DRIVER_API cuMemcpyDtoD_v2(Address to, Address from, size_t bytes) {
    NEEDS_CONTEXT;
    if (int wrong = checkRange(to, bytes, "cuMemcpyDtoD")) return wrong;
    if (int wrong = checkRange(from, bytes, "cuMemcpyDtoD")) return wrong;
    return copyNow(pointer(to), pointer(from), bytes, "cuMemcpyDtoD");
}

DRIVER_API cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, void* on) {
    NEEDS_CONTEXT;
    if (int wrong = checkRange(to, bytes, "cuMemcpyHtoDAsync")) return wrong;
    return copyOn(on, pointer(to), from, bytes, from, "cuMemcpyHtoDAsync");
}

DRIVER_API cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, void* on) {
    NEEDS_CONTEXT;
    if (int wrong = checkRange(from, bytes, "cuMemcpyDtoHAsync")) return wrong;
    return copyOn(on, to, pointer(from), bytes, to, "cuMemcpyDtoHAsync");
}

DRIVER_API cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void* on) {
    NEEDS_CONTEXT;
    if (int wrong = checkRange(to, bytes, "cuMemcpyDtoDAsync")) return wrong;
    if (int wrong = checkRange(from, bytes, "cuMemcpyDtoDAsync")) return wrong;
    return copyOn(on, pointer(to), pointer(from), bytes, nullptr, "cuMemcpyDtoDAsync");
}

DRIVER_API cuMemsetD32Async(Address at, unsigned value, size_t count, void* on) {
    NEEDS_CONTEXT;
    return fill(on, at, value, count, "cuMemsetD32Async");
}

DRIVER_API cuMemsetD8Async(Address at, unsigned char value, size_t count, void* on) {
    NEEDS_CONTEXT;
    return fill(on, at, value, count, "cuMemsetD8Async");
}

DRIVER_API cuMemsetD32_v2(Address at, unsigned value, size_t count) {
    NEEDS_CONTEXT;
    return fill(nullptr, at, value, count, "cuMemsetD32");
}

DRIVER_API cuMemsetD8_v2(Address at, unsigned char value, size_t count) {
    NEEDS_CONTEXT;
    return fill(nullptr, at, value, count, "cuMemsetD8");
}
