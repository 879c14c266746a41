#include "memory/native_blocks.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/address_ranges.h"
#include "base/page_size.h"
#include "memory/glibc_chunks.h"
#include "memory/glibc_layout.h"
#include "memory/glibc_mapped_chunks.h"
#include "memory/jit_slabs.h"
#include "memory/mapping_kinds.h"

namespace firstchance {
namespace {

constexpr std::size_t kMostBlocks = 16U << 20U;
//! \brief How many places are looked at for mapped chunks that lie behind other memory in one mapping.
constexpr std::size_t kMostLooks = 1U << 18U;

bool isCode(const Mapping& mapping) {
    const std::string_view path = mapping.path;
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return mapping.executable || name.ends_with(".dll") || name.ends_with(".so") ||
           name.find(".so.") != std::string_view::npos;
}

class Finder {
public:
    Finder(const ProcessImage& image, const RuntimeMemory& runtime)
        : image_(image), arenas_(readGlibcArenas(image)), kinds_(image, arenas_ ? &*arenas_ : nullptr) {
        holes_.assign(runtime.gcCommitted.begin(), runtime.gcCommitted.end());
        holes_.insert(holes_.end(), runtime.loaderHeaps.begin(), runtime.loaderHeaps.end());
    }

    NativeBlocks run() {
        addChunks();
        joinRanges(holes_);
        for (const Mapping& mapping : image_.mappings()) {
            if (mapping.executable && mapping.inode != 0) {
                programs_.insert({mapping.device, mapping.inode});
            }
        }
        const Mapping* before = nullptr;
        for (const Mapping& mapping : image_.mappings()) {
            add(mapping, before);
            before = &mapping;
        }
        std::sort(found_.blocks.begin(), found_.blocks.end(),
                  [](const NativeBlock& a, const NativeBlock& b) { return a.range.begin < b.range.begin; });
        return std::move(found_);
    }

private:
    void addChunks() {
        if (!arenas_) {
            return;
        }
        const GlibcChunks chunks = readGlibcChunks(image_, *arenas_, kMostBlocks);
        found_.blocks.reserve(chunks.inUse.size() + image_.mappings().size());
        for (const AddressRange& block : chunks.inUse) {
            if (!isJitSlab(image_, block)) {
                found_.blocks.push_back({block, NativeKind::Malloc});
            }
        }
        holes_.insert(holes_.end(), chunks.heaps.begin(), chunks.heaps.end());
        if (chunks.inUse.size() >= kMostBlocks) {
            found_.why = "malloc has more blocks than can be looked at";
        } else if (!chunks.unread.empty()) {
            found_.why = "the blocks of malloc in " + chunks.unread.front() + " do not hold together";
        }
        const auto mapped = readGlibcMappedChunks(image_);
        mappedChunks_ = mapped ? mapped->count : 0;
    }

    void add(const Mapping& mapping, const Mapping* before) {
        if (MappingKinds::isRuntimeCode(mapping) || MappingKinds::isSharedMemory(mapping) ||
            kinds_.isStack(mapping) || !(mapping.readable || mapping.writable)) {
            return;
        }
        if (mapping.path.empty()) {
            // Right behind a library lies what it has of data that is zero at first.
            const bool ofLibrary = before != nullptr && before->isFile() && before->writable &&
                                   before->range.end == mapping.range.begin;
            if (!mapping.executable && !mapping.shared && !ofLibrary) {
                addAnonymous(mapping);
            }
        } else if (mapping.isFile() && !isCode(mapping) && !isOfProgram(mapping)) {
            found_.blocks.push_back({mapping.range, NativeKind::File});
        }
    }

    //! \brief Data of a library or program, which is mapped in parts of which one is executable.
    [[nodiscard]] bool isOfProgram(const Mapping& mapping) const {
        return programs_.contains({mapping.device, mapping.inode});
    }

    void addAnonymous(const Mapping& mapping) {
        std::vector<AddressRange> parts = subtractRanges({mapping.range}, holes_);
        std::vector<AddressRange> chunks;
        for (const AddressRange& part : parts) {
            findMappedChunks(mapping, part, chunks);
        }
        for (const AddressRange& part : subtractRanges(parts, chunks)) {
            found_.blocks.push_back({part, NativeKind::Anonymous});
        }
        for (const AddressRange& chunk : chunks) {
            found_.blocks.push_back({{chunk.begin + glibc::kChunkHeader, chunk.end}, NativeKind::Malloc});
        }
    }

    //! \brief Neighbouring mappings are one to the kernel, so chunks may follow each other, and other memory.
    void findMappedChunks(const Mapping& mapping, const AddressRange& part,
                          std::vector<AddressRange>& chunks) {
        for (Address at = part.begin; at < part.end && mappedChunks_ > 0 && looks_ < kMostLooks;) {
            looks_ += 1;
            const std::uint64_t size = kinds_.mappedChunkAt(at, mapping);
            if (size > 0 && size <= part.end - at) {
                chunks.push_back({at, at + size});
                mappedChunks_ -= 1;
            }
            at += size > 0 && size <= part.end - at ? size : kPageBytes;
        }
    }

    const ProcessImage& image_;
    std::optional<GlibcArenas> arenas_;
    MappingKinds kinds_;
    std::set<std::pair<std::uint64_t, std::uint64_t>> programs_; //!< device and inode
    std::vector<AddressRange> holes_;                            //!< the collector's, the loader's, malloc's
    std::uint64_t mappedChunks_ = 0; //!< that malloc says it has and are not found yet
    std::size_t looks_ = 0;
    NativeBlocks found_;
};

} // namespace

NativeBlocks readNativeBlocks(const ProcessImage& image, const RuntimeMemory& runtime) {
    return Finder(image, runtime).run();
}

} // namespace firstchance
