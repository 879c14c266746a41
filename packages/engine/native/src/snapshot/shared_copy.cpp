#include "snapshot/shared_copy.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace firstchance {
namespace {

constexpr std::uint64_t kExtraRoom = 1U << 20U;

bool startsWith(const Mapping& mapping, std::string_view prefix) {
    return mapping.path.starts_with(prefix);
}

//! \brief Shared memory whose content is nowhere else.
bool isInMemory(const Mapping& mapping) {
    return startsWith(mapping, "/memfd:") || startsWith(mapping, "/dev/zero") ||
           startsWith(mapping, "/dev/shm/") || startsWith(mapping, "/SYSV") ||
           startsWith(mapping, "/anon_hugepage");
}

//! \brief Whether this mapping makes its file a thing to copy: shared, and changeable by the process through
//! this view or, in the case of anonymous files, perhaps another. Never a device: to read one may do things.
bool makesFileWanted(const Mapping& mapping) {
    if (!mapping.shared || mapping.inode == 0) {
        return false;
    }
    const bool named = !isInMemory(mapping) || startsWith(mapping, "/dev/shm/");
    const bool device = startsWith(mapping, "/dev/") && !isInMemory(mapping);
    return !device && (!named || mapping.writable);
}

} // namespace

void SharedCopy::prepare(pid_t pid, const ProcessImage& target, std::uint64_t limit) {
    for (const Mapping& mapping : target.mappings()) {
        if (!makesFileWanted(mapping)) {
            continue;
        }
        mappings_.push_back(mapping);
        if (std::none_of(files_.begin(), files_.end(),
                         [&](const auto& f) { return f.is(mapping.device, mapping.inode); })) {
            SharedFile file;
            file.device = mapping.device;
            file.inode = mapping.inode;
            file.inMemory = isInMemory(mapping);
            files_.push_back(std::move(file));
        }
    }
    if (files_.empty()) {
        return;
    }
    openSharedFiles(pid, target.rootPrefix(), mappings_, files_);
    std::uint64_t known = 0;
    for (SharedFile& file : files_) {
        known += file.fd.valid() ? file.openView() : 0;
    }
    buffer_ = MappedBuffer::allocate(limit);
    buffer_.populate(known + kExtraRoom);
}

//! \brief The position of \p size bytes in the buffer.
std::uint64_t SharedCopy::reserve(std::uint64_t size) {
    if (!buffer_.valid() || size > buffer_.size() - used_) {
        lost_ += size;
        return SharedFile::kNotCopied;
    }
    used_ += size;
    return used_ - size;
}

void SharedCopy::copyView(SharedFile& file) {
    file.findExtents();
    for (SharedFile::Extent& extent : file.extents) {
        if (extent.offset + extent.size > file.view.size()) {
            lost_ += extent.size; // grew by more than the slack since the preparation
            continue;
        }
        extent.position = reserve(extent.size);
        if (extent.position != SharedFile::kNotCopied) {
            std::memcpy(buffer_.data() + extent.position, file.view.data() + extent.offset, extent.size);
        }
    }
}

void SharedCopy::copyResident(SharedFile& file, const ProcessImage& target) {
    struct Resident {
        std::uint64_t offset;
        std::uint64_t size;
        Address address;
    };
    // A page may be resident in one view of the file only: all are asked, what overlaps is read once.
    std::vector<Resident> found;
    for (const Mapping& mapping : mappings_) {
        if (file.is(mapping.device, mapping.inode) && mapping.readable) {
            for (const AddressRange range : target.privatePages(mapping.range)) {
                found.push_back(
                    {mapping.fileOffset + (range.begin - mapping.range.begin), range.size(), range.begin});
            }
        }
    }
    std::sort(found.begin(), found.end(),
              [](const Resident& a, const Resident& b) { return a.offset < b.offset; });
    std::uint64_t done = 0;
    for (const Resident& part : found) {
        const std::uint64_t begin = std::max(done, part.offset);
        const std::uint64_t end = part.offset + part.size;
        if (begin >= end) {
            continue;
        }
        SharedFile::Extent extent{begin, end - begin, reserve(end - begin)};
        if (extent.position != SharedFile::kNotCopied) {
            extent.size = target.read(part.address + (begin - part.offset),
                                      {buffer_.data() + extent.position, extent.size});
        }
        file.extents.push_back(extent);
        done = end;
    }
}

