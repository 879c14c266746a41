#include "core/image_parts.h"

#include <algorithm>

#include "core/core_segments.h"

namespace firstchance {
namespace {

//! \brief A range of which less than an eighth exists is an address space reservation, not a heap in use:
//! kept whole it would only make the core longer. Small ones are kept whole anyway.
constexpr std::uint64_t kSmallMapping = 16ULL << 20;
constexpr std::uint64_t kPresentShare = 8;

//! \brief The runtime's own code, data and stubs (W^X): shared between two mappings of a deleted memory file.
constexpr const char* kDoubleMapper = "/memfd:doublemapper";

bool isStack(const ProcessImage& image, const Mapping& mapping) {
    const auto threads = image.threads();
    return mapping.path.starts_with("[stack") ||
           std::any_of(threads.begin(), threads.end(), [&](const ThreadImage& thread) {
               return mapping.range.contains(thread.stackPointer());
           });
}

void addPages(const ProcessImage& image, AddressRange range, MemorySelection& selection) {
    for (const AddressRange& pages : image.privatePages(range)) {
        selection.add(pages);
    }
}

//! \brief Live objects of a GC heap may lie on pages never touched: whole, with holes.
void addAnonymous(const ProcessImage& image, const Mapping& mapping, MemorySelection& selection) {
    std::uint64_t present = 0;
    const auto pages = image.privatePages(mapping.range);
    for (const AddressRange& range : pages) {
        present += range.size();
        selection.add(range);
    }
    const std::uint64_t size = mapping.range.size();
    if (mapping.writable && present > 0 && !isStack(image, mapping) &&
        (size <= kSmallMapping || present >= size / kPresentShare)) {
        selection.addWhole(mapping.range);
    }
}

bool isAnonymous(const Mapping& mapping) {
    return !mapping.shared && (mapping.path.empty() || mapping.path.front() == '[');
}

} // namespace

void selectPrivateMemory(const ProcessImage& image, MemorySelection& selection) {
    for (const Mapping& mapping : image.mappings()) {
        if (!isDumpable(mapping)) {
            continue;
        }
        if (isAnonymous(mapping)) {
            addAnonymous(image, mapping, selection);
        } else if (mapping.shared && mapping.path == kDoubleMapper) {
            selection.add(mapping.range);
        } else if (!mapping.shared || !mapping.isFile()) {
            // Copied pages of a file; of shared memory only what the snapshot copied.
            addPages(image, mapping.range, selection);
        }
    }
}

void selectFull(const ProcessImage& image, MemorySelection& selection) {
    for (const Mapping& mapping : image.mappings()) {
        if (!isDumpable(mapping)) {
            continue;
        }
        if (isAnonymous(mapping) && mapping.range.size() > kSmallMapping) {
            addAnonymous(image, mapping, selection); // of a reservation only what exists: the rest is zero
        } else {
            selection.add(mapping.range);
        }
    }
}

} // namespace firstchance
