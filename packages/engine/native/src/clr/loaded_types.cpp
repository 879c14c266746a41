#include "clr/loaded_types.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/page_size.h"
#include "clr/dac_interfaces.h"
#include "clr/loader_heaps.h"
#include "clr/modules.h"
#include "clr/type_names.h"

namespace firstchance {
namespace {

constexpr std::size_t kMostTypes = 10'000'000;

// MethodTable of .NET 8 to 10: parent, module (in 8 the loader module), auxiliary data, class or canonical
// MethodTable, 8 bytes each.
constexpr std::uint64_t kModuleOffset = 24;

void takeType(std::uint32_t /*index*/, std::uint64_t methodTable, void* types) {
    static_cast<std::vector<Address>*>(types)->emplace_back(methodTable);
}

//! \brief Places in a block that may be MethodTables.
void findCandidates(Dac& dac, AddressRange block, const std::vector<std::uint64_t>& modules,
                    std::vector<Address>& found) {
    std::array<std::uint64_t, kPageBytes / 8> words{};
    for (Address at = block.begin; at < block.end; at = (at + 1).alignUp(kPageBytes)) {
        const std::size_t size = std::min((at + 1).alignUp(kPageBytes), block.end) - at;
        const auto bytes = std::as_writable_bytes(std::span(words)).first(size);
        const std::size_t got = dac.image().read(at, bytes);
        for (std::size_t i = 0; i < got / 8; ++i) {
            if (words[i] >= modules.front() && words[i] <= modules.back() &&
                std::binary_search(modules.begin(), modules.end(), words[i])) {
                found.push_back(at + 8 * i - kModuleOffset);
            }
        }
    }
}

} // namespace

std::vector<Address> loadedTypes(Dac& dac) {
    Dac::Interfaces& interfaces = dac.interfaces();
    const std::uint64_t allocator = globalLoaderAllocator(dac);
    std::vector<Address> types;
    std::vector<std::uint64_t> modules;
    for (const Address address : moduleAddresses(dac)) {
        constexpr std::uint32_t kTypeDefToMethodTable = 0;
        const auto module = interfaces.get<dac::Module>(dac::Sos::GetModuleData, address);
        if (!module || (allocator != 0 && module->loaderAllocator != allocator)) {
            continue;
        }
        modules.push_back(address.value());
        interfaces.call(dac::Sos::TraverseModuleMap, kTypeDefToMethodTable, address.value(), &takeType,
                        static_cast<void*>(&types));
    }
    std::sort(modules.begin(), modules.end());
    std::unordered_set<std::uint64_t> seen;
    for (const Address type : types) {
        seen.insert(type.value());
    }
    std::vector<Address> candidates;
    if (allocator != 0 && !modules.empty()) {
        for (const AddressRange& block : loaderHeapBlocks(dac, allocator)) {
            findCandidates(dac, block, modules, candidates);
        }
    }
    for (const Address candidate : candidates) {
        if (types.size() < kMostTypes && seen.insert(candidate.value()).second &&
            isMethodTable(dac, candidate) &&
            interfaces.get<dac::MethodTable>(dac::Sos::GetMethodTableData, candidate)) {
            types.push_back(candidate);
        }
    }
    return types;
}

} // namespace firstchance
