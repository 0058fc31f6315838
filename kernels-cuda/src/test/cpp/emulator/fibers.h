// Stacks, and the switch from one to another: see fibers.cpp.
#pragma once
#include <cstddef>
#include <memory>
#include <vector>

namespace emulator {

// A suspended computation. The host thread's own stack is one too: then `low` and `size` are the sanitizer's to fill in.
struct Stack {
    char* low = nullptr;
    size_t size = 0, shift = 0;
    void* saved = nullptr;
    void* asanFake = nullptr;
    void* tsanFiber = nullptr;
};

// The stacks of one host thread; those given back are taken again.
class Stacks {
    std::vector<std::unique_ptr<Stack>> all;
    std::vector<Stack*> idle;

public:
    explicit Stacks(size_t most) {  // none of the threads that take one should have to make room for it: ThreadSanitizer would see that they share it
        all.reserve(most);
        idle.reserve(most);
    }
    Stacks(const Stacks&) = delete;
    ~Stacks();
    // `start` is called, and must never return, when the stack is first switched to.
    Stack* take(void (*start)());
    void giveBack(Stack* stack) {
        idle.push_back(stack);
    }
    // After a failed kernel nothing on them is of any use.
    void giveBackAll();
};

// Goes on where `to` was left; returns when something switches back to `from`. `last`: `from` will not be switched back to.
void switchStacks(Stack* from, Stack* to, bool last);
// What a new stack calls first.
void arrived(Stack* here);

// The host thread's own stack, before the first switch from it.
void hostThread(Stack* stack);

// What ThreadSanitizer is told: everything before a `release` happened before everything after an `acquire` of the same tag.
#if defined(EMULATOR_TSAN)
void release(void* tag);
void acquire(void* tag);
#else
inline void release(void*) {}
inline void acquire(void*) {}
#endif

}  // namespace emulator
