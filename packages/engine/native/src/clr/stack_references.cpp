#include "clr/stack_references.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <unordered_set>
#include <vector>

#include "base/unique_fd.h"
#include "clr/child_pipe.h"
#include "clr/dac_interfaces.h"
#include "clr/dac_threads.h"

namespace firstchance {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint32_t kMostReferences = 4'000'000;

//! \brief What a child writes for each thread it is done with; then \c blocks numbers of 8 bytes, then
//! \c references StackReference.
struct Header {
    std::uint32_t threadIndex;
    std::uint32_t blocks;
    std::uint32_t references;
    std::uint32_t complete;
};

//! \brief False if the list could not be read to its end.
bool readReferences(Dac& dac, std::uint32_t osId, std::vector<StackReference>& found) {
    constexpr std::uint32_t kBatch = 256;
    constexpr std::uint32_t kInterior = 1;
    com::Reference references;
    if (dac.interfaces().call(dac::Sos::GetStackReferences, osId, references.out()) < 0 || !references) {
        return false;
    }
    std::vector<dac::StackReference> items(kBatch);
    std::uint32_t fetched = 0;
    do {
        fetched = 0;
        if (com::call(references.get(), dac::slot::kEnumNext, kBatch, items.data(), &fetched) < 0) {
            return false;
        }
        for (std::uint32_t i = 0; i < fetched; ++i) {
            const dac::StackReference& item = items[i];
            Address object(item.object);
            if (object.isNull() && item.address != 0) {
                object = Address(dac.readValue<std::uint64_t>(Address(item.address)).value_or(0));
            }
            if (!object.isNull()) {
                found.push_back(
                    {object, Address(item.source), item.sourceType == 0, (item.flags & kInterior) != 0});
            }
        }
    } while (fetched == kBatch && found.size() < kMostReferences);
    return true;
}

[[noreturn]] void runChild(Dac& dac, const std::vector<RuntimeThread>& threads, std::size_t first, int fd) {
    dieQuietly();
    std::vector<std::uint64_t> journal;
    std::vector<StackReference> found;
    dac.interfaces().memory->journalInto(&journal);
    for (std::size_t i = first; i < threads.size(); ++i) {
        journal.clear();
        found.clear();
        const bool complete = readReferences(dac, threads[i].data.osId, found);
        const Header header{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(journal.size()),
                            static_cast<std::uint32_t>(found.size()), complete ? 1U : 0U};
        if (!writeAll(fd, &header, sizeof header) ||
            !writeAll(fd, journal.data(), journal.size() * sizeof(std::uint64_t)) ||
            !writeAll(fd, found.data(), found.size() * sizeof(StackReference))) {
            ::_exit(1);
        }
    }
    ::_exit(0);
}

//! \brief Takes over what the child recorded; returns the index of the first thread it did not finish.
std::size_t collect(Dac& dac, int fd, std::size_t first, Clock::time_point end,
                    std::vector<ThreadReferences>& results) {
    constexpr std::uint32_t kMostBlocks = 4'000'000;
    Header header{};
    while (readAll(fd, &header, sizeof header, end) && header.blocks <= kMostBlocks &&
           header.references <= kMostReferences + 256 && header.threadIndex < results.size()) {
        std::vector<std::uint64_t> blocks(header.blocks);
        std::vector<StackReference> references(header.references);
        if (!readAll(fd, blocks.data(), blocks.size() * sizeof(std::uint64_t), end) ||
            !readAll(fd, references.data(), references.size() * sizeof(StackReference), end)) {
            break;
        }
        results[header.threadIndex].complete = header.complete != 0;
        results[header.threadIndex].references = std::move(references);
        for (const std::uint64_t block : blocks) {
            const Address begin(block * PageCache::kBlock);
            dac.touch({begin, begin + PageCache::kBlock});
        }
        first = header.threadIndex + std::size_t{1};
    }
    return first;
}

} // namespace

std::vector<ThreadReferences> readStackReferences(Dac& dac, Clock::time_point end,
                                                  std::optional<std::uint32_t> only) {
    constexpr int kMostChildren = 64;
    std::vector<RuntimeThread> threads = readRuntimeThreads(dac);
    std::erase_if(threads, [only](const RuntimeThread& thread) {
        constexpr std::uint32_t kUnstartedOrDead = 0x400 | 0x800;
        return thread.data.osId == 0 || thread.data.osId != only.value_or(thread.data.osId) ||
               (static_cast<std::uint32_t>(thread.data.state) & kUnstartedOrDead) != 0;
    });
    std::vector<ThreadReferences> results;
    results.reserve(threads.size());
    for (const RuntimeThread& thread : threads) {
        results.push_back({thread.data.osId, thread.data.managedId, false, {}});
    }
    std::size_t next = 0;
    for (int attempt = 0; attempt < kMostChildren && next < threads.size() && Clock::now() < end; ++attempt) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            break;
        }
        UniqueFd readEnd(ends[0]);
        UniqueFd writeEnd(ends[1]);
        const pid_t child = ::fork();
        if (child == 0) {
            runChild(dac, threads, next, writeEnd.get());
        }
        writeEnd.reset();
        if (child < 0) {
            break;
        }
        const std::size_t reached = collect(dac, readEnd.get(), next, end, results);
        endChild(child);
        next = reached + 1; // the thread it died of is left out
    }
    return results;
}

std::vector<Address> stackObjects(Dac& dac, std::uint32_t threadId, Clock::time_point end) {
    std::vector<Address> objects;
    std::unordered_set<std::uint64_t> seen;
    for (const ThreadReferences& thread : readStackReferences(dac, end, threadId)) {
        for (const StackReference& reference : thread.references) {
            if (!reference.interior && seen.insert(reference.object.value()).second) {
                objects.push_back(reference.object);
            }
        }
    }
    return objects;
}

} // namespace firstchance
