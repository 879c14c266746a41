#pragma once

#include <string>
#include <string_view>

namespace firstchance {

//! \brief Rewrites the names the DAC gives to types and methods into the form .NET's tools show:
//! "N.Outer`1+Inner`1[[System.Int32, System.Private.CoreLib],[N.C, Shop]][]" becomes
//! "N.Outer<System.Int32>+Inner<N.C>[]".
//!
//! Method names may hold such types anywhere. Text that does not follow the syntax is returned as it is.
[[nodiscard]] std::string readableName(std::string_view raw);

} // namespace firstchance
