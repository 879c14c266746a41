#pragma once

#include <string>

#include "base/address.h"
#include "base/process_image.h"
#include "base/result.h"

namespace firstchance {

//! \brief Which .NET a process runs. Only CoreClr and SingleFile have a debugging library (DAC).
enum class RuntimeKind { CoreClr, SingleFile, NativeAot, Mono, None };

//! \brief Where the runtime lies in a process and on disk.
struct RuntimeLocation {
    RuntimeKind kind = RuntimeKind::None;
    Address base;          //!< load address of the image that holds the runtime
    std::string path;      //!< that image, as the target sees it
    std::string directory; //!< of path
    std::string version;   //!< "10.0.12"; empty if unknown
    std::string buildId;   //!< GNU build id of the image, lower-case hex; empty if it has none
    std::string dacPath;   //!< libmscordaccore.so as we can open it (rootPrefix() included); empty: missing
    bool musl = false;     //!< the process uses musl: its DAC cannot be loaded into a glibc process
};

//! \brief Finds the .NET runtime of a process from its mappings and ELF images.
//!
//! Fails with NotDotNet when there is none. A runtime without a DAC (NativeAOT, Mono, a single file whose
//! folder has no libmscordaccore.so) is a success with an empty dacPath.
[[nodiscard]] Result<RuntimeLocation> locateRuntime(const ProcessImage& image);

} // namespace firstchance
