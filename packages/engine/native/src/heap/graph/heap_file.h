#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "heap/graph/dominators.h"
#include "heap/graph/heap_graph.h"
#include "heap/native/native_owners.h"

namespace firstchance {

//! \brief A managed module of the process that was loaded from a file.
struct HeapFileModule {
    std::string name; //!< "Shop.dll", as types have it
    std::string path; //!< as the process sees it
    std::string mvid; //!< module version id, lower case with dashes; empty if unreadable
};

//! \brief What a heap file says about its process beside the objects (docs/heap-file.md, meta).
struct HeapFileMeta {
    std::string engine; //!< version of the engine
    std::string time;   //!< ISO 8601, UTC
    pid_t pid = 0;
    std::string name;
    std::vector<std::string> commandLine;
    std::string runtime;      //!< "10.0.12"
    std::string architecture; //!< "x64", "arm64"
    double pauseMs = 0;
    bool serverGc = false;
    std::uint64_t freeBytes = 0; //!< free space between the objects of the heap
    std::vector<std::string> notes;
    std::vector<HeapFileModule> modules; //!< in loading order
};

struct HeapFileWritten {
    std::uint64_t bytes = 0;   //!< of the file
    std::uint64_t objects = 0; //!< reachable ones: the nodes of the file
    std::uint64_t objectBytes = 0;
    std::uint64_t unreachableObjects = 0;
    std::uint64_t unreachableBytes = 0;
};

//! \brief Writes the reachable objects of \p graph as a heap file; with \p dominators (may be null) also who
//! dominates and what is retained, with \p native (may be null) which native memory objects hold.
//!
//! Needs graph.addresses and graph.reachableBits. The file appears under \p path only when it is whole, with
//! mode 0600. Memory: 1 MB, half a bit per node, and the texts. Errors: InvalidArgument (graph without
//! addresses or marks), Unsupported (too many nodes or edges for 32 bits), OutputNotWritable, DiskFull,
//! Cancelled.
[[nodiscard]] Result<HeapFileWritten> writeHeapFile(const HeapGraph& graph, const Dominators* dominators,
                                                    const HeapFileMeta& meta, const std::string& path,
                                                    const std::atomic<bool>* cancelled = nullptr,
                                                    const NativeOwners* native = nullptr);

} // namespace firstchance
