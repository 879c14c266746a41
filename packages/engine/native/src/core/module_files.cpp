#include "core/module_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "core/byte_source.h"
#include "core/managed_image.h"
#include "core/memory_selection.h"

namespace firstchance {
namespace {

constexpr std::size_t kMaxFiles = 256; // open at once; a process has some 50 native libraries

} // namespace

//! \brief A file of which it is known what in it never changes when it is loaded.
class ModuleFiles::File {
public:
    //! \brief Null unless the file at \p path is the one whose headers \p stored gives at \p base.
    static std::shared_ptr<File> open(const std::string& path, Address base, const MemoryReader& stored) {
        // The path comes from the core: never open a device or a pipe by it.
        struct stat info {};
        if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
            return nullptr;
        }
        auto source = openFileSource(path);
        if (!source) {
            return nullptr;
        }
        auto file = std::make_shared<File>();
        file->source_ = std::move(*source);
        if (const auto module = readElfModule(stored, base)) {
            return file->isElf(*module, buildIdOf(stored, *module)) ? file : nullptr;
        }
        const auto image = readManagedImage(stored, base);
        return image && file->isManaged(*image) ? file : nullptr;
    }

    //! \brief Reads what the process has at \p address, which lies at \p offset of the file.
    [[nodiscard]] std::size_t read(Address address, std::uint64_t offset, std::span<std::byte> out) const {
        const Address place = byOffset_ ? Address(offset) : Address(address - base_);
        for (const AddressRange& range : constant_) {
            if (range.contains(place)) {
                return source_->read(offset,
                                     out.first(std::min<std::uint64_t>(out.size(), range.end - place)));
            }
        }
        return 0;
    }

private:
    [[nodiscard]] MemoryReader reader() const {
        return [this](Address at, std::span<std::byte> out) { return source_->read(at.value(), out); };
    }

    bool isElf(const ElfModule& loaded, const std::vector<std::byte>& wanted) {
        const MemoryReader read = reader();
        const auto module = wanted.empty() ? std::nullopt : readElfModule(read, Address(0));
        if (!module) {
            return false;
        }
        base_ = loaded.base;
        bool same = false;
        for (const Elf64_Phdr& header : module->programHeaders) {
            if (header.p_type == PT_NOTE) {
                same = same || findBuildId(read, Address(header.p_offset), header.p_filesz) == wanted;
            } else if (header.p_type == PT_LOAD && (header.p_flags & PF_W) == 0) {
                // The kernel maps whole pages, and never two segments into one.
                const Address begin = module->at(header.p_vaddr);
                constant_.push_back(
                    {begin.alignDown(kCorePage), (begin + header.p_filesz).alignUp(kCorePage)});
            }
        }
        return same;
    }

    bool isManaged(const ManagedImage& loaded) {
        const auto image = readManagedImage(reader(), Address(0));
        if (!image || !image->isSame(loaded)) {
            return false;
        }
        byOffset_ = true; // sections are mapped one by one, at distances of their own
        constant_.push_back({Address(image->metadataBegin), Address(image->metadataEnd)});
        return true;
    }

    std::unique_ptr<ByteSource> source_;
    Address base_;
    bool byOffset_ = false;
    std::vector<AddressRange> constant_; //!< what is never written to: distances from the base, or offsets
};

ModuleFiles::ModuleFiles(std::span<const Mapping> mappings, MemoryReader stored)
    : mappings_(mappings), stored_(std::move(stored)) {}

ModuleFiles::~ModuleFiles() = default;

std::size_t ModuleFiles::read(const Mapping& mapping, Address address, std::span<std::byte> out) const {
    if (!mapping.isFile() || mapping.writable) {
        return 0;
    }
    const std::shared_ptr<File> file = open(mapping);
    const std::uint64_t size = std::min<std::uint64_t>(out.size(), mapping.range.end - address);
    return file ? file->read(address, mapping.fileOffset + (address - mapping.range.begin), out.first(size))
                : 0;
}

std::shared_ptr<ModuleFiles::File> ModuleFiles::open(const Mapping& mapping) const {
    const std::lock_guard lock(mutex_);
    if (const auto known = files_.find(mapping.path); known != files_.end()) {
        return known->second;
    }
    std::shared_ptr<File> file;
    const auto first = std::find_if(mappings_.begin(), mappings_.end(), [&](const Mapping& m) {
        return m.fileOffset == 0 && m.path == mapping.path;
    });
    if (files_.size() < kMaxFiles && first != mappings_.end()) {
        file = File::open(mapping.path, first->range.begin, stored_);
    }
    files_.emplace(mapping.path, file);
    return file;
}

} // namespace firstchance
