#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "base/process_image.h"
#include "core/elf_module.h"

namespace firstchance {

//! \brief Bytes of modules that a core leaves out, from the files it names, so that no byte can be another
//! than the process had: of ELF files whose build id is the one in the core's memory the segments that are
//! never written to, of managed images with the time stamp and size in the core's memory the metadata.
//! Thread-safe.
class ModuleFiles {
public:
    //! \p stored reads what is in the core itself. Both must outlive this.
    ModuleFiles(std::span<const Mapping> mappings, MemoryReader stored);
    ModuleFiles(const ModuleFiles&) = delete;
    ModuleFiles& operator=(const ModuleFiles&) = delete;
    ModuleFiles(ModuleFiles&&) = delete;
    ModuleFiles& operator=(ModuleFiles&&) = delete;
    ~ModuleFiles();

    //! \brief Reads from the file behind \p mapping; 0 when it is not to be trusted.
    [[nodiscard]] std::size_t read(const Mapping& mapping, Address address, std::span<std::byte> out) const;

private:
    class File;
    [[nodiscard]] std::shared_ptr<File> open(const Mapping& mapping) const;

    std::span<const Mapping> mappings_;
    MemoryReader stored_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::shared_ptr<File>> files_; //!< null: not to be trusted
};

} // namespace firstchance
