#include "clr/methods.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "clr/dac_interfaces.h"
#include "clr/module_files.h"
#include "clr/type_name_syntax.h"

namespace firstchance {
namespace {

constexpr std::uint32_t kMethodDefTable = 0x06000000;
constexpr std::uint32_t kTableMask = 0xFF000000;

//! \brief CLRDATA_IL_ADDRESS_MAP
struct IlMapEntry {
    std::uint32_t ilOffset;
    std::uint64_t begin, end;
    std::uint32_t type;
};
static_assert(sizeof(IlMapEntry) == 32);

//! \brief Values of ilOffset from here on mark prolog, epilog and code without IL.
constexpr std::uint32_t kFirstSpecialOffset = 0xFFFFFFFD;

//! \brief For a generic method the DAC looks through all types that are loaded, and reads megabytes.
com::Reference methodAt(Dac::Interfaces& interfaces, Address address) {
    com::Reference method;
    std::uint64_t handle = 0;
    void* process = interfaces.process.get();
    if (com::call(process, dac::slot::kProcessStartEnumMethodInstancesByAddress, address.value(),
                  static_cast<void*>(nullptr), &handle) != com::kOk) {
        return method;
    }
    if (com::call(process, dac::slot::kProcessEnumMethodInstanceByAddress, &handle, method.out()) !=
        com::kOk) {
        method = {};
    }
    com::call(process, dac::slot::kProcessEndEnumMethodInstancesByAddress, handle);
    return method;
}

std::vector<IlMapEntry> ilMapOf(const com::Reference& method) {
    constexpr std::uint32_t kMost = 1'000'000;
    std::uint32_t needed = 0;
    std::vector<IlMapEntry> map;
    if (com::call(method.get(), dac::slot::kMethodInstanceGetIlAddressMap, std::uint32_t{0}, &needed,
                  static_cast<IlMapEntry*>(nullptr)) < 0) {
        return map;
    }
    map.resize(std::min(needed, kMost));
    if (com::call(method.get(), dac::slot::kMethodInstanceGetIlAddressMap,
                  static_cast<std::uint32_t>(map.size()), &needed, map.data()) < 0) {
        map.clear();
    }
    return map;
}

//! \brief What the map of the code at \p address says. A method that got hot has several codes, and this is
//! the only question that the DAC answers by address: the map above is of one of them.
std::optional<std::uint32_t> mappedOffset(const com::Reference& method, Address address) {
    std::array<std::uint32_t, 16> offsets{};
    std::uint32_t count = 0;
    if (com::call(method.get(), dac::slot::kMethodInstanceGetIlOffsetsByAddress, address.value(),
                  static_cast<std::uint32_t>(offsets.size()), &count, offsets.data()) < 0) {
        return std::nullopt;
    }
    // Several when entries of calls and of statements overlap: the last begins nearest to the address.
    const auto found = std::span(offsets).first(std::min<std::size_t>(count, offsets.size()));
    const auto last = std::find_if(found.rbegin(), found.rend(),
                                   [](std::uint32_t offset) { return offset < kFirstSpecialOffset; });
    return last == found.rend() ? std::nullopt : std::optional(*last);
}

//! \brief The last offset before \p address: the JIT maps the points where the evaluation stack is empty,
//! code between two of them belongs to the earlier. Nothing when \p map is of another code of the method.
std::optional<std::uint32_t> offsetBefore(const std::vector<IlMapEntry>& map, Address address) {
    std::optional<std::uint32_t> best;
    std::uint64_t bestBegin = 0;
    bool within = false;
    for (const IlMapEntry& entry : map) {
        within = within || (entry.begin <= address.value() && address.value() < entry.end);
        if (entry.ilOffset < kFirstSpecialOffset && entry.begin <= address.value() &&
            entry.begin >= bestBegin) {
            best = entry.ilOffset;
            bestBegin = entry.begin;
        }
    }
    return within ? best : std::nullopt;
}

} // namespace

void describeMethod(Dac& dac, Address methodDesc, ClrFrame& frame) {
    Dac::Interfaces& interfaces = dac.interfaces();
    frame.method = readableName(interfaces.text(dac::Sos::GetMethodDescName, methodDesc).value_or(""));
    dac::MethodDesc method{};
    if (interfaces.call(dac::Sos::GetMethodDescData, methodDesc.value(), std::uint64_t{0}, &method,
                        std::uint32_t{0}, static_cast<void*>(nullptr),
                        static_cast<std::uint32_t*>(nullptr)) < 0) {
        return;
    }
    frame.modulePath = moduleFile(dac, Address(method.module));
    frame.module = fileName(frame.modulePath);
    // Dynamic methods have a token of row 0 or none.
    const bool real = (method.token & kTableMask) == kMethodDefTable && (method.token & ~kTableMask) != 0 &&
                      method.isDynamic == 0;
    frame.token = real ? method.token : 0;
}

Address methodDescAt(Dac& dac, Address address) {
    std::uint64_t method = 0;
    return dac.interfaces().call(dac::Sos::GetMethodDescPtrFromIP, address.value(), &method) == com::kOk
               ? Address(method)
               : Address();
}

std::optional<std::uint32_t> ilOffsetAt(Dac& dac, Address address) {
    return ilOffsetIn(methodAt(dac.interfaces(), address), address);
}

std::optional<std::uint32_t> ilOffsetIn(const com::Reference& method, Address address) {
    if (!method) {
        return std::nullopt;
    }
    const auto mapped = mappedOffset(method, address);
    return mapped ? mapped : offsetBefore(ilMapOf(method), address);
}

} // namespace firstchance
