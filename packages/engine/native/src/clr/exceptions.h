#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "clr/dac.h"
#include "clr/stacks.h"

namespace firstchance {

//! \brief A managed exception object.
struct ClrException {
    std::string type;
    std::optional<std::string>
        message; //!< the stored text (_message); none: the type builds its text when asked
    std::int32_t hresult = 0;
    Address address;
    std::vector<ClrException> inner; //!< InnerException, or all of AggregateException's
    std::vector<ClrFrame> stack;     //!< newest frame first; empty before it was thrown
};

//! \brief Reads the exception object at \p object. Fails with InvalidArgument if that is no object.
[[nodiscard]] Result<ClrException> readException(Dac& dac, Address object);

} // namespace firstchance
