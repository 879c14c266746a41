#pragma once

#include <string>
#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief A static field that holds an object.
struct StaticField {
    std::string name; //!< "Shop.Store.s_sessions", "Shop.Cache<System.Int32>.s_items"
    Address slot;     //!< where the reference lies
    Address object;   //!< of a struct the box
};

//! \brief Static fields with an object in them, of all types loaded for good: fields of collectible load
//! contexts live by their LoaderAllocator and are no roots. Without thread statics.
//!
//! A field whose slot cannot be found for sure is left out.
[[nodiscard]] std::vector<StaticField> readStaticFields(Dac& dac);

} // namespace firstchance
