#include "core/module_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "core/byte_source.h"
#include "core/memory_selection.h"

namespace firstchance {
namespace {

constexpr std::size_t kMaxFiles = 256; // open at once; a process has some 50 native libraries

} // namespace

class ModuleFiles::File {
public:
    //! \brief Null unless the file has build id \p wanted.
    static std::shared_ptr<File> open(const std::string& path, Address base,
                                      const std::vector<std::byte>& wanted) {
        // The path comes from the core: never open a device or a pipe by it.
        struct stat info {};
        if (wanted.empty() || ::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
            return nullptr;
        }
        auto source = openFileSource(path);
        if (!source) {
            return nullptr;
        }
        auto file = std::make_shared<File>();
        file->source_ = std::move(*source);
        file->base_ = base;
        const MemoryReader read = [&](Address at, std::span<std::byte> out) {
            return file->source_->read(at.value(), out);
        };
        const auto module = readElfModule(read, Address(0));
        if (!module) {
            return nullptr;
        }
        bool same = false;
        for (const Elf64_Phdr& header : module->programHeaders) {
            if (header.p_type == PT_NOTE) {
                same = same || findBuildId(read, Address(header.p_offset), header.p_filesz) == wanted;
            } else if (header.p_type == PT_LOAD && (header.p_flags & PF_W) == 0) {
                // The kernel maps whole pages, and never two segments into one.
                const Address begin = module->at(header.p_vaddr);
                file->constant_.push_back(
                    {begin.alignDown(kCorePage), (begin + header.p_filesz).alignUp(kCorePage)});
            }
        }
        return same ? file : nullptr;
    }

    //! \brief Reads what the process has at \p address, which lies at \p offset of the file.
    [[nodiscard]] std::size_t read(Address address, std::uint64_t offset, std::span<std::byte> out) const {
        const Address distance(address - base_);
        for (const AddressRange& range : constant_) {
            if (range.contains(distance)) {
                return source_->read(offset,
                                     out.first(std::min<std::uint64_t>(out.size(), range.end - distance)));
            }
        }
        return 0;
    }

private:
    std::unique_ptr<ByteSource> source_;
    Address base_;
    std::vector<AddressRange> constant_; //!< segments that are never written to, as distances from the base
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
        if (const auto module = readElfModule(stored_, first->range.begin)) {
            file = File::open(mapping.path, module->base, buildIdOf(stored_, *module));
        }
    }
    files_.emplace(mapping.path, file);
    return file;
}

} // namespace firstchance
