#include "clr/dac_threads.h"

#include <unordered_set>

#include "clr/dac_interfaces.h"

namespace firstchance {

std::vector<RuntimeThread> readRuntimeThreads(Dac& dac) {
    constexpr std::size_t kMostThreads = 100'000;
    Dac::Interfaces& interfaces = dac.interfaces();
    std::vector<RuntimeThread> threads;
    dac::ThreadStore store{};
    if (interfaces.call(dac::Sos::GetThreadStoreData, &store) < 0) {
        return threads;
    }
    std::unordered_set<std::uint64_t> seen;
    std::uint64_t address = store.firstThread;
    while (address != 0 && threads.size() < kMostThreads && seen.insert(address).second) {
        const auto data = interfaces.get<dac::Thread>(dac::Sos::GetThreadData, Address(address));
        if (!data) {
            break;
        }
        threads.push_back({Address(address), *data});
        address = data->next;
    }
    return threads;
}

} // namespace firstchance
