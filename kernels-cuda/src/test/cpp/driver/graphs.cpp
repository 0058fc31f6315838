// Capture and replay. While a stream is captured its work becomes nodes: each follows the last node of its stream, and those that an event brought
// from another stream, which has then joined the capture. At the end every node must lead back to the stream that began it.
//
// A replay runs the nodes in an order that their edges allow and that is not the one they were captured in where there is a choice: of the nodes
// that may run it takes the youngest. An edge that was forgotten shows in the results.
#include "driver.h"
#include <algorithm>

namespace driver {

namespace {

constexpr int THREAD_LOCAL = 1, RELAXED = 2;

struct Graph {
    std::vector<Node> nodes;
};
std::map<void*, std::shared_ptr<const Graph>> graphs;
std::map<void*, std::shared_ptr<const Graph>> executables;

std::vector<Node> youngestFirst(const std::vector<Node>& nodes) {
    std::vector<size_t> missing(nodes.size());
    std::set<size_t> free;
    for (size_t i = 0; i < nodes.size(); i++)
        if ((missing[i] = nodes[i].after.size()) == 0) free.insert(i);
    std::vector<Node> order;
    while (!free.empty()) {
        const size_t youngest = *free.rbegin();
        free.erase(youngest);
        order.push_back(nodes[youngest]);
        for (size_t later = youngest + 1; later < nodes.size(); later++)
            if (nodes[later].after.count(youngest) && --missing[later] == 0) free.insert(later);
    }
    return order;
}

// Whether some node leads to no other and isn't where the origin stands.
bool unjoined(const Capture& one) {
    std::set<size_t> leaves;
    for (size_t i = 0; i < one.nodes.size(); i++) leaves.insert(i);
    for (auto& each : one.nodes)
        for (size_t before : each.after) leaves.erase(before);
    auto& end = one.origin->frontier;
    return !std::includes(end.begin(), end.end(), leaves.begin(), leaves.end());
}

int replay(const Graph& graph) {
    for (auto& each : graph.nodes)
        if (int wrong = each.work()) return wrong;
    return SUCCESS;
}

}  // namespace

int addNode(Stream* from, Work work) {
    Capture& capture = *from->capture;
    if (capture.invalid) return STREAM_CAPTURE_INVALIDATED;
    capture.nodes.push_back({std::move(work), from->frontier});
    from->frontier = {capture.nodes.size() - 1};
    return SUCCESS;
}

int checkCapture(const char* call) {
    for (Stream* each : allStreams()) {
        Capture* one = each->capture.get();
        if (!one || one->mode == RELAXED || (one->mode == THREAD_LOCAL && one->thread != std::this_thread::get_id())) continue;
        one->invalid = true;
        return note(STREAM_CAPTURE_UNSUPPORTED, "%s while a stream is captured", call);
    }
    return SUCCESS;
}

}  // namespace driver

using namespace driver;

DRIVER_API cuStreamBeginCapture_v2(void* handle, int mode) {
    NEEDS_CONTEXT;
    Stream* some = stream(handle);
    if (!some) return INVALID_HANDLE;
    if (some == stream(nullptr)) return note(STREAM_CAPTURE_UNSUPPORTED, "the stream NULL can't be captured");
    if (some->capture) return note(INVALID_VALUE, "the stream is being captured already");
    if (mode < 0 || mode > RELAXED) return INVALID_VALUE;
    some->capture = std::make_shared<Capture>(Capture{some, mode, std::this_thread::get_id()});
    some->frontier.clear();
    return SUCCESS;
}

DRIVER_API cuStreamEndCapture(void* handle, void** graph) {
    NEEDS_CONTEXT;
    *graph = nullptr;
    Stream* some = stream(handle);
    if (!some) return INVALID_HANDLE;
    auto one = some->capture;
    if (!one) return note(INVALID_VALUE, "the stream is not being captured");
    if (one->origin != some) return STREAM_CAPTURE_UNMATCHED;
    const bool loose = unjoined(*one);
    for (Stream* each : allStreams())
        if (each->capture == one) each->capture.reset();
    if (one->invalid) return STREAM_CAPTURE_INVALIDATED;
    if (loose) return note(STREAM_CAPTURE_UNJOINED, "work of a stream that joined the capture was not waited for");
    auto fresh = std::make_shared<Graph>(Graph{std::move(one->nodes)});
    *graph = fresh.get();
    graphs[*graph] = fresh;
    return SUCCESS;
}

DRIVER_API cuStreamIsCapturing(void* handle, int* status) {
    NEEDS_CONTEXT;
    Stream* some = stream(handle);
    if (!some) return INVALID_HANDLE;
    *status = !some->capture ? 0 : some->capture->invalid ? 2 : 1;
    return SUCCESS;
}

DRIVER_API cuGraphGetNodes(void* graph, void**, size_t* count) {
    NEEDS_CONTEXT;
    auto found = graphs.find(graph);
    if (found == graphs.end()) return INVALID_HANDLE;
    *count = found->second->nodes.size();
    return SUCCESS;
}

DRIVER_API cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
    NEEDS_CONTEXT;
    auto found = graphs.find(graph);
    if (found == graphs.end()) return INVALID_HANDLE;
    auto fresh = std::make_shared<Graph>(Graph{youngestFirst(found->second->nodes)});
    *executable = fresh.get();
    executables[*executable] = fresh;
    return SUCCESS;
}

DRIVER_API cuGraphUpload(void* executable, void* on) {
    NEEDS_CONTEXT;
    return executables.count(executable) && stream(on) ? SUCCESS : INVALID_HANDLE;
}

DRIVER_API cuGraphLaunch(void* executable, void* on) {
    NEEDS_CONTEXT;
    auto found = executables.find(executable);
    Stream* some = stream(on);
    if (found == executables.end() || !some) return INVALID_HANDLE;
    return give(some, [graph = found->second] { return replay(*graph); });
}

DRIVER_API cuGraphExecDestroy(void* executable) {
    NEEDS_CONTEXT;
    return executables.erase(executable) ? SUCCESS : INVALID_HANDLE;
}

DRIVER_API cuGraphDestroy(void* graph) {
    NEEDS_CONTEXT;
    return graphs.erase(graph) ? SUCCESS : INVALID_HANDLE;
}
