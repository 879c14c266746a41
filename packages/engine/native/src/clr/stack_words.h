#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief A word on the stack of a thread that may be an object's address.
struct StackWord {
    Address value;
    std::string method; //!< managed method in whose frame it lies, without arguments; "" in the runtime's own
};

//! \brief Words of the part of a thread's stack that is in use, newest first, at most 1 MB; each value once
//! per frame. Null and unaligned ones are left out.
//!
//! For threads of which the debugging library gives no references (it dies of one that is just throwing, .NET
//! 10): whoever takes the words that are addresses of objects, as SOS dumpstackobjects does, finds all that
//! the thread holds, and perhaps objects that it no longer uses. Empty if the thread is unknown.
//! \param withMethods whether to walk the stack for the names
[[nodiscard]] std::vector<StackWord> stackWords(Dac& dac, std::uint32_t osId, bool withMethods);

} // namespace firstchance
