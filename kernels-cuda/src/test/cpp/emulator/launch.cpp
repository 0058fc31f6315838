// A grid over the machine's cores. Blocks owe one another nothing, so any core may take the next; each runs as a whole on one host thread, and so the
// results do not depend on how many there are. The calling thread begins by itself, for most grids are over before another could have woken; only
// when some time has passed does it call for help.
#include "block.h"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace emulator {

// --- The kernels by name -------------------------------------------------------------------------------------------------------------------------

static std::map<std::string, Kernel>& kernels() {
    static std::map<std::string, Kernel> all;
    return all;
}

void add(const Kernel& kernel) {
    if (!kernels().emplace(kernel.name, kernel).second) {
        fprintf(stderr, "two kernels are named %s\n", kernel.name);
        abort();
    }
}

const Kernel* find(const std::string& name) {
    auto found = kernels().find(name);
    return found == kernels().end() ? nullptr : &found->second;
}

std::set<std::string> names() {
    std::set<std::string> all;
    for (auto& each : kernels()) all.insert(each.first);
    return all;
}

// --- The host threads ----------------------------------------------------------------------------------------------------------------------------

namespace {

// Blocks that run one after another on one host thread are in order, as far as ThreadSanitizer can tell; so that races between blocks are seen as
// well, two host threads have half of them each. Otherwise whoever is free takes the next.
#if defined(EMULATOR_TSAN)
constexpr unsigned SHARES = 2;
#else
constexpr unsigned SHARES = 1;
#endif

class Work {
    const Grid& grid;
    const uint64_t all, blocks;
    std::atomic<uint64_t> next[SHARES] = {};
    std::mutex mutex;
    std::string error;

public:
    Work(const Grid& grid, unsigned sample) : grid(grid), all(uint64_t(grid.blocks.x) * grid.blocks.y * grid.blocks.z),
                                              blocks(sample > 0 && all > sample ? sample : all) {}

    bool done() const {
        return next[0].load(std::memory_order_relaxed) >= blocks;
    }
    // Whether a block was there, and went well.
    bool runNext(Worker& worker, unsigned share) {
        uint64_t i = next[share].fetch_add(1, std::memory_order_relaxed) * SHARES + share;
        if (i >= blocks) return false;
        if (blocks < all) i = i * (all - 1) / std::max<uint64_t>(blocks - 1, 1);
        const unsigned x = grid.blocks.x, y = grid.blocks.y;
        if (worker.run({unsigned(i % x), unsigned(i / x % y), unsigned(i / (uint64_t(x) * y))})) return true;
        std::lock_guard lock(mutex);
        if (error.empty()) error = worker.whatFailed();
        for (auto& each : next) each = blocks;
        return false;
    }
    void runAll(unsigned share) {
        Worker& worker = Worker::mine();
        worker.begin(grid);
        while (runNext(worker, share)) {
        }
    }
    std::string whatFailed() {
        std::lock_guard lock(mutex);
        return error;
    }
};

// Host threads that wait for work, never ended: the process may go at any time.
class Helpers {
    std::mutex mutex;
    std::condition_variable wake, idle;
    Work* work = nullptr;
    unsigned threads = 0, wanted = 0, busy = 0;

    void serve() {
        std::unique_lock lock(mutex);
        for (;;) {
            wake.wait(lock, [this] { return work && wanted > 0; });
            wanted--;
            busy++;
            Work* mine = work;
            lock.unlock();
            mine->runAll(SHARES - 1);
            lock.lock();
            busy--;
            idle.notify_all();
        }
    }

public:
    void call(Work& some, unsigned helpers) {
        std::lock_guard lock(mutex);
        for (; threads < helpers; threads++) std::thread([this] { serve(); }).detach();
        work = &some;
        wanted = helpers;
        wake.notify_all();
    }
    // Those that have not come yet need not come any more, unless they have a share of their own.
    void dismiss() {
        std::unique_lock lock(mutex);
        if (SHARES == 1) wanted = 0;
        idle.wait(lock, [this] { return busy == 0 && wanted == 0; });
        work = nullptr;
    }
    static Helpers& all() {
        static Helpers* helpers = new Helpers;
        return *helpers;
    }
};

}  // namespace

std::string launch(const Kernel& kernel, dim3 blocks, dim3 threads, void** arguments, unsigned workers, unsigned sample) {
    using Clock = std::chrono::steady_clock;
    constexpr auto ALONE = std::chrono::microseconds(SHARES == 1 ? 50 : 0);
    constexpr unsigned MOST_WORKERS = 8;
    static const unsigned cores = std::min(std::max(std::thread::hardware_concurrency(), 1u), MOST_WORKERS);
    const Grid grid = {&kernel, arguments, blocks, threads};
    Work work(grid, sample);
    Worker& worker = Worker::mine();
    worker.begin(grid);
    if (SHARES > 1) workers = SHARES;
    if (workers == 0) workers = cores;
    const auto begin = Clock::now();
    while (work.runNext(worker, 0))
        if (workers > 1 && !work.done() && Clock::now() - begin >= ALONE) {
            Helpers::all().call(work, workers - 1);
            work.runAll(0);
            Helpers::all().dismiss();
            break;
        }
    return work.whatFailed();
}

}  // namespace emulator
