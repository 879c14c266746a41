#include "clr/objects.h"

#include <algorithm>

#include "clr/dac_interfaces.h"
#include "clr/type_names.h"
#include "clr/utf16.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kMarkBits = 7;
constexpr std::uint32_t kStringKind = 0;
constexpr std::uint32_t kArrayKind = 3;

//! \brief CorElementType: string, class, object, array, single-dimension array, generic instance, variable.
bool isReferenceElement(std::uint32_t type) {
    return type == 0x0E || type == 0x12 || type == 0x1C || type == 0x14 || type == 0x1D;
}

} // namespace

Address methodTableOf(Dac& dac, Address object) {
    const auto value = object.isNull() ? std::nullopt : dac.readValue<std::uint64_t>(object);
    return Address(value.value_or(0) & ~kMarkBits);
}

Address referenceAt(Dac& dac, Address where) {
    return Address(where.isNull() ? 0 : dac.readValue<std::uint64_t>(where).value_or(0));
}

std::optional<std::string> stringAt(Dac& dac, Address object, std::size_t limit) {
    const auto data =
        object.isNull() ? std::nullopt : dac.interfaces().get<dac::Object>(dac::Sos::GetObjectData, object);
    const auto length = data && data->kind == kStringKind
                            ? dac.readValue<std::uint32_t>(object + kObjectHeader)
                            : std::nullopt;
    if (!length) {
        return std::nullopt;
    }
    std::u16string text(std::min<std::size_t>(*length, limit), u'\0');
    const auto bytes = std::as_writable_bytes(std::span(text));
    if (dac.read(object + kObjectHeader + 4, bytes) != bytes.size()) {
        return std::nullopt;
    }
    return toUtf8(text);
}

std::vector<Address> referenceArray(Dac& dac, Address object, std::size_t limit) {
    std::vector<Address> elements;
    const auto data =
        object.isNull() ? std::nullopt : dac.interfaces().get<dac::Object>(dac::Sos::GetObjectData, object);
    if (!data || data->kind != kArrayKind || !isReferenceElement(data->elementType)) {
        return elements;
    }
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(data->components, limit); ++i) {
        elements.push_back(referenceAt(dac, Address(data->arrayData) + 8 * i));
    }
    return elements;
}

bool derivesFrom(Dac& dac, Address methodTable, std::string_view name) {
    constexpr int kDeepestHierarchy = 200;
    for (int depth = 0; depth < kDeepestHierarchy && !methodTable.isNull(); ++depth) {
        if (typeName(dac, methodTable) == name) {
            return true;
        }
        const auto type = dac.interfaces().get<dac::MethodTable>(dac::Sos::GetMethodTableData, methodTable);
        methodTable = Address(type ? type->parent : 0);
    }
    return false;
}

} // namespace firstchance
