// A libcuda.so.1 for machines that have no graphics card: JCuda's native library finds in it what it would find in NVIDIA's. Kernels are the same .cu
// files, compiled by g++ over the emulator; the PTX that a program loads is read only to see that it fits them.
//
// It is strict where a card is merely unlucky. Work on a stream is not done when it is given but when something waits for it, so that whoever reads
// a result too early sees the old one. Every address is looked up among the live allocations. After a kernel has failed, every later call fails.
// What went wrong is said on the standard error and kept for `gannet_fake_note`.
//
//   settings.cpp   what a test may choose: memory, version, faults
//   device.cpp     init, devices and their attributes, contexts, names of errors
//   memory.cpp     allocations, pinned host memory, copies and fills
//   streams.cpp    streams and events: who waits for what
//   graphs.cpp     capture of a stream's work, and its replay
//   modules.cpp    PTX and what is declared there
//   launch.cpp     kernels
//   trace.cpp      writes down all work, for another process to repeat (replay.cpp)
//   missing.cpp    what no test needs yet: fails and says so
#pragma once
#include "../emulator/emulator.h"
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#define DRIVER_API extern "C" __attribute__((visibility("default"))) int

namespace driver {

using Address = unsigned long long;

enum Result {
    SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, DEINITIALIZED = 4, DEVICE_UNAVAILABLE = 46, NO_DEVICE = 100,
    INVALID_DEVICE = 101, INVALID_CONTEXT = 201, NO_BINARY_FOR_GPU = 209, ECC_UNCORRECTABLE = 214, INVALID_PTX = 218, UNSUPPORTED_PTX_VERSION = 222,
    FILE_NOT_FOUND = 301, INVALID_HANDLE = 400, NOT_FOUND = 500, NOT_READY = 600, ILLEGAL_ADDRESS = 700, LAUNCH_OUT_OF_RESOURCES = 701,
    CONTEXT_IS_DESTROYED = 709, MISALIGNED_ADDRESS = 716, LAUNCH_FAILED = 719, NOT_SUPPORTED = 801, STREAM_CAPTURE_UNSUPPORTED = 900,
    STREAM_CAPTURE_INVALIDATED = 901, STREAM_CAPTURE_MERGE = 902, STREAM_CAPTURE_UNMATCHED = 903, STREAM_CAPTURE_UNJOINED = 904,
    STREAM_CAPTURE_ISOLATION = 905, STREAM_CAPTURE_IMPLICIT = 906, CAPTURED_EVENT = 907, UNKNOWN = 999
};

// One lock for all: every entry point takes it.
extern std::recursive_mutex mutex;

// Says what is wrong, in words that an error number lacks, and gives the number back.
int note(Result error, const char* format, ...) __attribute__((format(printf, 2, 3)));
const char* lastNote();

// --- settings.cpp --------------------------------------------------------------------------------------------------------------------------------

long setting(const char* name);
void set(const char* name, long value);

// --- device.cpp ----------------------------------------------------------------------------------------------------------------------------------

// The error that a failed kernel has left behind, or none; `broken` makes it so.
int sticky();
int broken(Result error);
// SUCCESS where this thread has a context that works.
int checkContext();
#define NEEDS_CONTEXT                                   \
    std::lock_guard<std::recursive_mutex> lock(mutex);  \
    if (int wrong = checkContext()) return wrong

// --- memory.cpp ----------------------------------------------------------------------------------------------------------------------------------

// Whether all of [at, at + bytes) lies in one live allocation: device memory, or pinned memory of the host.
bool live(Address at, size_t bytes);
int checkCanaries(const char* after);
void freeAll();

// --- streams.cpp ---------------------------------------------------------------------------------------------------------------------------------

using Work = std::function<int()>;
struct Capture;

// Work in the order it was given. `given` and `done` count; an event remembers the count it was recorded at.
struct Stream {
    struct Item {
        Work work;
        std::shared_ptr<Stream> other;  // instead of work: waits until this stream has done so much
        uint64_t until = 0;
    };
    explicit Stream(bool blocking) : blocking(blocking) {}
    const bool blocking;  // waits for the stream named NULL, and that one for it
    std::deque<Item> items;
    uint64_t done = 0;
    std::shared_ptr<Capture> capture;
    std::set<size_t> frontier;  // while capturing: the nodes that the next one follows
    uint64_t given() const {
        return done + items.size();
    }
};

// The stream behind a handle; null if there is none.
Stream* stream(void* handle);
std::vector<Stream*> allStreams();
// Gives work to a stream: put off, done, or captured.
int give(Stream* to, Work work);
int finish(Stream* some);
int finishAll();

// --- graphs.cpp ----------------------------------------------------------------------------------------------------------------------------------

struct Node {
    Work work;
    std::set<size_t> after;
};
struct Capture {
    Stream* origin;
    int mode;
    std::thread::id thread;
    bool invalid = false;
    std::vector<Node> nodes = {};
};
// Makes work a node of the graph that the stream captures.
int addNode(Stream* from, Work work);
// SUCCESS unless a capture under way forbids a call that waits or allocates.
int checkCapture(const char* call);

// --- modules.cpp ---------------------------------------------------------------------------------------------------------------------------------

struct Function {
    std::string name;
    const emulator::Kernel* kernel;
    unsigned mostThreads;
};
// The function behind a handle; null if there is none.
const Function* function(const void* handle);

// --- trace.cpp -----------------------------------------------------------------------------------------------------------------------------------

bool tracing();
void* traceAllocate(size_t bytes);
void traceWrite(const void* at, size_t bytes);
void traceLaunch(const Function& function, dim3 grid, dim3 block, void** arguments);

}  // namespace driver
