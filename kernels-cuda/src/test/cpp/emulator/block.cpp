// The scheduler. A block's threads run one after another on one stack, as a plain loop would run them, until one has to wait. Its stack is then left
// as it is, and the next thread starts on another. So a kernel without barriers never switches, and one with barriers switches once for each thread
// and barrier; the last to arrive releases the others and simply goes on.
//
// Threads take their turns in an order fixed by the block alone, hence a kernel that is wrong is wrong in the same way each time.
//
// Found here: barriers and exchanges that threads of a block reach at different lines, those that some never reach (they have returned, or wait
// elsewhere), masks that name a part of a warp, more shared memory than a block may have; and shared memory that is read before it is written, since
// every array is NaN (all bits set) when a block first touches it.
#include "block.h"
#include <cstdlib>
#if defined(EMULATOR_ASAN)
#include <sanitizer/asan_interface.h>
#endif

namespace emulator {

__thread Place place __attribute__((tls_model("initial-exec")));
static __thread Worker* current __attribute__((tls_model("initial-exec")));

// --- Shared memory: each array has its place in every worker's memory, with a gap behind it --------------------------------------------------------

static constexpr size_t ALIGNMENT = 128;

struct SharedArray {
    size_t offset, bytes;
};
static std::vector<SharedArray>& sharedArrays() {
    static std::vector<SharedArray> all;
    return all;
}

unsigned reserveShared(size_t bytes) {
    auto& all = sharedArrays();
    size_t offset = all.empty() ? ALIGNMENT : (all.back().offset + all.back().bytes + 2 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    all.push_back({offset, bytes});
    return unsigned(all.size() - 1);
}

void* sharedMemory(unsigned site) {
    return current->sharedMemory(site);
}

void* Worker::sharedMemory(unsigned site) {
    const SharedArray array = sharedArrays()[site];
    unsigned char* at = memory.data() + (ALIGNMENT - reinterpret_cast<uintptr_t>(memory.data()) % ALIGNMENT) + array.offset;
    if (stamps[site] == block) return at;
    stamps[site] = block;
    sharedBytes += array.bytes;
    if (sharedBytes > MOST_SHARED) fail("more than 48 KiB of shared memory in a block", nullptr);
#if !defined(EMULATOR_TSAN)  // there it would be one thread's write, which others don't wait for
    memset(at, 0xff, array.bytes);
#endif
    return at;
}

static size_t prepareShared(std::vector<unsigned char>& memory, std::vector<uint64_t>& stamps) {
    auto& all = sharedArrays();
    if (stamps.size() == all.size()) return 0;
    stamps.assign(all.size(), 0);
    memory.assign(all.back().offset + all.back().bytes + 3 * ALIGNMENT, 0);
#if defined(EMULATOR_ASAN)
    size_t shift = ALIGNMENT - reinterpret_cast<uintptr_t>(memory.data()) % ALIGNMENT;
    __asan_poison_memory_region(memory.data(), memory.size());
    for (auto& each : all) __asan_unpoison_memory_region(memory.data() + shift + each.offset, each.bytes);
#endif
    return memory.size();
}

// What runs on one stack is one thread to ThreadSanitizer, and can't race with itself.
#if defined(EMULATOR_TSAN)
static constexpr bool OWN_STACKS = true;
#else
static constexpr bool OWN_STACKS = false;
#endif

// --- Running a block -----------------------------------------------------------------------------------------------------------------------------

Worker& Worker::mine() {
    static thread_local Worker worker;
    current = &worker;
    return worker;
}

void Worker::begin(const Grid& next) {
    grid = &next;
    error.clear();
    hostThread(&host);
    prepareShared(memory, stamps);
    const dim3 t = next.threads;
    place.blockSize = {t.x, t.y, t.z};
    place.gridSize = {next.blocks.x, next.blocks.y, next.blocks.z};
    if (t.x == shape.x && t.y == shape.y && t.z == shape.z) return;
    shape = t;
    count = next.count();
    threads.resize(count);
    ready.resize(count);
    warps.resize((count + WARP - 1) / WARP);
    for (unsigned i = 0; i < count; i++) threads[i] = {{i % t.x, i / t.x % t.y, i / (t.x * t.y)}, i % WARP, &warps[i / WARP], nullptr};
}

bool Worker::run(uint3 index) {
    place.block = index;
    block++;
    sharedBytes = 0;
    started = finished = atBarrier = barriers = first = waiting = 0;
    for (auto& each : warps) each.round = each.arrived = 0;
    Stack* stack = stacks.take(enter);
    become(&threads[started++]);
    place.thread->stack = stack;
    release(&begun);
    switchStacks(&host, stack, false);
    acquire(&ended);
    if (OWN_STACKS || !error.empty()) stacks.giveBackAll();
    return error.empty();
}

void Worker::become(Thread* thread) {
    place.thread = thread;
}

void Worker::push(Thread* thread) {
    unsigned last = first + waiting++;
    ready[last < count ? last : last - count] = thread;
}

Thread* Worker::pop() {
    Thread* thread = ready[first];
    first = first + 1 == count ? 0 : first + 1;
    waiting--;
    return thread;
}

void Worker::enter() {
    Stack* mine = place.thread->stack;
    arrived(mine);
    current->runThreads(mine);
}

// Runs threads on this stack until one that waits elsewhere may go on, or all are done.
void Worker::runThreads(Stack* mine) {
    for (;;) {
        acquire(&begun);
        grid->kernel->call(grid->arguments);
        release(&ended);
        finished++;
        if (waiting > 0 || started == count || OWN_STACKS) break;
        become(&threads[started++]);
        place.thread->stack = mine;
    }
    if (!OWN_STACKS) stacks.giveBack(mine);
    leave(mine, true);
    abort();
}

// Switches to a thread that may run: one that was released, else one that has not begun.
void Worker::leave(Stack* mine, bool last) {
    if (waiting > 0) {
        become(pop());
        switchStacks(mine, place.thread->stack, last);
    } else if (started < count) {
        Stack* fresh = stacks.take(enter);
        become(&threads[started++]);
        place.thread->stack = fresh;
        switchStacks(mine, fresh, last);
    } else {
        if (finished < count && error.empty()) error = stuck();
        switchStacks(mine, &host, last);
    }
}

void Worker::stop(Stack* mine) {
    switchStacks(mine, &host, true);
    abort();
}

// --- Meeting -------------------------------------------------------------------------------------------------------------------------------------

void waitForBlock(const char* site) {
    current->waitForBlock(site);
}

void waitForWarp(unsigned mask, const char* site, bool orders) {
    current->waitForWarp(mask, site, orders);
}

void fail(const char* why, const char* site) {
    current->fail(why, site);
}

// Tags alternate: a fast thread's next arrival must not be taken for an order with a slow one's departure.
void Worker::waitForBlock(const char* site) {
    Thread* me = place.thread;
    if (atBarrier == 0) barrier = site;
    if (site != barrier && strcmp(site, barrier) != 0) fail(std::string("__syncthreads here, while other threads of the block wait at ") + barrier, site);
    char* tag = &meeting[barriers & 1];
    release(tag);
    if (++atBarrier == count) {
        atBarrier = 0;
        barriers++;
        for (auto& each : threads)
            if (&each != me) push(&each);
    } else {
        leave(me->stack, false);
    }
    acquire(tag);
}

void Worker::waitForWarp(unsigned mask, const char* site, bool orders) {
    Thread* me = place.thread;
    Warp* warp = me->warp;
    if (mask != 0xffffffffu) fail("a mask that leaves out lanes", site);
    if (warp->arrived == 0) warp->site = site;
    if (site != warp->site && strcmp(site, warp->site) != 0) fail(std::string("lanes of the warp are here, others at ") + warp->site, site);
    char* tag = &warp->meeting[warp->round & 1];
    if (orders) release(tag);
    warp->arrived |= 1u << me->lane;
    if (warp->arrived == 0xffffffffu) {
        warp->arrived = 0;
        warp->round++;
        for (Thread* each = me - me->lane; each < me - me->lane + WARP; each++)
            if (each != me) push(each);
    } else {
        leave(me->stack, false);
    }
    if (orders) acquire(tag);
}

static std::string text(uint3 at) {
    return std::to_string(at.x) + "," + std::to_string(at.y) + "," + std::to_string(at.z);
}

void Worker::fail(const std::string& why, const char* site) {
    error = std::string("kernel ") + grid->kernel->name + (site ? std::string(", ") + site : "") + ": " + why + " (block " + text(place.block)
            + ", thread " + text(place.thread->index) + ")";
    stop(place.thread->stack);
}

std::string Worker::stuck() const {
    std::string why = std::string("kernel ") + grid->kernel->name + ": block " + text(place.block) + " can't go on: of its " + std::to_string(count)
            + " threads " + std::to_string(finished) + " have returned";
    if (atBarrier > 0) why += ", " + std::to_string(atBarrier) + " wait in __syncthreads at " + barrier;
    for (auto& each : warps)
        if (each.arrived != 0)
            return why + ", and only the lanes of mask " + std::to_string(each.arrived) + " of warp " + std::to_string(&each - warps.data())
                    + " are at " + each.site;
    return why;
}

}  // namespace emulator
