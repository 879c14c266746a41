#include "capture/facts.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "capture/facts_json.h"
#include "clr/modules.h"
#include "clr/stacks.h"
#include "heap/awaiting.h"
#include "heap/linear_census.h"

namespace firstchance {

using Json = nlohmann::json;

namespace {

//! \brief Frames kept per thread: a stack overflow has 20,000, and the last ones tell nothing new.
constexpr std::size_t kFrameLimit = 500;
constexpr std::size_t kTopTypes = 200;

void readModulesInto(Dac& dac, Facts& facts) {
    const auto modules = readModules(dac);
    if (!modules) {
        facts.notes.push_back(describe(modules.error()));
        return;
    }
    for (const ClrModule& module : *modules) {
        facts.modules.push_back(moduleToJson(module));
    }
}

//! \brief The managed frames of a stack as an exception's: at a fresh throw the object has no stack trace of
//! its own yet, the thread that throws it has. From .NET 9 on the throw itself is managed code, which no
//! stack trace shows.
Json framesFromThrow(const Json& stack) {
    Json frames = Json::array();
    for (const Json& frame : stack) {
        const bool dispatch = frame["method"].get_ref<const std::string&>().starts_with("System.Runtime.EH.");
        if (frame["kind"] == "managed" && !(frames.empty() && dispatch)) {
            frames.push_back(frame);
        }
    }
    return frames;
}

void readThreadsInto(Dac& dac, const FactsRequest& request, Facts& facts) {
    const auto threads = readThreads(dac);
    if (!threads) {
        facts.notes.push_back(describe(threads.error()));
        return;
    }
    std::size_t failed = 0;
    for (const ClrThread& thread : *threads) {
        Json json = threadToJson(thread);
        if (request.stacks && thread.osId != 0) {
            const auto stack = readStack(dac, thread.osId, kFrameLimit);
            json["stack"] = stack ? framesToJson(*stack) : Json::array();
            failed += stack ? 0U : 1U;
        }
        if (!thread.lastThrownObject.isNull()) {
            const auto exception = readException(dac, thread.lastThrownObject);
            json["exception"] = exception ? exceptionToJson(*exception) : Json();
        }
        facts.threads.push_back(std::move(json));
    }
    if (failed > 0) {
        facts.notes.push_back("The stacks of " + std::to_string(failed) + " of " +
                              std::to_string(threads->size()) + " managed threads could not be walked.");
    }
}

const Json* findThread(const Json& threads, pid_t osId) {
    const auto found =
        std::find_if(threads.begin(), threads.end(), [&](const Json& t) { return t["osId"] == osId; });
    return found == threads.end() ? nullptr : &*found;
}

void chooseException(Dac& dac, const FactsRequest& request, Facts& facts) {
    const Json* thread =
        request.threadOfInterest != 0 ? findThread(facts.threads, request.threadOfInterest) : nullptr;
    if (!request.exception.isNull()) {
        const auto exception = readException(dac, request.exception);
        if (!exception) {
            facts.notes.push_back(describe(exception.error()));
            return;
        }
        facts.exception = exceptionToJson(*exception);
    } else if (thread != nullptr) {
        facts.exception = (*thread)["exception"];
    } else {
        const auto has = [](const Json& t) { return !t["exception"].is_null(); };
        if (std::count_if(facts.threads.begin(), facts.threads.end(), has) == 1) {
            thread = &*std::find_if(facts.threads.begin(), facts.threads.end(), has);
            facts.exception = (*thread)["exception"];
        }
    }
    if (thread != nullptr && !facts.exception.is_null() && facts.exception["stack"].empty()) {
        facts.exception["stack"] = framesFromThrow((*thread)["stack"]);
    }
}

void readHeapInto(Dac& dac, const FactsRequest& request, Facts& facts) {
    auto heap = readGcHeap(dac);
    if (!heap) {
        facts.notes.push_back(describe(heap.error()));
        return;
    }
    facts.heap = std::move(*heap);
    if (!facts.heap->structuresValid) {
        facts.notes.push_back(
            "A garbage collection was under way: the managed heap cannot be walked in this copy.");
        return;
    }
    if (request.topTypes) {
        const auto census = countObjects(dac, *facts.heap, request.cancelled);
        if (!census) {
            facts.notes.push_back(describe(census.error()));
        } else {
            facts.topTypes = typesToJson(census->types, kTopTypes);
            if (!census->complete) {
                facts.notes.push_back("The count of objects is incomplete: " + census->why);
            }
        }
    }
    if (request.awaiting) {
        const auto awaiting = readAwaiting(dac, *facts.heap, request.cancelled);
        if (awaiting) {
            facts.awaiting = awaitingToJson(*awaiting);
        } else {
            facts.notes.push_back(describe(awaiting.error()));
        }
    }
}

} // namespace

Facts readFacts(const ProcessImage& image, Dac& dac, const FactsRequest& request) {
    static_cast<void>(image);
    Facts facts;
    readModulesInto(dac, facts);
    readThreadsInto(dac, request, facts);
    chooseException(dac, request, facts);
    facts.pagesWithoutHeap = dac.touchedPages();
    readHeapInto(dac, request, facts);
    return facts;
}

const char* architectureName() {
#if defined(__x86_64__)
    return "x64";
#elif defined(__aarch64__)
    return "arm64";
#endif
}

const char* runtimeKindName(RuntimeKind kind) {
    switch (kind) {
    case RuntimeKind::CoreClr: return "coreclr";
    case RuntimeKind::SingleFile: return "single-file";
    case RuntimeKind::NativeAot: return "nativeaot";
    case RuntimeKind::Mono: return "mono";
    case RuntimeKind::None: return "none";
    }
    return "none";
}

std::string hexAddress(Address address) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "0x%llx", static_cast<unsigned long long>(address.value()));
    return text.data();
}

} // namespace firstchance
