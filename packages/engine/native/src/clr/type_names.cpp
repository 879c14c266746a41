#include "clr/type_names.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "clr/dac_interfaces.h"
#include "clr/module_files.h"
#include "clr/type_name_syntax.h"

namespace firstchance {

std::string typeName(Dac& dac, Address methodTable) {
    auto& names = dac.interfaces().typeNames;
    if (const auto known = names.find(methodTable.value()); known != names.end()) {
        return known->second;
    }
    const auto raw = dac.interfaces().text(dac::Sos::GetMethodTableName, methodTable);
    std::string name;
    // The first is what the DAC says of a collectible type whose load context is going away. Compilers make
    // types whose names begin so too: "<>f__AnonymousType0".
    if (raw && !raw->empty() && *raw != "<Unloaded Type>") {
        name = readableName(*raw);
    } else {
        std::array<char, 48> text{};
        std::snprintf(text.data(), text.size(), "<unknown type 0x%llx>",
                      static_cast<unsigned long long>(methodTable.value()));
        name = text.data();
    }
    return names.emplace(methodTable.value(), std::move(name)).first->second;
}

bool isMethodTable(Dac& dac, Address address) {
    constexpr std::uint64_t kClassOffset = 40;
    constexpr std::uint64_t kTag = 3; // set: not the class but the MethodTable that owns it
    constexpr std::size_t kClassWords = 4;
    auto word = dac.readValue<std::uint64_t>(address + kClassOffset);
    if (word && (*word & kTag) != 0) {
        address = Address(*word & ~kTag);
        word = dac.readValue<std::uint64_t>(address + kClassOffset);
    }
    if (!word || *word == 0 || *word % 8 != 0) {
        return false;
    }
    const auto words = dac.readValue<std::array<std::uint64_t, kClassWords>>(Address(*word));
    return words && std::find(words->begin(), words->end(), address.value()) != words->end();
}

std::string typeModule(Dac& dac, Address methodTable) {
    const auto type = dac.interfaces().get<dac::MethodTable>(dac::Sos::GetMethodTableData, methodTable);
    return type && type->module != 0 ? fileName(moduleFile(dac, Address(type->module))) : std::string();
}

} // namespace firstchance
