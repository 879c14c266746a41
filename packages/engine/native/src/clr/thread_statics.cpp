#include "clr/thread_statics.h"

#include <optional>

#include "clr/contract_descriptor.h"
#include "clr/dac_interfaces.h"
#include "clr/dac_threads.h"
#include "clr/objects.h"

namespace firstchance {
namespace {

//! \brief ThreadLocalData of dotnet/runtime src/coreclr/vm/threadstatics.h, .NET 9 and 10.
struct ThreadLocalData {
    std::int32_t count, collectibleCount;
    std::uint64_t array, collectibleHandles, thread, inFlight;
};

bool hasRuntimeArrays(Dac& dac) {
    return !dac.runtime().version.starts_with("8.") && static_cast<bool>(dac.interfaces().sos14);
}

//! \brief The thread's data at \p offset in the runtime's Thread; nothing if it is not that: it points back.
std::optional<ThreadLocalData> dataAt(Dac& dac, Address thread, std::uint64_t offset) {
    const Address data = referenceAt(dac, thread + offset);
    if (data.isNull() || data.value() % 8 != 0) {
        return std::nullopt;
    }
    auto found = dac.readValue<ThreadLocalData>(data);
    return found && Address(found->thread) == thread && found->count >= 0 && found->collectibleCount >= 0
               ? found
               : std::nullopt;
}

//! \brief Offset of Thread::ThreadLocalDataPtr. .NET 10 tells it in its contract descriptor, in .NET 9 the
//! pointer is found by what it points to.
std::optional<std::uint64_t> offsetOfData(Dac& dac, const std::vector<RuntimeThread>& threads) {
    constexpr std::uint64_t kScanned = 4096;
    if (const auto told = contractField(dac, "Thread", "ThreadLocalDataPtr")) {
        return told;
    }
    for (const RuntimeThread& thread : threads) {
        for (std::uint64_t offset = 8; offset < kScanned; offset += 8) {
            if (dataAt(dac, thread.address, offset)) {
                return offset;
            }
        }
    }
    return std::nullopt;
}

} // namespace

ThreadStatics readThreadStatics(Dac& dac) {
    ThreadStatics result;
    if (!hasRuntimeArrays(dac)) {
        return result;
    }
    const std::vector<RuntimeThread> threads = readRuntimeThreads(dac);
    const auto offset = offsetOfData(dac, threads);
    if (!offset) {
        return {{}, threads.empty(), "the thread statics could not be found"};
    }
    for (const RuntimeThread& thread : threads) {
        const auto data = dataAt(dac, thread.address, *offset);
        if (data && data->array != 0) {
            result.arrays.push_back({thread.data.osId, thread.data.managedId, Address(data->array)});
        }
    }
    return result;
}

} // namespace firstchance
