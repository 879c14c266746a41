#include "snapshot/frozen_image.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "snapshot/signal_shield.h"

namespace firstchance {
namespace {

ThreadImage toImage(const TracedThread& thread) {
    ThreadImage image;
    // The runtime in the target and its debugging library know threads by these ids.
    image.tid = thread.namespaceTid;
    image.name = thread.name;
    image.state = thread.state;
    image.signal = thread.signal;
    image.generalRegisters.resize(sizeof thread.registers);
    std::memcpy(image.generalRegisters.data(), &thread.registers, sizeof thread.registers);
    image.floatRegisters = thread.floatRegisters;
    image.extraRegisters = thread.extraRegisters;
    return image;
}

} // namespace

FrozenImage::FrozenImage(const LiveProcess& live, std::span<const Mapping> mappings,
                         const std::vector<TracedThread>& threads, SharedCopy shared)
    : owner_(::getpid()), pid_(live.pid()), name_(live.commandName()), rootPrefix_(live.rootPrefix()),
      mappings_(mappings.begin(), mappings.end()),
      auxv_(live.auxiliaryVector().begin(), live.auxiliaryVector().end()), shared_(std::move(shared)) {
    for (const TracedThread& thread : threads) {
        threads_.push_back(toImage(thread));
    }
    shared_.finish(mappings_);
}

bool FrozenImage::isOwner() const {
    return owner_ == ::getpid();
}

Result<void> FrozenImage::release() {
    if (!isOwner() || !tracer_) {
        return {};
    }
    Result<void> result;
    {
        const SignalShield shield;
        tracer_->run([&] { result = releaseOnTracer(); });
    }
    tracer_.reset();
    return result;
}

std::size_t FrozenImage::read(Address address, std::span<std::byte> buffer) const {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const SharedCopy::Source source = shared_.at(address + done);
        const auto part = buffer.subspan(done, std::min<std::uint64_t>(buffer.size() - done, source.size));
        std::size_t got = part.size();
        switch (source.kind) {
        case SharedCopy::Source::Kind::Copied: std::memcpy(part.data(), source.data, part.size()); break;
        case SharedCopy::Source::Kind::Hole: std::memset(part.data(), 0, part.size()); break;
        case SharedCopy::Source::Kind::Unknown: got = 0; break;
        case SharedCopy::Source::Kind::Elsewhere:
        case SharedCopy::Source::Kind::Live: got = readPrivate(address + done, part); break;
        }
        done += got;
        if (got < part.size()) {
            break;
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
        if (const auto copied = shared_.present(part)) {
            add(*copied);
        } else if (!mapping->shared) {
            add(privatePagesOf(*mapping, part));
        }
    }
    return pages;
}

} // namespace firstchance
