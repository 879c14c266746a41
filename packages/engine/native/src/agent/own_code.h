#pragma once

#include "agent/text.h"

namespace firstchance::agent {

//! \brief Whether a module belongs to .NET or to a test framework rather than to the program: what lies in a
//! shared framework's folder, and by file name System.*, Microsoft.*, mscorlib, netstandard, xunit*, nunit*,
//! testhost*, TUnit*.
[[nodiscard]] bool isFrameworkModule(Text path);

} // namespace firstchance::agent
