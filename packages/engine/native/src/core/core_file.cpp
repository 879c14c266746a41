#include "core/core_file.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/address_ranges.h"
#include "core/byte_source.h"
#include "core/core_layout.h"
#include "core/core_parser.h"
#include "core/module_files.h"
#include "core/seek_table.h"

namespace firstchance {

struct CoreFile::State {
    State(std::unique_ptr<ByteSource> from, ParsedCore parsed, bool isPacked)
        : source(std::move(from)), core(std::move(parsed)), compressed(isPacked),
          modules(core.mappings,
                  [this](Address address, std::span<std::byte> out) { return readStored(address, out); }) {}

    [[nodiscard]] std::vector<LoadedSegment>::const_iterator segmentAt(Address address) const {
        return std::partition_point(core.segments.begin(), core.segments.end(),
                                    [&](const LoadedSegment& s) { return s.memory.end <= address; });
    }

    //! \brief What is in the core itself, up to the first byte that is not.
    [[nodiscard]] std::size_t readStored(Address address, std::span<std::byte> out) const {
        std::size_t done = 0;
        for (auto segment = segmentAt(address); done < out.size() && segment != core.segments.end();
             ++segment) {
            const Address at = address + done;
            if (!segment->stored().contains(at)) {
                break;
            }
            const std::uint64_t within = at - segment->memory.begin;
            const std::size_t want = std::min<std::uint64_t>(out.size() - done, segment->fileBytes - within);
            const std::size_t got = source->read(segment->fileOffset + within, out.subspan(done, want));
            done += got;
            if (got < want || segment->fileBytes < segment->memory.size()) {
                break;
            }
        }
        return done;
    }

    std::unique_ptr<ByteSource> source;
    ParsedCore core;
    bool compressed;
    ModuleFiles modules;
    pid_t pid = 0;
    Address runtimeBase;
};

namespace {

//! \brief createdump's SpecialDiagInfoHeader: signature, version at 16, RuntimeBaseAddress at 32 from version
//! 2 on.
Address runtimeBaseIn(std::span<const std::byte> page) {
    constexpr char kSignature[] = "DIAGINFOHEADER";
    std::int32_t version = 0;
    std::uint64_t base = 0;
    std::memcpy(&version, page.data() + 16, sizeof version);
    std::memcpy(&base, page.data() + 32, sizeof base);
    const bool known = std::memcmp(page.data(), kSignature, sizeof kSignature) == 0 && version >= 2;
    return known ? Address(base) : Address();
}

Result<std::unique_ptr<ByteSource>> openSource(const std::string& path, bool* compressed) {
    auto file = openFileSource(path);
    if (!file || !isZstd(**file)) {
        return file;
    }
    *compressed = true;
    if (!SeekTable::isPresent(**file)) {
        return fail({ErrorCode::CorruptDump, "read the dump " + path,
                     "it is compressed without a table of its frames, so single pages cannot be read: it was "
                     "cut off, "
                     "or not written by firstchance",
                     "Unpack it first: firstchance unpack " + path, 0});
    }
    return openSeekableSource(std::move(*file), path);
}

} // namespace

CoreFile::CoreFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
CoreFile::~CoreFile() = default;

Result<std::unique_ptr<CoreFile>> CoreFile::open(const std::string& path) {
    bool compressed = false;
    auto source = openSource(path, &compressed);
    if (!source) {
        return tl::unexpected(source.error());
    }
    auto parsed = parseCore(**source, path);
    if (!parsed) {
        return tl::unexpected(parsed.error());
    }
    auto state = std::make_unique<State>(std::move(*source), std::move(*parsed), compressed);
    const CoreNotes& notes = state->core.notes;
    // The kernel puts the process group into PRSTATUS, createdump and we the process id: PRPSINFO is right in
    // all.
    state->pid = notes.pid != 0 ? notes.pid : notes.processGroup;
    std::array<std::byte, 40> page{};
    if (state->readStored(kDiagnosticInfoAddress, page) == page.size()) {
        state->runtimeBase = runtimeBaseIn(page);
    }
    return std::unique_ptr<CoreFile>(new CoreFile(std::move(state)));
}

pid_t CoreFile::pid() const {
    return state_->pid;
}
const std::string& CoreFile::commandName() const {
    return state_->core.notes.commandName;
}
std::span<const Mapping> CoreFile::mappings() const {
    return state_->core.mappings;
}
std::span<const ThreadImage> CoreFile::threads() const {
    return state_->core.notes.threads;
}
std::span<const std::byte> CoreFile::auxiliaryVector() const {
    return state_->core.notes.auxiliaryVector;
}
Machine CoreFile::machine() const {
    return state_->core.machine;
}
bool CoreFile::isOurs() const {
    return state_->core.notes.ours;
}
Address CoreFile::runtimeBase() const {
    return state_->runtimeBase;
}
std::uint64_t CoreFile::rawBytes() const {
    return state_->source->size();
}
bool CoreFile::isCompressed() const {
    return state_->compressed;
}

std::size_t CoreFile::read(Address address, std::span<std::byte> buffer) const {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const Address at = address + done;
        const auto rest = buffer.subspan(done);
        if (const std::size_t got = state_->readStored(at, rest); got > 0) {
            done += got;
            continue;
        }
        const Mapping* mapping = findMapping(at);
        if (mapping == nullptr) {
            break;
        }
        // Up to the next byte that the core itself has: that one may have been changed.
        const auto next = state_->segmentAt(at);
        std::uint64_t room = rest.size();
        for (auto s = next; s != state_->core.segments.end(); ++s) {
            if (s->fileBytes > 0 && s->memory.begin >= at) {
                room = std::min<std::uint64_t>(room, s->memory.begin - at);
                break;
            }
        }
        const std::size_t got = state_->modules.read(*mapping, at, rest.first(room));
        if (got == 0) {
            break;
        }
        done += got;
    }
    return done;
}

std::vector<AddressRange> CoreFile::privatePages(AddressRange range) const {
    std::vector<AddressRange> held;
    for (auto s = state_->segmentAt(range.begin);
         s != state_->core.segments.end() && s->memory.begin < range.end; ++s) {
        const AddressRange part = s->stored().intersect(range);
        if (!part.empty()) {
            held.push_back({part.begin.alignDown(kCorePage), part.end.alignUp(kCorePage)});
        }
    }
    joinRanges(held);
    return held;
}

} // namespace firstchance
