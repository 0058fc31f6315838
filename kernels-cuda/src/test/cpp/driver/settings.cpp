// What a test may choose, by the environment before the library is loaded (GANNET_FAKE_MEMORY=...) or by a call while it runs.
#include "driver.h"
#include <cstdarg>
#include <cstdlib>

namespace driver {

std::recursive_mutex mutex;
static std::string lastWords;

namespace {

struct Setting {
    const char *name, *variable;
    long normal;
};

const Setting SETTINGS[] = {
    {"devices", "GANNET_FAKE_DEVICES", 1},
    {"memory", "GANNET_FAKE_MEMORY", 4L << 30},          // bytes
    {"driver", "GANNET_FAKE_DRIVER", 13000},             // as cuDriverGetVersion gives it
    {"capability", "GANNET_FAKE_CAPABILITY", 90},
    {"multiprocessors", "GANNET_FAKE_MULTIPROCESSORS", 16},
    {"init", "GANNET_FAKE_INIT", 0},                     // what cuInit answers
    {"eager", "GANNET_FAKE_EAGER", 0},                   // 1: work is done when it is given
    {"canaries", "GANNET_FAKE_CANARIES", 0},             // 1: after every kernel, looks for writes past an allocation's end; else when it is freed
    {"workers", "GANNET_FAKE_WORKERS", 0},               // host threads for one launch; 0: chosen
    {"fail_launch", "GANNET_FAKE_FAIL_LAUNCH", 0},       // the n-th launch from now fails
    {"fail_with", "GANNET_FAKE_FAIL_WITH", ILLEGAL_ADDRESS},
    {"quiet", "GANNET_FAKE_QUIET", 0},                   // 1: nothing on the standard error
};

std::map<std::string, long> read() {
    std::map<std::string, long> values;
    for (auto& each : SETTINGS) {
        const char* chosen = getenv(each.variable);
        values[each.name] = chosen ? atol(chosen) : each.normal;
    }
    return values;
}

std::map<std::string, long>& values() {
    static std::map<std::string, long> all = read();
    return all;
}

}  // namespace

long setting(const char* name) {
    return values().at(name);
}

void set(const char* name, long value) {
    values().at(name) = value;
}

int note(Result error, const char* format, ...) {
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    lastWords = text;
    if (!setting("quiet")) fprintf(stderr, "[fake libcuda] %s\n", text);
    return error;
}

const char* lastNote() {
    return lastWords.c_str();
}

}  // namespace driver

using namespace driver;

// 1 if there is such a setting.
DRIVER_API gannet_fake_set(const char* name, long value) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    if (!values().count(name)) return 0;
    set(name, value);
    return 1;
}

// As at the start: settings, and no error left behind. Allocations stay.
DRIVER_API gannet_fake_reset() {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    finishAll();
    values() = read();
    broken(SUCCESS);
    lastWords.clear();
    return 1;
}

extern "C" __attribute__((visibility("default"))) const char* gannet_fake_note() {
    return lastNote();
}
