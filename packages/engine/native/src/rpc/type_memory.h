#pragma once

#include <sys/types.h>

#include <cstdint>
#include <list>
#include <memory>

#include <nlohmann/json.hpp>

#include "capture/capture_request.h"

namespace firstchance {

//! \brief Names of types that earlier censuses learnt, by process: of the processes looked at last.
class TypeMemory {
public:
    static constexpr std::size_t kMostProcesses = 8;
    static constexpr std::size_t kMostTypes = 50'000; //!< of one process

    //! \brief A process, whatever uses its id later.
    struct Process {
        pid_t pid = 0;
        std::uint64_t startTime = 0;
        bool operator==(const Process&) const = default;
    };

    //! \brief What is known; null if nothing is.
    [[nodiscard]] std::shared_ptr<const KnownTypes> of(const Process& process);
    //! \brief Takes in a message {runtimeBase, types: [[methodTable, name, module]]} of a census; what is
    //! known of another runtime at another base is forgotten.
    void learn(const Process& process, const nlohmann::json& message);

private:
    struct Entry {
        Process process;
        std::shared_ptr<const KnownTypes> known;
    };
    std::list<Entry> entries_; //!< last used first
};

} // namespace firstchance
