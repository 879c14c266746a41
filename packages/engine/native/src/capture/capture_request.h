#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/address.h"
#include "base/result.h"
#include "clr/type_names.h"

namespace firstchance {

//! \brief Focus: of the managed heap only what is near the exception. Auto: Focus where the managed heap is
//! large, else Heap; the worker decides.
enum class DumpKind { Mini, Focus, Heap, Full, Auto };
[[nodiscard]] const char* dumpKindName(DumpKind kind);
[[nodiscard]] std::optional<DumpKind> parseDumpKind(const std::string& name);

//! \brief What to write of a frozen process, and where.
struct DumpRequest {
    DumpKind kind = DumpKind::Heap;
    bool compressed = true;
    int level = 0;                   //!< of zstd; 0: by the size of the core
    int threads = 0;                 //!< 0: as many as the machine has to give
    int focusBudgetBytes = 16 << 20; //!< of managed memory in a dump of kind Focus, in whole pages
};

//! \brief What becomes of a snapshot: decided before it is taken, or, for an agent's ask, while it is frozen.
struct KeepDecision {
    std::string folder; //!< absolute, exists
    std::optional<DumpRequest> dump;
    bool stacks = true;
    bool topTypes = true;
};

//! \brief How to freeze a process: what all work on a frozen copy begins with.
struct SnapshotRequest {
    pid_t pid = 0;
    std::string method; //!< "clone", "copy", "stop", or empty for the ladder
    std::chrono::milliseconds gcRetry{500};
    std::chrono::milliseconds deadline{0}; //!< for the whole work; 0: none
    Address gcCounter;                     //!< of the runtime in pid when known already
};

//! \brief One capture, as `capture/take` or an agent asks for it.
struct CaptureRequest : SnapshotRequest {
    pid_t threadId = 0;    //!< thread of interest, 0 for none
    Address exception;     //!< object address at the moment of the ask, null for none
    bool throwing = false; //!< asked from inside a throw: no collection can be under way
    bool crowded = false;  //!< another copy is still being written: the next throw may wait for this one
    std::optional<KeepDecision>
        keep; //!< absent: ask with the event "resumed", the answer comes over the channel
};

//! \brief Names of types that cannot be unloaded, of one runtime in one process: asking the runtime's library
//! for them is most of the work on a small heap.
struct KnownTypes {
    Address runtimeBase; //!< after execve(2) there is another runtime under the same pid
    TypeLabels labels;
};

//! \brief Where the heap file of a census goes, and what it holds.
struct GraphRequest {
    std::string folder; //!< absolute, exists
    bool dominators = false;
    bool native = false; //!< also which objects hold how much native memory
};

//! \brief One census, as `census/take` asks for it.
struct CensusRequest : SnapshotRequest {
    std::optional<GraphRequest> graph;       //!< also write the heap file
    std::string engineVersion;               //!< for the heap file
    std::shared_ptr<const KnownTypes> known; //!< from earlier ones of the same process; may be null
};

//! \brief Reads the params of `capture/take`.
[[nodiscard]] Result<CaptureRequest> parseCaptureRequest(const nlohmann::json& params);
//! \brief Reads the params of `census/take`.
[[nodiscard]] Result<CensusRequest> parseCensusRequest(const nlohmann::json& params);
//! \brief Reads `{folder, dump, stacks, topTypes}` (docs/engine-rpc.md).
[[nodiscard]] Result<KeepDecision> parseKeepDecision(const nlohmann::json& params);

//! \brief An error as it travels between our processes and over the RPC, and back.
[[nodiscard]] nlohmann::json errorToJson(const Error& error);
[[nodiscard]] Error errorFromJson(const nlohmann::json& json);

} // namespace firstchance
