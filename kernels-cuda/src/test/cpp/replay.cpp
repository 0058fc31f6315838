// Repeats what a fake driver wrote down (driver/trace.cpp) with no Java around it: `replay TRACE...`. Kernels that this program has not are left out. It
// ends with 1 and a line if one fails; what a sanitizer finds, that says. At last it tells which of its kernels were not in the trace.
//
// A sanitizer makes all of it some fifty times slower; so of each kernel only the first launches are repeated, and of a large grid only some blocks.
#include "driver/trace.h"
#include "emulator/emulator.h"
#include <cstdio>
#include <map>
#include <vector>

namespace {

constexpr int LAUNCHES = 2;
constexpr unsigned BLOCKS = 2;

FILE* file;
std::map<std::string, int> launches;

template <class T> T read() {
    T value;
    if (fread(&value, sizeof value, 1, file) != 1) value = T();
    return value;
}

// What went wrong, or nothing.
std::string repeatLaunch() {
    const auto launch = read<trace::Launch>();
    std::string name(launch.letters, ' ');
    for (char& each : name) each = read<char>();
    std::vector<uint64_t> values(launch.arguments);
    std::vector<void*> arguments;
    for (auto& each : values) {
        each = read<uint64_t>();
        arguments.push_back(&each);
    }
    const auto* kernel = emulator::find(name);
    if (!kernel) return "";
    if (++launches[name] > LAUNCHES) return "";
    if (kernel->count != int(launch.arguments)) return "kernel " + name + " takes another number of arguments";
    return emulator::launch(*kernel, dim3(launch.grid[0], launch.grid[1], launch.grid[2]), dim3(launch.block[0], launch.block[1], launch.block[2]),
            arguments.data(), 0, BLOCKS);
}

// What went wrong in one of the trace's launches, or nothing.
std::string repeat() {
    for (char kind; fread(&kind, 1, 1, file) == 1;) {
        if (kind == 'W') {
            const auto write = read<trace::Write>();
            if (fread(reinterpret_cast<void*>(write.at), 1, write.bytes, file) != write.bytes) return "the trace breaks off";
        } else if (std::string wrong = repeatLaunch(); !wrong.empty()) {
            return wrong;
        }
    }
    return "";
}

}  // namespace

int main(int count, char** arguments) {
    if (!trace::reserve()) {
        fprintf(stderr, "something lies at the place of device memory\n");
        return 2;
    }
    for (int i = 1; i < count; i++) {
        file = fopen(arguments[i], "rb");
        const std::string wrong = file ? repeat() : std::string("there is no ") + arguments[i];
        if (!wrong.empty()) {
            fprintf(stderr, "%s\n", wrong.c_str());
            return 1;
        }
        fclose(file);
    }
    const auto all = emulator::names();
    printf("%zu of %zu kernels were launched; not", launches.size(), all.size());
    for (auto& each : all)
        if (!launches.count(each)) printf(" %s", each.c_str());
    printf("\n");
    return 0;
}
