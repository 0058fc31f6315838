// Kernels: the arguments are copied when the launch is given, as CUDA promises, and looked at again when it runs.
#include "driver.h"
#include <algorithm>

namespace driver {

namespace {

// The values of a launch, 8 bytes or more for each, and the table of their addresses.
struct Arguments {
    std::vector<std::vector<uint64_t>> values;
    std::vector<void*> table;

    Arguments(const emulator::Kernel& kernel, void** from) {
        for (int i = 0; i < kernel.count; i++) {
            const size_t bytes = size_t(kernel.parameters[i].size);
            values.emplace_back((bytes + 7) / 8);
            memcpy(values.back().data(), from[i], bytes);
        }
        for (auto& each : values) table.push_back(each.data());
    }
};

int checkShape(const Function& f, dim3 grid, dim3 block) {
    constexpr unsigned SIDE = 65535, DEEPEST = 64;
    const uint64_t threads = uint64_t(block.x) * block.y * block.z;
    const bool good = grid.x > 0 && grid.y > 0 && grid.z > 0 && grid.x <= 2147483647u && grid.y <= SIDE && grid.z <= SIDE
            && threads > 0 && block.z <= DEEPEST && threads <= f.mostThreads;
    return good ? SUCCESS : note(INVALID_VALUE, "kernel %s: a grid of %u,%u,%u blocks of %u,%u,%u threads, of at most %u", f.name.c_str(),
            grid.x, grid.y, grid.z, block.x, block.y, block.z, f.mostThreads);
}

// Every pointer must lie in memory that is live now.
int checkPointers(const Function& f, const Arguments& arguments) {
    for (int i = 0; i < f.kernel->count; i++) {
        const Address at = arguments.values[size_t(i)][0];
        if (f.kernel->parameters[i].pointer && at != 0 && !live(at, 1))
            return note(ILLEGAL_ADDRESS, "kernel %s: parameter %d, %llx, points into no live allocation", f.name.c_str(), i, at);
    }
    return SUCCESS;
}

// The fault that a test has ordered for the n-th launch from then on.
int orderedFault() {
    const long left = setting("fail_launch");
    if (left == 0) return SUCCESS;
    set("fail_launch", left - 1);
    return left == 1 ? note(Result(setting("fail_with")), "this launch fails because a test wants it to") : int(SUCCESS);
}

int run(const Function& f, dim3 grid, dim3 block, Arguments& arguments) {
    if (int wrong = orderedFault()) return wrong;
    if (int wrong = checkPointers(f, arguments)) return wrong;
    traceLaunch(f, grid, block, arguments.table.data());
    const std::string wrong = emulator::launch(*f.kernel, grid, block, arguments.table.data(), unsigned(setting("workers")));
    if (!wrong.empty()) return note(LAUNCH_FAILED, "%s", wrong.c_str());
    return setting("canaries") ? checkCanaries(f.name.c_str()) : int(SUCCESS);
}

}  // namespace

}  // namespace driver

using namespace driver;

DRIVER_API cuLaunchKernel(void* handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
        unsigned sharedBytes, void* on, void** parameters, void** extra) {
    NEEDS_CONTEXT;
    const Function* f = function(handle);
    Stream* some = stream(on);
    if (!f || !some) return INVALID_HANDLE;
    const dim3 grid(gridX, gridY, gridZ), block(blockX, blockY, blockZ);
    if (int wrong = checkShape(*f, grid, block)) return wrong;
    if (sharedBytes > 0 || extra) return note(NOT_SUPPORTED, "kernel %s: no kernel takes shared memory or arguments in that way", f->name.c_str());
    for (int i = 0; i < f->kernel->count; i++)
        if (!parameters || !parameters[i]) return note(INVALID_VALUE, "kernel %s: argument %d is missing", f->name.c_str(), i);
    auto arguments = std::make_shared<Arguments>(*f->kernel, parameters);
    return give(some, [kernel = *f, grid, block, arguments] { return run(kernel, grid, block, *arguments); });
}

DRIVER_API cuFuncGetAttribute(int* value, int which, void* handle) {
    NEEDS_CONTEXT;
    const Function* f = function(handle);
    if (!f) return INVALID_HANDLE;
    switch (which) {
        case 0: *value = int(f->mostThreads); break;                         // MAX_THREADS_PER_BLOCK
        case 4: *value = 32; break;                                          // NUM_REGS
        case 5: case 6: *value = int(setting("capability")); break;          // PTX_VERSION, BINARY_VERSION
        default: *value = 0;
    }
    return SUCCESS;
}

DRIVER_API cuFuncSetAttribute(void* handle, int, int) {
    NEEDS_CONTEXT;
    return function(handle) ? SUCCESS : INVALID_HANDLE;
}

DRIVER_API cuFuncSetCacheConfig(void* handle, int) {
    NEEDS_CONTEXT;
    return function(handle) ? SUCCESS : INVALID_HANDLE;
}

DRIVER_API cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void* handle, int threads, size_t) {
    NEEDS_CONTEXT;
    if (!function(handle) || threads <= 0) return INVALID_VALUE;
    *blocks = int(std::max(1, 1024 / threads));
    return SUCCESS;
}
