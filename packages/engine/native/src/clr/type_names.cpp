#include "clr/type_names.h"

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
    // "<Unloaded Type>" is what the DAC says of a collectible type whose load context is going away.
    if (raw && !raw->empty() && raw->front() != '<') {
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
    return dac.interfaces().get<dac::MethodTable>(dac::Sos::GetMethodTableData, address).has_value();
}

std::string typeModule(Dac& dac, Address methodTable) {
    const auto type = dac.interfaces().get<dac::MethodTable>(dac::Sos::GetMethodTableData, methodTable);
    return type && type->module != 0 ? fileName(moduleFile(dac, Address(type->module))) : std::string();
}

} // namespace firstchance
