#pragma once

#include "base/process_image.h"
#include "core/elf_module.h"
#include "core/memory_selection.h"

namespace firstchance {

//! \brief What the dynamic section of a module points to: the tables a reader needs to look up a symbol by
//! name.
struct DynamicSection {
    Address symbols;
    Address strings;
    std::uint64_t stringBytes = 0;
    Address gnuHash;
    Address hash;
    Address debug; //!< r_debug, set by the loader in the main executable only
};

//! \brief Reads the dynamic section of a loaded module; all null when it has none.
[[nodiscard]] DynamicSection readDynamicSection(const MemoryReader& read, const ElfModule& module);

//! \brief Keeps the dynamic symbols with their hash and string tables.
void selectSymbolTables(const MemoryReader& read, const DynamicSection& dynamic, MemorySelection& selection);

//! \brief Keeps the loader's list of modules: r_debug, each link_map and its name, all namespaces.
void selectLinkMaps(const ProcessImage& image, Address debug, MemorySelection& selection);

} // namespace firstchance
