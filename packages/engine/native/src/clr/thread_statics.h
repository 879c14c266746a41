#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief The arrays of thread statics of .NET 9 and later, which hang on the runtime's thread itself. In
//! .NET 8 they hang on handles.
struct ThreadStatics {
    struct Array {
        std::uint32_t osId = 0;
        std::uint32_t managedId = 0;
        Address object; //!< System.Object[]
    };
    std::vector<Array> arrays;
    bool complete = true;
    std::string why;
};

[[nodiscard]] ThreadStatics readThreadStatics(Dac& dac);

} // namespace firstchance
