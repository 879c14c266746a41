#pragma once

#include <pthread.h>

#include <cstdint>

#include "agent/address_map.h"
#include "agent/arena.h"
#include "agent/clr_api.h"
#include "agent/protocol.h"
#include "agent/text.h"

namespace firstchance::agent {

//! \brief A module's file name, kept for ever and once per path.
struct ModuleInfo {
    Text name;
    std::uint64_t pathHash = 0;
    bool isFramework = false;
    ModuleInfo* next = nullptr;
};

struct StackFrame {
    const ModuleInfo* module = nullptr; //!< null: dynamic code
    MetadataToken method = 0;
};

//! \brief The managed frames of the throw, innermost first.
struct StackFrames {
    StackFrame frames[kMaxFrames];
    std::uint32_t count = 0;
};

//! \brief Modules by ModuleID, and the stack of the thread that is in a callback.
class StackReader {
public:
    //! \brief Some 25 ns per frame of the stack, deeper ones are not walked (a test's stack has 80 to 250).
    void read(void* profilerInfo, StackFrames& out);
    //! \brief A module is being unloaded.
    void forgetAddresses();

private:
    const ModuleInfo* moduleOf(void* profilerInfo, ModuleId module);

    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    Arena arena_;
    AddressMap modules_;
    ModuleInfo* all_ = nullptr;
};

//! \brief What two throws at the same place share: the type and module!token of the first three frames of the
//! program's own code; without such frames, of the first four. Code that the optimiser inlines further out
//! changes a physical stack, so more frames would make one place many.
[[nodiscard]] std::uint64_t placeKey(std::uint64_t typeHash, const StackFrames& stack);

} // namespace firstchance::agent
