#include "clr/fields.h"

#include <algorithm>

#include "clr/dac_interfaces.h"
#include "clr/metadata_tables.h"

namespace firstchance {
namespace {

constexpr int kDeepestHierarchy = 200;

} // namespace

std::optional<MetadataTables> moduleMetadata(Dac& dac, Address module) {
    const auto data = dac.interfaces().get<dac::Module>(dac::Sos::GetModuleData, module);
    if (!data || data->metadata == 0 || data->metadataSize > UINT32_MAX) {
        return std::nullopt;
    }
    return MetadataTables::parse(ImageBytes::memory(dac, Address(data->metadata), data->metadataSize));
}

std::vector<InstanceField> declaredFields(Dac& dac, Address methodTable) {
    Dac::Interfaces& interfaces = dac.interfaces();
    std::vector<InstanceField> fields;
    const auto type = interfaces.get<dac::MethodTable>(dac::Sos::GetMethodTableData, methodTable);
    const auto summary = interfaces.get<dac::FieldSummary>(dac::Sos::GetMethodTableFieldData, methodTable);
    if (!type || !summary) {
        return fields;
    }
    std::size_t inherited = 0;
    if (type->parent != 0) {
        const auto base =
            interfaces.get<dac::FieldSummary>(dac::Sos::GetMethodTableFieldData, Address(type->parent));
        inherited = base ? base->instanceFields : 0;
    }
    const auto metadata = moduleMetadata(dac, Address(type->module));
    const std::size_t all = summary->instanceFields + summary->staticFields;
    const std::size_t count = std::min(all > inherited ? all - inherited : 0, kMostFields);
    std::uint64_t address = summary->firstField;
    for (std::size_t i = 0; i < count && address != 0; ++i) {
        const auto field = interfaces.get<dac::Field>(dac::Sos::GetFieldDescData, Address(address));
        if (!field) {
            break;
        }
        if (field->isStatic == 0 && field->isThreadLocal == 0) {
            fields.push_back({metadata ? metadata->fieldName(field->token) : std::string(), field->offset,
                              field->elementType, Address(field->typeMethodTable)});
        }
        address = field->next;
    }
    return fields;
}

std::optional<InstanceField> findField(Dac& dac, Address methodTable, std::string_view name) {
    for (int depth = 0; depth < kDeepestHierarchy && !methodTable.isNull(); ++depth) {
        for (InstanceField& field : declaredFields(dac, methodTable)) {
            if (field.name == name) {
                return std::move(field);
            }
        }
        const auto type = dac.interfaces().get<dac::MethodTable>(dac::Sos::GetMethodTableData, methodTable);
        methodTable = Address(type ? type->parent : 0);
    }
    return std::nullopt;
}

std::uint32_t declaredMethod(Dac& dac, Address methodTable, std::string_view name) {
    const auto type = dac.interfaces().get<dac::MethodTable>(dac::Sos::GetMethodTableData, methodTable);
    const auto metadata = type ? moduleMetadata(dac, Address(type->module)) : std::nullopt;
    return metadata ? metadata->methodToken(type->token, name) : 0;
}

} // namespace firstchance
