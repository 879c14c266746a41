#include "snapshot/frozen_image.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "linux/task_list.h"

namespace firstchance {
namespace {

ThreadImage toImage(pid_t pid, const TracedThread& thread) {
    ThreadImage image;
    image.tid = thread.tid;
    image.name = readTaskName(pid, thread.tid);
    image.state = thread.state;
    image.signal = thread.signal;
    image.generalRegisters.resize(sizeof thread.registers);
    std::memcpy(image.generalRegisters.data(), &thread.registers, sizeof thread.registers);
    image.floatRegisters = thread.floatRegisters;
    image.extraRegisters = thread.extraRegisters;
    return image;
}

} // namespace

FrozenImage::FrozenImage(const LiveProcess& live, const std::vector<TracedThread>& threads, SharedCopy shared)
    : owner_(::getpid()), pid_(live.pid()), name_(live.commandName()), rootPrefix_(live.rootPrefix()),
      mappings_(live.mappings().begin(), live.mappings().end()),
      auxv_(live.auxiliaryVector().begin(), live.auxiliaryVector().end()), shared_(std::move(shared)) {
    for (const TracedThread& thread : threads) {
        threads_.push_back(toImage(pid_, thread));
    }
}

bool FrozenImage::isOwner() const { return owner_ == ::getpid(); }

const Mapping* FrozenImage::sharedAt(Address address, Address& nextShared) const {
    const auto all = shared_.mappings();
    const auto next = std::upper_bound(all.begin(), all.end(), address,
                                       [](Address a, const Mapping& m) { return a < m.range.begin; });
    nextShared = next == all.end() ? Address(UINT64_MAX) : next->range.begin;
    if (next == all.begin()) {
        return nullptr;
    }
    const Mapping& mapping = *std::prev(next);
    return mapping.range.contains(address) ? &mapping : nullptr;
}

std::size_t FrozenImage::read(Address address, std::span<std::byte> buffer) const {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const Address at = address + done;
        Address nextShared;
        const Mapping* shared = sharedAt(at, nextShared);
        const Address end = shared != nullptr ? shared->range.end : nextShared;
        const std::size_t want = std::min<std::uint64_t>(buffer.size() - done, end - at);
        const auto part = buffer.subspan(done, want);
        if (shared == nullptr) {
            const std::size_t got = readPrivate(at, part);
            done += got;
            if (got < want) {
                break;
            }
        } else if (!shared->readable) {
            break; // reserved address space
        } else {
            shared_.read(*shared, at, part);
            done += want;
        }
    }
    return done;
}

std::vector<AddressRange> FrozenImage::privatePages(AddressRange range) const {
    std::vector<AddressRange> pages;
    const auto add = [&](const std::vector<AddressRange>& found) {
        for (const AddressRange one : found) {
            if (!pages.empty() && pages.back().end == one.begin) {
                pages.back().end = one.end;
            } else {
                pages.push_back(one);
            }
        }
    };
    auto mapping = std::partition_point(mappings_.begin(), mappings_.end(),
                                        [&](const Mapping& m) { return m.range.end <= range.begin; });
    for (; mapping != mappings_.end() && mapping->range.begin < range.end; ++mapping) {
        const AddressRange part = mapping->range.intersect(range);
        Address unused;
        if (const Mapping* shared = sharedAt(part.begin, unused); shared != nullptr) {
            add(shared_.present(*shared, part));
        } else if (!mapping->shared) {
            add(privatePagesOf(*mapping, part));
        }
    }
    return pages;
}

} // namespace firstchance
