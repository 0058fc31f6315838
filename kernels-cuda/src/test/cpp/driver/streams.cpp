// Streams and events. A stream does nothing until something waits for it; then it does what that wait needs, and what another stream owes it first.
// So of two streams that share a buffer without an event between them one sees what the other has not yet done.
//
// An event is the place in its stream at which it was recorded last. Work on the stream named NULL follows all earlier work of the streams that were
// not made CU_STREAM_NON_BLOCKING, and theirs follows it.
#include "driver.h"
#include <chrono>

namespace driver {

namespace {

constexpr size_t LONGEST = 1024;  // items put off; a card's queue is no longer either
constexpr unsigned NON_BLOCKING = 1, DISABLE_TIMING = 2;

const std::shared_ptr<Stream> null = std::make_shared<Stream>(true);
std::map<void*, std::shared_ptr<Stream>> streams;

// One recording of an event.
struct Record {
    std::shared_ptr<Stream> on;
    uint64_t until;
    bool done = false;
    double milliseconds = 0;
};
struct Event {
    bool timed;
    std::shared_ptr<Record> record;
    std::weak_ptr<Capture> capture;
    std::set<size_t> frontier;
};
std::map<void*, std::unique_ptr<Event>> events;

std::shared_ptr<Stream> shared(Stream* some) {
    return some == null.get() ? null : streams.at(some);
}

void runUntil(Stream& some, uint64_t until) {
    while (some.done < until) {
        Stream::Item item = std::move(some.items.front());
        some.items.pop_front();
        if (item.other) runUntil(*item.other, item.until);
        else if (!sticky())
            if (int wrong = item.work()) broken(Result(wrong));
        some.done++;
    }
}

void follow(Stream* some, const std::shared_ptr<Stream>& other) {
    if (some != other.get() && !other->items.empty()) some->items.push_back({nullptr, other, other->given()});
}

// What the stream named NULL and the others owe one another.
int followImplicitly(Stream* some) {
    if (some != null.get()) {
        if (some->blocking) follow(some, null);
        return SUCCESS;
    }
    for (auto& each : streams) {
        if (!each.second->blocking) continue;
        if (each.second->capture) {
            each.second->capture->invalid = true;
            return note(STREAM_CAPTURE_IMPLICIT, "work on the stream NULL while a blocking stream is captured");
        }
        follow(some, each.second);
    }
    return SUCCESS;
}

double now() {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Event* event(void* handle) {
    auto found = events.find(handle);
    return found == events.end() ? nullptr : found->second.get();
}

// One step of what a program polls for, or it would poll for ever.
int poll(Stream& some, uint64_t until) {
    if (some.done < until) runUntil(some, some.done + 1);
    return sticky() ? sticky() : some.done < until ? NOT_READY : SUCCESS;
}

int waitWhileCapturing(Stream* some, Event* one) {
    auto from = one->capture.lock();
    if (some->capture && !from)
        return one->record ? note(STREAM_CAPTURE_ISOLATION, "a captured stream would wait for an event that was recorded outside") : SUCCESS;
    if (some->capture && some->capture != from) return STREAM_CAPTURE_MERGE;
    some->capture = from;
    some->frontier.insert(one->frontier.begin(), one->frontier.end());
    return SUCCESS;
}

}  // namespace

Stream* stream(void* handle) {
    constexpr uintptr_t LEGACY = 1;
    if (!handle || uintptr_t(handle) == LEGACY) return null.get();
    auto found = streams.find(handle);
    return found == streams.end() ? nullptr : found->second.get();
}

std::vector<Stream*> allStreams() {
    std::vector<Stream*> all = {null.get()};
    for (auto& each : streams) all.push_back(each.second.get());
    return all;
}

int give(Stream* to, Work work) {
    if (sticky()) return sticky();
    if (to->capture) return addNode(to, std::move(work));
    if (int wrong = followImplicitly(to)) return wrong;
    to->items.push_back({std::move(work), nullptr, 0});
    if (setting("eager")) return finish(to);
    if (to->items.size() > LONGEST) runUntil(*to, to->done + LONGEST / 2);
    return sticky();
}

int finish(Stream* some) {
    runUntil(*some, some->given());
    return sticky();
}

int finishAll() {
    for (Stream* each : allStreams()) finish(each);
    return sticky();
}

}  // namespace driver

using namespace driver;

DRIVER_API cuStreamCreate(void** handle, unsigned flags) {
    NEEDS_CONTEXT;
    if (flags > NON_BLOCKING) return INVALID_VALUE;
    auto fresh = std::make_shared<Stream>(flags != NON_BLOCKING);
    *handle = fresh.get();
    streams[*handle] = fresh;
    return SUCCESS;
}

DRIVER_API cuStreamCreateWithPriority(void** handle, unsigned flags, int) {
    return cuStreamCreate(handle, flags);
}

DRIVER_API cuStreamDestroy_v2(void* handle) {
    NEEDS_CONTEXT;
    Stream* some = stream(handle);
    if (!some || some == null.get()) return INVALID_HANDLE;
    if (some->capture) some->capture->invalid = true;
    finish(some);
    streams.erase(handle);
    return SUCCESS;
}

DRIVER_API cuStreamSynchronize(void* handle) {
    NEEDS_CONTEXT;
    Stream* some = stream(handle);
    if (!some) return INVALID_HANDLE;
    if (some->capture) {
        some->capture->invalid = true;
        return note(STREAM_CAPTURE_UNSUPPORTED, "cuStreamSynchronize of a stream that is captured");
    }
    if (int wrong = followImplicitly(some)) return wrong;
    return finish(some);
}

DRIVER_API cuStreamQuery(void* handle) {
    NEEDS_CONTEXT;
    Stream* some = stream(handle);
    if (!some) return INVALID_HANDLE;
    if (some->capture) {
        some->capture->invalid = true;
        return note(STREAM_CAPTURE_UNSUPPORTED, "cuStreamQuery of a stream that is captured");
    }
    return poll(*some, some->given());
}

DRIVER_API cuStreamWaitEvent(void* handle, void* what, unsigned) {
    NEEDS_CONTEXT;
    Stream* some = stream(handle);
    Event* one = event(what);
    if (!some || !one) return INVALID_HANDLE;
    if (some->capture || one->capture.lock()) return waitWhileCapturing(some, one);
    if (!one->record || one->record->done) return SUCCESS;
    if (int wrong = followImplicitly(some)) return wrong;
    some->items.push_back({nullptr, one->record->on, one->record->until});
    return setting("eager") ? finish(some) : SUCCESS;
}

DRIVER_API cuStreamGetFlags(void* handle, unsigned* flags) {
    NEEDS_CONTEXT;
    Stream* some = stream(handle);
    if (!some) return INVALID_HANDLE;
    *flags = some->blocking ? 0 : NON_BLOCKING;
    return SUCCESS;
}

DRIVER_API cuStreamGetPriority(void* handle, int* priority) {
    NEEDS_CONTEXT;
    *priority = 0;
    return stream(handle) ? SUCCESS : INVALID_HANDLE;
}

DRIVER_API cuEventCreate(void** handle, unsigned flags) {
    NEEDS_CONTEXT;
    auto fresh = std::make_unique<Event>();
    fresh->timed = !(flags & DISABLE_TIMING);
    *handle = fresh.get();
    events[*handle] = std::move(fresh);
    return SUCCESS;
}

DRIVER_API cuEventDestroy_v2(void* handle) {
    NEEDS_CONTEXT;
    return events.erase(handle) ? SUCCESS : INVALID_HANDLE;
}

DRIVER_API cuEventRecord(void* handle, void* on) {
    NEEDS_CONTEXT;
    Stream* some = stream(on);
    Event* one = event(handle);
    if (!some || !one) return INVALID_HANDLE;
    if (some->capture) {
        one->capture = some->capture;
        one->frontier = some->frontier;
        one->record = nullptr;
        return SUCCESS;
    }
    one->capture.reset();
    if (int wrong = followImplicitly(some)) return wrong;
    auto record = std::make_shared<Record>(Record{shared(some), some->given() + 1});
    one->record = record;
    return give(some, [record]() -> int {
        record->milliseconds = now();
        record->done = true;
        return SUCCESS;
    });
}

DRIVER_API cuEventSynchronize(void* handle) {
    NEEDS_CONTEXT;
    Event* one = event(handle);
    if (!one) return INVALID_HANDLE;
    if (one->capture.lock()) return CAPTURED_EVENT;
    if (one->record) runUntil(*one->record->on, one->record->until);
    return sticky();
}

DRIVER_API cuEventQuery(void* handle) {
    NEEDS_CONTEXT;
    Event* one = event(handle);
    if (!one) return INVALID_HANDLE;
    if (one->capture.lock()) return CAPTURED_EVENT;
    return one->record ? poll(*one->record->on, one->record->until) : SUCCESS;
}

DRIVER_API cuEventElapsedTime(float* milliseconds, void* begin, void* end) {
    NEEDS_CONTEXT;
    Event *from = event(begin), *to = event(end);
    if (!from || !to || !from->timed || !to->timed || !from->record || !to->record) return INVALID_HANDLE;
    if (!from->record->done || !to->record->done) return NOT_READY;
    *milliseconds = float(to->record->milliseconds - from->record->milliseconds);
    return SUCCESS;
}
