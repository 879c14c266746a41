#include "clr/static_base.h"

#include <array>

#include "clr/dac_interfaces.h"
#include "clr/objects.h"

namespace firstchance {
namespace {

//! \brief .NET 8, of a generic instance: its number in its module's table of dynamic statics.
//!
//! Behind the MethodTable's fixed part lies, at a place that depends on the type, its GenericsStaticsInfo:
//! its own field descriptions, which name the type they belong to, and the number (dotnet/runtime 8.0
//! src/coreclr/vm/methodtable.h).
std::optional<std::uint64_t> dynamicNumber(Dac& dac, Address methodTable) {
    constexpr std::size_t kFirst = 6;
    constexpr std::uint64_t kMostNumbers = 1'000'000;
    std::array<std::uint64_t, 64> words{};
    const std::size_t got = dac.read(methodTable, std::as_writable_bytes(std::span(words))) / 8;
    for (std::size_t i = kFirst; i + 1 < got; ++i) {
        if (words[i] != 0 && words[i] % 8 == 0 && words[i + 1] < kMostNumbers &&
            referenceAt(dac, Address(words[i])) == methodTable) {
            return words[i + 1];
        }
    }
    return std::nullopt;
}

Address dynamicBase(Dac& dac, Address methodTable, const dac::DomainLocalModule& module) {
    constexpr std::uint64_t kEntrySize = 16; // entry, flags
    const auto number = dynamicNumber(dac, methodTable);
    if (!number || module.dynamicClassTable == 0) {
        return {};
    }
    const Address entry = referenceAt(dac, Address(module.dynamicClassTable) + kEntrySize * *number);
    return referenceAt(dac, entry);
}

} // namespace

Address staticReferencesOf(Dac& dac, Address methodTable, const dac::MethodTable& type) {
    Dac::Interfaces& interfaces = dac.interfaces();
    std::uint64_t others = 0;
    std::uint64_t references = 0;
    if (interfaces.sos14) {
        const com::HResult result = com::call(interfaces.sos14.get(), dac::slot::kSos14GetStaticBaseAddress,
                                              methodTable.value(), &others, &references);
        return Address(result >= 0 ? references : 0);
    }
    dac::DomainLocalModule module{};
    if (interfaces.call(dac::Sos::GetDomainLocalModuleDataFromModule, type.module, &module) < 0) {
        return {};
    }
    return type.dynamic != 0 ? dynamicBase(dac, methodTable, module) : Address(module.gcStatics);
}

} // namespace firstchance
