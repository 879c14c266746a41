#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "clr/dac.h"
#include "clr/pe_image.h"

namespace firstchance {

//! \brief Path of the file a module of the runtime was loaded from; empty for dynamic modules. Cached.
[[nodiscard]] std::string moduleFile(Dac& dac, Address module);

//! \brief The image file at \p path, as the target sees it, if it is still the one that was \p loaded.
[[nodiscard]] std::optional<PeImage> unchangedFile(Dac& dac, const std::string& path,
                                                   const std::optional<PeImage>& loaded);

//! \brief The part after the last slash or, for paths a Windows compiler wrote, backslash.
[[nodiscard]] std::string fileName(std::string_view path);

} // namespace firstchance
