// Devices, contexts, and the names of errors. There is one device, whose primary context is the only one; cuCtxCreate gives that too.
#include "driver.h"

namespace driver {

static bool initialised;
static int stickyError = SUCCESS, retained;
static int primary;  // its address is the context
static thread_local std::vector<void*> contexts;

int sticky() {
    return stickyError;
}

int broken(Result error) {
    return stickyError = error;
}

static int checkDevice(int device) {
    if (!initialised) return note(NOT_INITIALIZED, "a call before cuInit");
    return device >= 0 && device < setting("devices") ? SUCCESS : INVALID_DEVICE;
}

int checkContext() {
    if (!initialised) return note(NOT_INITIALIZED, "a call before cuInit");
    if (contexts.empty() || !contexts.back()) return note(INVALID_CONTEXT, "this thread has no current context");
    if (retained == 0) return note(CONTEXT_IS_DESTROYED, "the context of this thread has been released");
    return stickyError;
}

static long attribute(int which) {
    constexpr long ANY = 2147483647, SIDE = 65535;
    switch (which) {
        case 1: return emulator::MOST_THREADS;                       // MAX_THREADS_PER_BLOCK
        case 2: case 3: return 1024;                                 // MAX_BLOCK_DIM_X, Y
        case 4: return 64;                                           // MAX_BLOCK_DIM_Z
        case 5: return ANY;                                          // MAX_GRID_DIM_X
        case 6: case 7: return SIDE;                                 // MAX_GRID_DIM_Y, Z
        case 8: return emulator::MOST_SHARED;                        // MAX_SHARED_MEMORY_PER_BLOCK
        case 9: return 64 << 10;                                     // TOTAL_CONSTANT_MEMORY
        case 10: return emulator::WARP;                              // WARP_SIZE
        case 12: return 65536;                                       // MAX_REGISTERS_PER_BLOCK
        case 13: return 1'500'000;                                   // CLOCK_RATE, kHz
        case 15: case 31: case 41: return 1;                         // GPU_OVERLAP, CONCURRENT_KERNELS, UNIFIED_ADDRESSING
        case 16: return setting("multiprocessors");                  // MULTIPROCESSOR_COUNT
        case 19: return 1;                                           // CAN_MAP_HOST_MEMORY
        case 36: return 1'000'000;                                   // MEMORY_CLOCK_RATE, kHz
        case 37: return 256;                                         // GLOBAL_MEMORY_BUS_WIDTH
        case 38: return 4 << 20;                                     // L2_CACHE_SIZE
        case 39: return 1024;                                        // MAX_THREADS_PER_MULTIPROCESSOR
        case 40: return 2;                                           // ASYNC_ENGINE_COUNT
        case 75: return setting("capability") / 10;                  // COMPUTE_CAPABILITY_MAJOR
        case 76: return setting("capability") % 10;                  // COMPUTE_CAPABILITY_MINOR
        case 78: return 1;                                           // STREAM_PRIORITIES_SUPPORTED
        case 81: case 97: return 64 << 10;                           // MAX_SHARED_MEMORY_PER_MULTIPROCESSOR, PER_BLOCK_OPTIN
        case 82: return 65536;                                       // MAX_REGISTERS_PER_MULTIPROCESSOR
        case 106: return 16;                                         // MAX_BLOCKS_PER_MULTIPROCESSOR
        default: return 0;
    }
}

struct ErrorName {
    int error;
    const char *name, *text;
};
static const ErrorName ERRORS[] = {
    {SUCCESS, "CUDA_SUCCESS", "no error"},
    {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {DEINITIALIZED, "CUDA_ERROR_DEINITIALIZED", "driver shutting down"},
    {DEVICE_UNAVAILABLE, "CUDA_ERROR_DEVICE_UNAVAILABLE", "CUDA-capable device(s) is/are busy or unavailable"},
    {NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {NO_BINARY_FOR_GPU, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"},
    {ECC_UNCORRECTABLE, "CUDA_ERROR_ECC_UNCORRECTABLE", "uncorrectable ECC error encountered"},
    {INVALID_PTX, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."},
    {FILE_NOT_FOUND, "CUDA_ERROR_FILE_NOT_FOUND", "file not found"},
    {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {LAUNCH_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
    {CONTEXT_IS_DESTROYED, "CUDA_ERROR_CONTEXT_IS_DESTROYED", "context is destroyed"},
    {MISALIGNED_ADDRESS, "CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"},
    {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {NOT_SUPPORTED, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {STREAM_CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"},
    {STREAM_CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", "operation failed due to a previous error during capture"},
    {STREAM_CAPTURE_MERGE, "CUDA_ERROR_STREAM_CAPTURE_MERGE", "operation would result in a merge of separate capture sequences"},
    {STREAM_CAPTURE_UNMATCHED, "CUDA_ERROR_STREAM_CAPTURE_UNMATCHED", "capture was not ended in the same stream as it began"},
    {STREAM_CAPTURE_UNJOINED, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "capturing stream has unjoined work"},
    {STREAM_CAPTURE_ISOLATION, "CUDA_ERROR_STREAM_CAPTURE_ISOLATION", "dependency created on uncaptured work in another stream"},
    {STREAM_CAPTURE_IMPLICIT, "CUDA_ERROR_STREAM_CAPTURE_IMPLICIT", "operation would make the legacy stream depend on a capturing blocking stream"},
    {CAPTURED_EVENT, "CUDA_ERROR_CAPTURED_EVENT", "operation not permitted on an event last recorded in a capturing stream"},
    {UNKNOWN, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

static int nameOf(int error, const char** to, const char* ErrorName::* which) {
    for (auto& each : ERRORS)
        if (each.error == error) {
            *to = each.*which;
            return SUCCESS;
        }
    *to = nullptr;
    return INVALID_VALUE;
}

static int retain() {
    retained++;
    return SUCCESS;
}

static int letGo() {
    if (retained == 0) return INVALID_CONTEXT;
    if (--retained == 0) {
        finishAll();
        freeAll();
    }
    return SUCCESS;
}

}  // namespace driver

using namespace driver;

DRIVER_API cuGetErrorName(int error, const char** name) {
    return nameOf(error, name, &ErrorName::name);
}

DRIVER_API cuGetErrorString(int error, const char** text) {
    return nameOf(error, text, &ErrorName::text);
}

DRIVER_API cuInit(unsigned flags) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    if (flags != 0) return INVALID_VALUE;
    if (setting("init") != SUCCESS) return int(setting("init"));
    if (setting("devices") == 0) return NO_DEVICE;
    initialised = true;
    return SUCCESS;
}

DRIVER_API cuDriverGetVersion(int* version) {
    *version = int(setting("driver"));
    return SUCCESS;
}

DRIVER_API cuDeviceGetCount(int* count) {
    if (!initialised) return NOT_INITIALIZED;
    *count = int(setting("devices"));
    return SUCCESS;
}

DRIVER_API cuDeviceGet(int* device, int ordinal) {
    *device = ordinal;
    return checkDevice(ordinal);
}

DRIVER_API cuDeviceGetName(char* name, int length, int device) {
    if (int wrong = checkDevice(device)) return wrong;
    snprintf(name, size_t(length), "Emulated GPU (g++)");
    return SUCCESS;
}

DRIVER_API cuDeviceGetUuid(char* uuid, int device) {
    if (int wrong = checkDevice(device)) return wrong;
    memcpy(uuid, "gannet-emulated!", 16);
    return SUCCESS;
}

DRIVER_API cuDeviceTotalMem_v2(size_t* bytes, int device) {
    if (int wrong = checkDevice(device)) return wrong;
    *bytes = size_t(setting("memory"));
    return SUCCESS;
}

DRIVER_API cuDeviceComputeCapability(int* major, int* minor, int device) {
    if (int wrong = checkDevice(device)) return wrong;
    *major = int(setting("capability") / 10);
    *minor = int(setting("capability") % 10);
    return SUCCESS;
}

DRIVER_API cuDeviceGetAttribute(int* value, int which, int device) {
    if (int wrong = checkDevice(device)) return wrong;
    *value = int(attribute(which));
    return SUCCESS;
}

DRIVER_API cuDevicePrimaryCtxRetain(void** context, int device) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    if (int wrong = checkDevice(device)) return wrong;
    *context = &primary;
    return retain();
}

DRIVER_API cuDevicePrimaryCtxRelease_v2(int device) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    if (int wrong = checkDevice(device)) return wrong;
    return letGo();
}

DRIVER_API cuDevicePrimaryCtxSetFlags_v2(int device, unsigned) {
    return checkDevice(device);
}

DRIVER_API cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active) {
    if (int wrong = checkDevice(device)) return wrong;
    *flags = 0;
    *active = retained > 0;
    return SUCCESS;
}

// Frees everything, and with it the error that a kernel has left behind.
DRIVER_API cuDevicePrimaryCtxReset_v2(int device) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    if (int wrong = checkDevice(device)) return wrong;
    finishAll();
    freeAll();
    broken(SUCCESS);
    return SUCCESS;
}

DRIVER_API cuCtxCreate_v2(void** context, unsigned, int device) {
    if (int wrong = cuDevicePrimaryCtxRetain(context, device)) return wrong;
    contexts.push_back(*context);
    return SUCCESS;
}

DRIVER_API cuCtxDestroy_v2(void* context) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    if (context != &primary) return INVALID_CONTEXT;
    if (!contexts.empty() && contexts.back() == context) contexts.pop_back();
    return letGo();
}

DRIVER_API cuCtxSetCurrent(void* context) {
    if (!initialised) return NOT_INITIALIZED;
    if (context && context != &primary) return INVALID_CONTEXT;
    if (!contexts.empty()) contexts.pop_back();
    if (context) contexts.push_back(context);
    return SUCCESS;
}

DRIVER_API cuCtxGetCurrent(void** context) {
    if (!initialised) return NOT_INITIALIZED;
    *context = contexts.empty() ? nullptr : contexts.back();
    return SUCCESS;
}

DRIVER_API cuCtxPushCurrent_v2(void* context) {
    if (context != &primary) return INVALID_CONTEXT;
    contexts.push_back(context);
    return SUCCESS;
}

DRIVER_API cuCtxPopCurrent_v2(void** context) {
    if (contexts.empty()) return INVALID_CONTEXT;
    if (context) *context = contexts.back();
    contexts.pop_back();
    return SUCCESS;
}

DRIVER_API cuCtxGetDevice(int* device) {
    NEEDS_CONTEXT;
    *device = 0;
    return SUCCESS;
}

DRIVER_API cuCtxGetFlags(unsigned* flags) {
    NEEDS_CONTEXT;
    *flags = 0;
    return SUCCESS;
}

DRIVER_API cuCtxGetApiVersion(void*, unsigned* version) {
    *version = 3020;
    return SUCCESS;
}

DRIVER_API cuCtxGetLimit(size_t* value, int which) {
    NEEDS_CONTEXT;
    *value = which == 0 ? 1024 : which == 1 ? 1 << 20 : which == 2 ? 8 << 20 : 0;  // stack, printf, heap
    return SUCCESS;
}

DRIVER_API cuCtxSetLimit(int, size_t) {
    NEEDS_CONTEXT;
    return SUCCESS;
}

DRIVER_API cuCtxSetCacheConfig(int) {
    NEEDS_CONTEXT;
    return SUCCESS;
}

DRIVER_API cuCtxGetStreamPriorityRange(int* least, int* greatest) {
    NEEDS_CONTEXT;
    *least = 0;
    *greatest = -5;
    return SUCCESS;
}

DRIVER_API cuCtxSynchronize() {
    NEEDS_CONTEXT;
    if (int wrong = checkCapture("cuCtxSynchronize")) return wrong;
    return finishAll();
}
