#include "capture/census_process.h"

#include <chrono>

#include "capture/census_worker.h"
#include "capture/child_process.h"
#include "capture/frozen_target.h"
#include "capture/worker_supervisor.h"
#include "linux/process_status.h"
#include "memory/descriptors.h"

namespace firstchance {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

//! \brief Longest silence of the worker: it says nothing before it has read the whole heap.
constexpr std::chrono::seconds kWorkerLimit{300};
//! \brief A heap that cannot be read whole is looked at once more: as a rule a thread was just allocating
//! there.
constexpr int kMostSnapshots = 3;

//! \brief What the kernel counts and a copy does not hold, read while all threads stand.
struct LiveCounts {
    std::optional<DescriptorCounts> descriptors;
    std::optional<std::uint64_t> residentBytes;

    void read(pid_t pid) {
        descriptors = countDescriptors(pid);
        const auto status = readProcessStatus(pid);
        residentBytes = status ? std::optional(status->residentBytes) : std::nullopt;
    }
    void addTo(Json& channels) const {
        if (descriptors) {
            channels["fileDescriptors"] = descriptors->all;
            channels["sockets"] = descriptors->sockets;
        }
        if (residentBytes) {
            channels["residentBytes"] = *residentBytes;
        }
    }
};

Result<Json> superviseCensus(const FrozenProcess& image, const CensusRequest& request, LineChannel& engine) {
    Json census;
    std::optional<Error> error;
    const auto end =
        runWorkerProcess([&](LineChannel& channel) { return runCensusWorker(image, request, channel); },
                         [&](const Json& message) {
                             const std::string event = message.value("event", "");
                             if (event == "progress") {
                                 engine.send(message);
                             } else if (event == "census") {
                                 census = message;
                             } else if (event == "error") {
                                 error = errorFromJson(message["error"]);
                             }
                             return event != "progress";
                         },
                         [] { return kWorkerLimit; });
    if (!end) {
        return fail(end.error());
    }
    if (error) {
        return fail(*error);
    }
    if (!census.is_object() && !cancellationFlag()) {
        return fail(
            {ErrorCode::DacFailed, "Reading the heap of process " + std::to_string(request.pid),
             "the worker that reads it through the runtime's debugging library ended with " + end->death, "",
             0});
    }
    return census;
}

//! \brief One snapshot, read and let go.
Result<Json> takeOnce(const CensusRequest& request, LineChannel& engine, std::vector<std::string>& notes) {
    LiveCounts live;
    auto taken = freezeTarget(request, engine, [&] { live.read(request.pid); });
    if (!taken) {
        return fail(taken.error());
    }
    engine.send({{"event", "progress"}, {"value", {{"phase", "inspect"}}}});
    FrozenProcess& process = *taken->process;
    auto message = superviseCensus(process, request, engine);
    const auto read = Clock::now();
    const auto released = releaseInTurn(request, process);
    if (cancellationFlag()) {
        return fail(cancelledError("Counting what lives in", request));
    }
    if (!message) {
        return message;
    }
    if (!(*message)["newTypes"].empty()) {
        engine.send({{"event", "types"},
                     {"runtimeBase", (*message)["runtimeBase"]},
                     {"types", std::move((*message)["newTypes"])}});
    }
    notes = taken->notes;
    if (!released) {
        notes.push_back(describe(released.error()));
    }
    Json result = frozenToJson(request, process, (*message)["runtime"], (*message)["gcValid"]);
    Json census = std::move((*message)["census"]);
    live.addTo(census["channels"]);
    result["timings"].update(census["timings"]);
    result["timings"]["releaseMs"] = std::chrono::duration<double, std::milli>(Clock::now() - read).count();
    census.erase("timings");
    result.update(census);
    (*message)["result"] = std::move(result);
    return message;
}

} // namespace

int runCensusProcess(CensusRequest request, LineChannel& engine) {
    const auto start = Clock::now();
    engine.send({{"event", "progress"}, {"value", {{"phase", "prepare"}}}});
    std::vector<std::string> notes;
    for (int attempt = 1;; ++attempt) {
        auto message = takeOnce(request, engine, notes);
        if (!message) {
            return sendError(engine, message.error());
        }
        if ((*message)["retry"] == true && attempt < kMostSnapshots &&
            Clock::now() - start < request.gcRetry + std::chrono::seconds(1)) {
            // Now its address is known: the next pause waits for a good moment.
            request.gcCounter = Address((*message)["gcCounter"].get<std::uint64_t>());
            continue;
        }
        Json& result = (*message)["result"];
        if (attempt > 1) {
            notes.push_back("The process was frozen " + std::to_string(attempt) + " times.");
        }
        result["durationMs"] = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
        result["notes"] = notes;
        engine.send({{"event", "result"}, {"result", std::move(result)}});
        return 0;
    }
}

} // namespace firstchance
