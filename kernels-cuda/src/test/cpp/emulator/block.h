// One block of threads, run by one host thread: see block.cpp.
#pragma once
#include "emulator.h"
#include "fibers.h"
#include <string>
#include <vector>

namespace emulator {

struct Grid {
    const Kernel* kernel;
    void** arguments;
    dim3 blocks, threads;
    unsigned count() const {
        return threads.x * threads.y * threads.z;
    }
};

class Worker {
    const Grid* grid = nullptr;
    dim3 shape = {0, 0, 0};
    std::vector<Thread> threads;
    std::vector<Warp> warps;
    unsigned count = 0, started = 0, finished = 0, atBarrier = 0;
    const char* barrier = nullptr;
    unsigned barriers = 0;
    char meeting[2] = {}, begun = 0, ended = 0;

    std::vector<Thread*> ready;  // a ring
    unsigned first = 0, waiting = 0;

    Stack host;
    Stacks stacks{MOST_THREADS};
    std::string error;

    std::vector<unsigned char> memory;
    std::vector<uint64_t> stamps;
    uint64_t block = 0;
    size_t sharedBytes = 0;

    void become(Thread* thread);
    void push(Thread* thread);
    Thread* pop();
    void leave(Stack* mine, bool last);
    [[noreturn]] void stop(Stack* mine);
    std::string stuck() const;
    static void enter();
    void runThreads(Stack* mine);

public:
    void begin(const Grid& grid);
    // Whether all of it went well.
    bool run(uint3 index);
    const std::string& whatFailed() const {
        return error;
    }

    void waitForBlock(const char* site);
    void waitForWarp(unsigned mask, const char* site, bool orders);
    [[noreturn]] void fail(const std::string& why, const char* site);
    void* sharedMemory(unsigned site);

    static Worker& mine();
};

}  // namespace emulator
