// Modules. Nothing in the PTX is run; but its entries must be kernels of the host copy, with parameters of the same sizes, or it was made from other
// sources. A version that is newer than the driver, or a target above the device, is refused as a card's driver would.
#include "driver.h"
#include <algorithm>
#include <sstream>

namespace driver {

namespace {

using Module = std::map<std::string, std::unique_ptr<Function>>;
std::map<void*, std::unique_ptr<Module>> modules;
std::map<const void*, const Function*> functions;  // of all modules

// The newest PTX that a driver of CUDA 10.2 and later understands, times ten.
int newestPtx(long driver) {
    const int major = int(driver / 1000), minor = int(driver % 1000 / 10);
    if (major >= 13) return 90 + minor;
    if (major == 12) return 80 + minor - (minor > 5);
    return major == 11 ? 70 + minor : 63 + minor;
}

// The number behind a directive such as `.version 7.0` or `.target sm_80`, digits only.
int numberAfter(const std::string& text, const std::string& directive) {
    size_t at = text.find(directive);
    int number = 0;
    if (at == std::string::npos) return -1;
    for (at += directive.size(); at < text.size() && (isdigit(text[at]) || text[at] == '.'); at++)
        if (text[at] != '.') number = number * 10 + text[at] - '0';
    return number;
}

// `.param .u64 .ptr .align 1 name`, or `.param .align 8 .b8 name[24]`.
int sizeOf(std::string declaration) {
    int count = 1;
    if (size_t bracket = declaration.find('['); bracket != std::string::npos) count = atoi(declaration.c_str() + bracket + 1);
    std::istringstream words(declaration);
    for (std::string word; words >> word;)
        if (word.size() > 2 && word[0] == '.' && strchr("usbf", word[1]) && isdigit(word[2])) return atoi(word.c_str() + 2) / 8 * count;
    return 0;
}

std::vector<int> sizesOf(const std::string& declarations) {
    std::vector<int> sizes;
    std::istringstream all(declarations);
    for (std::string each; std::getline(all, each, ',');)
        if (each.find(".param") != std::string::npos) sizes.push_back(sizeOf(each));
    return sizes;
}

bool fits(const emulator::Kernel& kernel, const std::vector<int>& sizes) {
    return std::equal(sizes.begin(), sizes.end(), kernel.parameters, kernel.parameters + kernel.count,
            [](int size, const emulator::Parameter& own) { return size == own.size; });
}

int readEntry(const std::string& ptx, size_t at, Module& into) {
    const size_t open = ptx.find('(', at), close = ptx.find(')', open), body = ptx.find('{', close);
    if (body == std::string::npos) return note(INVALID_PTX, "PTX ends within the declaration of a kernel");
    std::string name = ptx.substr(at, open - at);
    name.erase(std::remove_if(name.begin(), name.end(), [](char each) { return isspace(each); }), name.end());
    auto* kernel = emulator::find(name);
    if (!kernel) return note(INVALID_PTX, "the PTX has a kernel %s, which is not among the .cu files that were compiled for the host", name.c_str());
    if (!fits(*kernel, sizesOf(ptx.substr(open + 1, close - open - 1))))
        return note(INVALID_PTX, "kernel %s has other parameters in the PTX than in its .cu file: make the PTX again", name.c_str());
    unsigned most[3] = {1024, 1, 1};
    const std::string directives = ptx.substr(close, body - close);
    if (size_t limit = directives.find(".maxntid"); limit != std::string::npos)
        sscanf(directives.c_str() + limit + 8, "%u , %u , %u", &most[0], &most[1], &most[2]);
    into[name] = std::make_unique<Function>(Function{name, kernel, most[0] * most[1] * most[2]});
    return SUCCESS;
}

int read(const std::string& ptx, Module& into) {
    const int version = numberAfter(ptx, ".version "), target = numberAfter(ptx, ".target sm_"), newest = newestPtx(setting("driver"));
    if (version < 0 || target < 0) return note(INVALID_PTX, "the image is no PTX, the only kind that is understood here");
    if (version > newest)
        return note(UNSUPPORTED_PTX_VERSION, "PTX %d.%d is newer than %d.%d", version / 10, version % 10, newest / 10, newest % 10);
    if (target > setting("capability")) return note(INVALID_PTX, "PTX for sm_%d on a device of sm_%ld", target, setting("capability"));
    constexpr const char ENTRY[] = ".entry ";
    for (size_t at = 0; (at = ptx.find(ENTRY, at)) != std::string::npos;) {
        at += sizeof ENTRY - 1;
        if (int wrong = readEntry(ptx, at, into)) return wrong;
    }
    return SUCCESS;
}

// What the compiler has to say goes where the caller asked for it, as well.
void fillErrorLog(unsigned count, const int* options, void** values, int result) {
    constexpr int ERROR_LOG = 5, ERROR_LOG_BYTES = 6;
    char* log = nullptr;
    size_t bytes = 0;
    for (unsigned i = 0; i < count; i++) {
        if (options[i] == ERROR_LOG) log = static_cast<char*>(values[i]);
        if (options[i] == ERROR_LOG_BYTES) bytes = unsigned(reinterpret_cast<uintptr_t>(values[i]));
    }
    if (log && bytes > 0) snprintf(log, bytes, "%s", result ? lastNote() : "");
}

}  // namespace

const Function* function(const void* handle) {
    auto found = functions.find(handle);
    return found == functions.end() ? nullptr : found->second;
}

}  // namespace driver

using namespace driver;

DRIVER_API cuModuleLoadData(void** module, const char* image) {
    NEEDS_CONTEXT;
    if (int wrong = checkCapture("cuModuleLoadData")) return wrong;
    auto fresh = std::make_unique<Module>();
    if (int wrong = read(image, *fresh)) return wrong;
    for (auto& each : *fresh) functions[each.second.get()] = each.second.get();
    *module = fresh.get();
    modules[*module] = std::move(fresh);
    return SUCCESS;
}

DRIVER_API cuModuleLoadDataEx(void** module, const char* image, unsigned count, int* options, void** values) {
    int result = cuModuleLoadData(module, image);
    fillErrorLog(count, options, values, result);
    return result;
}

DRIVER_API cuModuleUnload(void* module) {
    NEEDS_CONTEXT;
    auto found = modules.find(module);
    if (found == modules.end()) return INVALID_HANDLE;
    for (auto& each : *found->second) functions.erase(each.second.get());
    modules.erase(found);
    return SUCCESS;
}

DRIVER_API cuModuleGetFunction(void** handle, void* module, const char* name) {
    NEEDS_CONTEXT;
    auto found = modules.find(module);
    if (found == modules.end()) return INVALID_HANDLE;
    auto named = found->second->find(name);
    if (named == found->second->end()) return note(NOT_FOUND, "the module has no kernel %s", name);
    *handle = named->second.get();
    return SUCCESS;
}

DRIVER_API cuModuleGetLoadingMode(int* mode) {
    *mode = 1;  // eager
    return SUCCESS;
}
