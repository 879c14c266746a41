#include "clr/static_fields.h"

#include <unordered_map>

#include "clr/dac_interfaces.h"
#include "clr/fields.h"
#include "clr/loaded_types.h"
#include "clr/objects.h"
#include "clr/static_base.h"
#include "clr/type_names.h"

namespace firstchance {
namespace {

//! \brief CorElementType of fields that take a slot among the references: string, struct (boxed), class,
//! object, arrays.
bool takesReference(std::uint32_t elementType) {
    return elementType == 0x0E || elementType == 0x11 || elementType == 0x12 || elementType == 0x14 ||
           elementType == 0x1C || elementType == 0x1D;
}

//! \brief True of fields whose value lies in the module's file; FieldDesc of .NET 8 to 10: the enclosing
//! type, then 24 bits of token, static, thread static, mapped.
bool isMapped(Dac& dac, Address fieldDesc) {
    constexpr std::uint32_t kMapped = 1U << 26U;
    const auto bits = dac.readValue<std::uint32_t>(fieldDesc + 8);
    return !bits || (*bits & kMapped) != 0;
}

class StaticReader {
public:
    explicit StaticReader(Dac& dac) : dac_(dac) {}

    std::vector<StaticField> read() {
        for (const Address type : loadedTypes(dac_)) {
            readType(type);
        }
        return std::move(fields_);
    }

private:
    void readType(Address methodTable) {
        Dac::Interfaces& interfaces = dac_.interfaces();
        const auto summary =
            interfaces.get<dac::FieldSummary>(dac::Sos::GetMethodTableFieldData, methodTable);
        if (!summary || summary->staticFields == 0) {
            return;
        }
        const auto type = interfaces.get<dac::MethodTable>(dac::Sos::GetMethodTableData, methodTable);
        const Address base = type ? staticReferencesOf(dac_, methodTable, *type) : Address();
        const MetadataTables* metadata = base.isNull() ? nullptr : metadataOf(Address(type->module));
        if (metadata == nullptr) {
            return;
        }
        // The fields of a class stand together, statics behind the others; base types have their own.
        const std::size_t all = std::size_t{summary->instanceFields} + summary->staticFields;
        std::uint64_t address = summary->firstField;
        std::size_t statics = 0;
        for (std::size_t i = 0;
             i < std::min(all, kMostFields) && statics < summary->staticFields && address != 0; ++i) {
            const auto field = interfaces.get<dac::Field>(dac::Sos::GetFieldDescData, Address(address));
            if (!field) {
                break;
            }
            if (field->isStatic != 0) {
                statics += 1;
                addField(methodTable, *metadata, Address(address), *field, base);
            }
            address = field->next;
        }
    }

    void addField(Address methodTable, const MetadataTables& metadata, Address fieldDesc,
                  const dac::Field& field, Address base) {
        if (field.isThreadLocal != 0 || field.isContextLocal != 0 || !takesReference(field.elementType) ||
            isMapped(dac_, fieldDesc)) {
            return;
        }
        const Address slot = base + field.offset;
        const Address object = referenceAt(dac_, slot);
        const std::string name = object.isNull() ? std::string() : metadata.fieldName(field.token);
        if (!name.empty()) {
            fields_.push_back({typeName(dac_, methodTable) + "." + name, slot, object});
        }
    }

    const MetadataTables* metadataOf(Address module) {
        auto known = metadata_.find(module.value());
        if (known == metadata_.end()) {
            known = metadata_.emplace(module.value(), moduleMetadata(dac_, module)).first;
        }
        return known->second ? &*known->second : nullptr;
    }

    Dac& dac_;
    std::unordered_map<std::uint64_t, std::optional<MetadataTables>> metadata_;
    std::vector<StaticField> fields_;
};

} // namespace

std::vector<StaticField> readStaticFields(Dac& dac) {
    return StaticReader(dac).read();
}

} // namespace firstchance
