#pragma once

#include <string>

#include "base/result.h"
#include "clr/com.h"

namespace firstchance {

//! \brief libmscordaccore.so as loaded into this process: once, for ever.
class DacLibrary {
public:
    //! \brief Loads the library at \p path, or returns the one loaded before if it is the same file.
    //!
    //! A second, different DAC in one process fails with DacFailed: both would claim the same signal handlers
    //! and thread-local storage. Callers that meet several runtimes fork.
    [[nodiscard]] static Result<const DacLibrary*> load(const std::string& path);

    //! \brief CLRDataCreateInstance of IXCLRDataProcess over an ICLRDataTarget.
    [[nodiscard]] Result<com::Reference> createProcess(void* dataTarget) const;

private:
    using CreateInstance = com::HResult (*)(const com::Guid*, void*, void**);
    std::string path_;
    CreateInstance create_ = nullptr;
};

} // namespace firstchance
