// What a compiled .cu file and the emulator's runtime owe one another. A kernel, compiled by g++ as an ordinary function, runs once for each thread
// of its grid; what CUDA gives it by other means (its indices, barriers, memory shared by a block, exchanges within a warp) it asks for here.
//
//   fibers.cpp    a stack for each CUDA thread that has to wait, and the switch from one to another
//   block.cpp     the scheduler: runs the threads of one block, lets them meet at barriers, finds those that never will
//   launch.cpp    the kernels by name, and a grid's blocks over the machine's cores
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <type_traits>
#include <utility>

struct uint3 {
    unsigned x, y, z;
};

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

namespace emulator {

constexpr unsigned WARP = 32, MOST_THREADS = 1024, MOST_SHARED = 48 << 10;

// 32 threads that exchange values. Slots are doubled: a lane that is a round ahead must not overwrite what a slower one still has to read.
struct Warp {
    static constexpr size_t WIDEST = 32;
    alignas(16) unsigned char slot[2][WARP][WIDEST];
    unsigned round, arrived;
    const char* site;
    char meeting[2];
};

struct Thread {
    uint3 index;
    unsigned lane;
    Warp* warp;
    struct Stack* stack;
};

// Where the running thread stands. Kernels never migrate between host threads, so its address may be kept over a wait.
struct Place {
    Thread* thread;
    uint3 block, blockSize, gridSize;
};
extern __thread Place place __attribute__((tls_model("initial-exec")));  // __thread: read without asking first whether it is initialised

// Barriers: `site` is the place in the source, since threads that wait at different ones do not meet. `orders`: whether what lanes wrote before is
// there for the others afterwards. __syncwarp promises that; shuffles, votes and mma.sync do not.
void waitForBlock(const char* site);
void waitForWarp(unsigned mask, const char* site, bool orders);
void fail(const char* why, const char* site);  // does not return, but AddressSanitizer would take that for the end of the stack

// An array that a block shares: the build turns `__shared__ float a[4];` into a local struct and a reference to its one copy in the block.
unsigned reserveShared(size_t bytes);
void* sharedMemory(unsigned site);
template <class T> struct SharedSite {
    static const unsigned site;
};
template <class T> const unsigned SharedSite<T>::site = reserveShared(sizeof(T));
template <class T> T& shared() {
    return *static_cast<T*>(sharedMemory(SharedSite<T>::site));
}

// ThreadSanitizer must not watch the exchange itself, which nothing orders in its eyes.
#if defined(EMULATOR_TSAN)
#define EMULATOR_UNWATCHED __attribute__((no_sanitize("thread"), noinline))
#else
#define EMULATOR_UNWATCHED
#endif
template <size_t N> EMULATOR_UNWATCHED void move(void* to, const void* from) {
    __builtin_memcpy(to, from, N);
}

// Every lane shows a value and then looks at the others' with `look(values)`.
template <class T, class Look> auto exchange(unsigned mask, const T& value, const char* site, Look look) {
    static_assert(sizeof(T) <= Warp::WIDEST && std::is_trivially_copyable_v<T>, "a warp exchanges at most 32 bytes a lane");
    Thread* me = place.thread;
    auto* slots = me->warp->slot[me->warp->round & 1];
    move<sizeof value>(slots[me->lane], &value);
    waitForWarp(mask, site, false);
    return look([slots](unsigned lane) {
        T shown;
        move<sizeof shown>(&shown, slots[lane]);
        return shown;
    });
}

// A kernel as the driver sees it: its parameters' sizes, which of them are pointers, and a call that takes them from a table of addresses.
struct Parameter {
    int size;
    bool pointer;
};
struct Kernel {
    const char* name;
    int count;
    const Parameter* parameters;
    void (*call)(void** arguments);
};

template <auto K> struct Compiled;
template <class... A, void (*K)(A...)> struct Compiled<K> {
    static inline const Parameter parameters[sizeof...(A) + 1] = {{int(sizeof(A)), std::is_pointer_v<A>}..., {0, false}};
    template <size_t... I> static void spread([[maybe_unused]] void** arguments, std::index_sequence<I...>) {
        K(*static_cast<std::remove_const_t<A>*>(arguments[I])...);
    }
    static void call(void** arguments) {
        spread(arguments, std::index_sequence_for<A...>{});
    }
    explicit Compiled(const char* name) {
        void add(const Kernel&);
        add({name, int(sizeof...(A)), parameters, &call});
    }
};

const Kernel* find(const std::string& name);
std::set<std::string> names();

// Runs a grid to its end; what went wrong, or nothing. `workers`: the most host threads to use, 0 for a choice by the machine. `sample`: of a grid with
// more blocks than that only so many, spread evenly; 0 for all.
std::string launch(const Kernel& kernel, dim3 grid, dim3 block, void** arguments, unsigned workers = 0, unsigned sample = 0);

}  // namespace emulator
