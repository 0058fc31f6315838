// A CUDA thread that waits at a barrier is a stack that is left for another. On x86-64 the switch is fifteen instructions: the registers that a
// called function must preserve are pushed, the stack pointers exchanged, and the other stack's registers popped. Elsewhere ucontext does the same by
// the C library, with a system call for the signal mask, some ten times slower.
//
// Stacks are 64 KiB of mapped memory above a page that can't be touched. Their tops are shifted against each other, or the 256 tops of a block
// would all compete for the same few lines of the cache, whose sets repeat every 4 KiB (L1) and 64 KiB (L2).
//
// The sanitizers keep books for each stack. AddressSanitizer has to hear of every switch; ThreadSanitizer takes each stack for a thread of its own,
// and a switch for nothing that would order them: only barriers do.
#include "fibers.h"
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#if !defined(__x86_64__)
#define EMULATOR_UCONTEXT
#endif
#if defined(EMULATOR_UCONTEXT)
#include <ucontext.h>
#endif

#if defined(EMULATOR_TSAN)
extern "C" {
void* __tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void* fiber);
void* __tsan_get_current_fiber();
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
void __tsan_acquire(void* tag);
void __tsan_release(void* tag);
}
#endif
#if defined(EMULATOR_ASAN)
extern "C" {
void __sanitizer_start_switch_fiber(void** fake, const void* bottom, size_t size);
void __sanitizer_finish_switch_fiber(void* fake, const void** bottom, size_t* size);
void __asan_unpoison_memory_region(const volatile void* start, size_t size);
}
#endif

#if !defined(EMULATOR_UCONTEXT)
extern "C" void gannet_emulator_switch(void** from, void* to);
asm(R"(
    .text
    .globl gannet_emulator_switch
    .hidden gannet_emulator_switch
    .type gannet_emulator_switch, @function
gannet_emulator_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size gannet_emulator_switch, . - gannet_emulator_switch
)");
#endif

namespace emulator {

#if defined(EMULATOR_ASAN) || defined(EMULATOR_TSAN)
static constexpr size_t SIZE = 256 << 10;  // frames are several times larger there
#else
static constexpr size_t SIZE = 64 << 10;
#endif
static constexpr size_t PAGE = 4096, LINE = 64, SHIFTS = 59;

// Leaves the stack such that the first switch to it calls `start`.
static void prepare(Stack* stack, void (*start)()) {
    char* top = stack->low + stack->size - stack->shift;
#if defined(EMULATOR_UCONTEXT)
    if (!stack->saved) stack->saved = new ucontext_t;
    auto* context = static_cast<ucontext_t*>(stack->saved);
    getcontext(context);
    context->uc_stack.ss_sp = stack->low;
    context->uc_stack.ss_size = size_t(top - stack->low);
    context->uc_link = nullptr;
    makecontext(context, start, 0);
#else
    void** frame = reinterpret_cast<void**>(top);
    *--frame = nullptr;                           // the return address of `start`, which never returns; leaves the stack aligned as after a call
    *--frame = reinterpret_cast<void*>(start);
    for (int callee = 0; callee < 6; callee++) *--frame = nullptr;
    stack->saved = frame;
#endif
}

Stack* Stacks::take(void (*start)()) {
    if (idle.empty()) {
        auto fresh = std::make_unique<Stack>();
        void* memory = mmap(nullptr, SIZE + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED || mprotect(memory, PAGE, PROT_NONE) != 0) abort();
        fresh->low = static_cast<char*>(memory) + PAGE;
        fresh->size = SIZE;
        fresh->shift = all.size() % SHIFTS * 3 * LINE;
#if defined(EMULATOR_TSAN)
        fresh->tsanFiber = __tsan_create_fiber(0);
#endif
        idle.push_back(fresh.get());
        all.push_back(std::move(fresh));
    }
    Stack* stack = idle.back();
    idle.pop_back();
    prepare(stack, start);
    return stack;
}

void Stacks::giveBackAll() {
    idle.clear();
    for (auto& each : all) {
#if defined(EMULATOR_ASAN)
        __asan_unpoison_memory_region(each->low, each->size);
#endif
        idle.push_back(each.get());
    }
}

Stacks::~Stacks() {
    for (auto& each : all) {
        munmap(each->low - PAGE, SIZE + PAGE);
#if defined(EMULATOR_UCONTEXT)
        delete static_cast<ucontext_t*>(each->saved);
#endif
#if defined(EMULATOR_TSAN)
        __tsan_destroy_fiber(each->tsanFiber);
#endif
    }
}

void switchStacks(Stack* from, Stack* to, [[maybe_unused]] bool last) {
#if defined(EMULATOR_TSAN)
    constexpr unsigned ORDERS_NOTHING = 1;
    __tsan_switch_to_fiber(to->tsanFiber, ORDERS_NOTHING);
#endif
#if defined(EMULATOR_ASAN)
    __sanitizer_start_switch_fiber(last ? nullptr : &from->asanFake, to->low, to->size);
#endif
#if defined(EMULATOR_UCONTEXT)
    if (!from->saved) from->saved = new ucontext_t;
    swapcontext(static_cast<ucontext_t*>(from->saved), static_cast<ucontext_t*>(to->saved));
#else
    gannet_emulator_switch(&from->saved, to->saved);
#endif
    arrived(from);
}

void arrived([[maybe_unused]] Stack* here) {
#if defined(EMULATOR_ASAN)
    __sanitizer_finish_switch_fiber(here->asanFake, nullptr, nullptr);
    here->asanFake = nullptr;
#endif
}

void hostThread([[maybe_unused]] Stack* stack) {
#if defined(EMULATOR_TSAN)
    stack->tsanFiber = __tsan_get_current_fiber();
#endif
#if defined(EMULATOR_ASAN)
    if (stack->low) return;
    pthread_attr_t attributes;
    void* low = nullptr;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) abort();
    pthread_attr_getstack(&attributes, &low, &stack->size);
    pthread_attr_destroy(&attributes);
    stack->low = static_cast<char*>(low);
#endif
}

#if defined(EMULATOR_TSAN)
void release(void* tag) {
    __tsan_release(tag);
}

void acquire(void* tag) {
    __tsan_acquire(tag);
}
#endif

}  // namespace emulator
