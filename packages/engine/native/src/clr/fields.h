#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "clr/dac.h"
#include "clr/metadata_tables.h"

namespace firstchance {

//! \brief More fields than are read of one class: what claims more is damaged.
inline constexpr std::size_t kMostFields = 65'535;

//! \brief An instance field.
struct InstanceField {
    std::string name;
    std::uint64_t offset =
        0; //!< bytes from the first field: add kObjectHeader in an object, 0 inside a struct
    std::uint32_t elementType = 0; //!< CorElementType; 0x11 is a struct
    Address type;                  //!< MethodTable of a struct's type; may be null for references
};

//! \brief CorElementType of fields whose value lies inside the object.
inline constexpr std::uint32_t kStructElement = 0x11;

//! \brief The instance fields a class declares itself, without those of its base types.
[[nodiscard]] std::vector<InstanceField> declaredFields(Dac& dac, Address methodTable);

//! \brief The field \p name of \p methodTable or of its nearest base type that has one. Names, not offsets,
//! because offsets differ from version to version.
[[nodiscard]] std::optional<InstanceField> findField(Dac& dac, Address methodTable, std::string_view name);

//! \brief The metadata of the runtime's module at \p module; nothing for modules made in memory.
[[nodiscard]] std::optional<MetadataTables> moduleMetadata(Dac& dac, Address module);

//! \brief Token of the method \p name that a class declares; 0 if there is none.
[[nodiscard]] std::uint32_t declaredMethod(Dac& dac, Address methodTable, std::string_view name);

} // namespace firstchance
