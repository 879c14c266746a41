#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/process_image.h"
#include "clr/dac.h"
#include "clr/exceptions.h"
#include "clr/gc_heap.h"
#include "clr/runtime_location.h"

namespace firstchance {

//! \brief What to read of a runtime, in the words of `capture/take` and `dump/inspect`.
struct FactsRequest {
    pid_t threadOfInterest = 0;
    Address exception;
    bool stacks = true;
    bool topTypes = true;
    bool awaiting = true;
    const std::atomic<bool>* cancelled = nullptr;
};

//! \brief What was read of a runtime, in the JSON shapes of docs/engine-rpc.md.
struct Facts {
    nlohmann::json exception;                          //!< ExceptionInfo or null
    nlohmann::json threads = nlohmann::json::array();  //!< [ThreadInfo]
    nlohmann::json awaiting = nlohmann::json::array(); //!< [AsyncNode]
    nlohmann::json topTypes; //!< [TypeInfo], or null when the heap could not be walked
    nlohmann::json modules = nlohmann::json::array(); //!< [ModuleInfo]
    std::optional<GcHeap> heap;
    //! Pages read for stacks, exceptions and modules alone: what a mini dump needs, without what counting the
    //! heap read.
    std::vector<AddressRange> pagesWithoutHeap;
    std::vector<std::string> notes; //!< what could not be read, and why
};

//! \brief Reads all of it; what fails is named in notes and does not stop the rest.
[[nodiscard]] Facts readFacts(const ProcessImage& image, Dac& dac, const FactsRequest& request);

//! \brief "x64" or "arm64": the engine reads only processes of its own architecture.
[[nodiscard]] const char* architectureName();

//! \brief "coreclr", "single-file", …
[[nodiscard]] const char* runtimeKindName(RuntimeKind kind);

[[nodiscard]] std::string hexAddress(Address address);

} // namespace firstchance
