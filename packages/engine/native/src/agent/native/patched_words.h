#pragma once

#include <cstddef>
#include <cstdint>

#include "agent/native/allocation_hooks.h"

namespace firstchance::agent {

//! \brief What patching came to.
struct PatchCounts {
    std::uint32_t objects = 0; //!< loaded objects that were looked at
    std::uint32_t slots = 0;   //!< imports that were changed
    std::uint32_t cells = 0;   //!< resolved P/Invokes that were changed
    bool full = false;         //!< there were more than there is room for
};

//! \brief Makes all loaded objects call what stands in for these functions, in their global offset tables;
//! and the P/Invokes that the runtime has resolved to one of them. This library itself is left alone.
//!
//! Only words that hold the function's address are changed: an import that was never called and is not bound
//! yet, and another function of the same name, stay. Memory that is read-only after relocation is writable
//! for the moment; an object whose relocation has not ended (it is being loaded) is passed over. On the
//! agent's thread, with restoreWords() afterwards.
[[nodiscard]] PatchCounts patchWords(const Hook* hooks, std::size_t count);

//! \brief The same for one import of the runtime alone; undone by restoreWords() too. \p inside: an address
//! in the runtime's library.
bool patchImportOf(const void* inside, const Hook& hook);

//! \brief Every word that still holds what stands in gets the function's address back. Objects that have been
//! unloaded meanwhile are gone; P/Invokes that were resolved meanwhile are found.
void restoreWords(const Hook* hooks, std::size_t count);

} // namespace firstchance::agent
