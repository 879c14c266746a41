#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "clr/runtime_location.h"

namespace firstchance {

//! \brief The text "@(#)Version 10.0.1226.42308 @Commit: 95017c7…" that every native library of .NET carries
//! in its data segment (dotnet/runtime eng/native/version): the part from "Version " on. \p bytes is any
//! stretch of it.
[[nodiscard]] std::optional<std::string> findBuildText(std::string_view bytes);

//! \brief The same text read from the data segments of the ELF image at \p base.
[[nodiscard]] std::optional<std::string> readBuildText(const ProcessImage& image, Address base);

//! \brief "10.0.12" of the path "/usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.12" or of a build text
//! whose third part is patch * 100 + year. Empty if neither tells.
[[nodiscard]] std::string versionFromPath(std::string_view directory);
[[nodiscard]] std::string versionFromBuildText(std::string_view text);

//! \brief Fails with DacFailed when the DAC's file carries another build text than the runtime in memory: a
//! DAC of another build reads nonsense, or crashes. Where one of the two has no text, the DAC's own checks
//! must do.
[[nodiscard]] Result<void> checkSameBuild(const ProcessImage& image, const RuntimeLocation& runtime);

} // namespace firstchance