void SharedCopy::copy(const ProcessImage& target) {
    for (SharedFile& file : files_) {
        if (file.view.valid()) {
            copyView(file);
        } else {
            copyResident(file, target);
        }
    }
}

void SharedCopy::finish(std::span<const Mapping> mappings) {
    for (const Mapping& mapping : mappings) {
        for (std::size_t i = 0; i < files_.size(); ++i) {
            const SharedFile& file = files_[i];
            if (mapping.shared && file.is(mapping.device, mapping.inode) &&
                (file.inMemory || mapping.writable)) {
                overlays_.push_back({mapping.range, mapping.fileOffset, i, mapping.readable});
            }
        }
    }
    // Sorted as the map is. The views would keep the target's memory for as long as we live.
    for (SharedFile& file : files_) {
        file.fd.reset();
        file.complete = file.view.valid();
        file.view = MappedBuffer();
    }
    mappings_.clear();
}

const SharedCopy::Overlay* SharedCopy::overlayAt(Address address, Address& next) const {
    const auto above =
        std::upper_bound(overlays_.begin(), overlays_.end(), address,
                         [](Address a, const Overlay& overlay) { return a < overlay.range.begin; });
    next = above == overlays_.end() ? Address(UINT64_MAX) : above->range.begin;
    if (above == overlays_.begin() || !std::prev(above)->range.contains(address)) {
        return nullptr;
    }
    return &*std::prev(above);
}

SharedCopy::Source SharedCopy::at(Address address) const {
    Address next;
    const Overlay* overlay = overlayAt(address, next);
    if (overlay == nullptr) {
        return {Source::Kind::Elsewhere, next - address, nullptr};
    }
    const std::uint64_t left = overlay->range.end - address;
    if (!overlay->readable) {
        return {Source::Kind::Unknown, left, nullptr}; // reserved address space
    }
    const SharedFile& file = files_[overlay->file];
    const std::uint64_t offset = overlay->fileOffset + (address - overlay->range.begin);
    const auto extent =
        std::partition_point(file.extents.begin(), file.extents.end(),
                             [&](const SharedFile::Extent& e) { return e.offset + e.size <= offset; });
    if (extent == file.extents.end() || extent->offset > offset) {
        const std::uint64_t gap =
            extent == file.extents.end() ? left : std::min(left, extent->offset - offset);
        const auto kind = file.complete ? Source::Kind::Hole
                                        : (file.inMemory ? Source::Kind::Unknown : Source::Kind::Elsewhere);
        return {kind, gap, nullptr};
    }
    const std::uint64_t size = std::min(left, extent->offset + extent->size - offset);
    if (extent->position == SharedFile::kNotCopied) {
        return {Source::Kind::Live, size, nullptr};
    }
    return {Source::Kind::Copied, size, buffer_.data() + extent->position + (offset - extent->offset)};
}

std::optional<std::vector<AddressRange>> SharedCopy::present(AddressRange range) const {
    Address next;
    if (overlayAt(range.begin, next) == nullptr) {
        return std::nullopt;
    }
    std::vector<AddressRange> parts;
    for (Address address = range.begin; address < range.end;) {
        const Source source = at(address);
        const Address end = std::min(range.end, address + source.size);
        if (source.kind == Source::Kind::Copied || source.kind == Source::Kind::Live) {
            if (!parts.empty() && parts.back().end == address) {
                parts.back().end = end;
            } else {
                parts.push_back({address, end});
            }
        }
        address = end;
    }
    return parts;
}

} // namespace firstchance
