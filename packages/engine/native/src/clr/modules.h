#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief The CodeView entry of a PE image's debug directory: which PDB belongs to it.
struct PdbReference {
    std::string guid;      //!< lower case with dashes
    std::uint32_t age = 0; //!< 1 for portable PDBs
    std::string path;      //!< as the compiler wrote it
};

//! \brief A managed module (assembly file, or one made in memory).
struct ClrModule {
    std::string name;  //!< "Shop.dll"; of a dynamic assembly its display name
    std::string path;  //!< as the target sees it; empty for dynamic and byte-loaded modules
    Address imageBase; //!< of the IL image as mapped; null when there is none
    Address metadata;
    std::uint64_t imageSize = 0; //!< bytes from imageBase, as mapped
    std::uint64_t metadataSize = 0;
    std::string mvid; //!< module version id, lower case with dashes; empty if unreadable
    std::optional<PdbReference> pdb;
    bool dynamic = false; //!< Reflection.Emit
};

//! \brief Addresses of the runtime's Module structures of all domains, in loading order.
[[nodiscard]] std::vector<Address> moduleAddresses(Dac& dac);

//! \brief Addresses of the application domains.
[[nodiscard]] std::vector<Address> domainAddresses(Dac& dac);

//! \brief All managed modules of all domains, in loading order.
[[nodiscard]] Result<std::vector<ClrModule>> readModules(Dac& dac);

} // namespace firstchance
