#include "clr/stack_references.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "base/unique_fd.h"
#include "clr/child_pipe.h"
#include "clr/dac_interfaces.h"
#include "clr/dac_threads.h"

namespace firstchance {
namespace {

using Clock = std::chrono::steady_clock;

//! \brief What a child writes for each thread it is done with; then \c blocks numbers of 8 bytes.
struct Header {
    std::uint32_t threadIndex;
    std::uint32_t blocks;
};

void readReferences(Dac& dac, std::uint32_t osId) {
    constexpr std::uint32_t kBatch = 256;
    com::Reference references;
    if (osId == 0 || dac.interfaces().call(dac::Sos::GetStackReferences, osId, references.out()) < 0 ||
        !references) {
        return;
    }
    std::vector<dac::StackReference> items(kBatch);
    std::uint32_t fetched = 0;
    do {
        fetched = 0;
        if (com::call(references.get(), dac::slot::kEnumNext, kBatch, items.data(), &fetched) < 0) {
            return;
        }
    } while (fetched == kBatch);
}

[[noreturn]] void runChild(Dac& dac, const std::vector<RuntimeThread>& threads, std::size_t first, int fd) {
    dieQuietly();
    std::vector<std::uint64_t> journal;
    dac.interfaces().memory->journalInto(&journal);
    for (std::size_t i = first; i < threads.size(); ++i) {
        journal.clear();
        readReferences(dac, threads[i].data.osId);
        const Header header{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(journal.size())};
        if (!writeAll(fd, &header, sizeof header) ||
            !writeAll(fd, journal.data(), journal.size() * sizeof(std::uint64_t))) {
            ::_exit(1);
        }
    }
    ::_exit(0);
}

//! \brief Takes over what the child recorded; returns the index of the first thread it did not finish.
std::size_t collect(Dac& dac, int fd, std::size_t first, Clock::time_point end) {
    constexpr std::uint32_t kMostBlocks = 4'000'000;
    Header header{};
    while (readAll(fd, &header, sizeof header, end) && header.blocks <= kMostBlocks) {
        std::vector<std::uint64_t> blocks(header.blocks);
        if (!readAll(fd, blocks.data(), blocks.size() * sizeof(std::uint64_t), end)) {
            break;
        }
        for (const std::uint64_t block : blocks) {
            const Address begin(block * PageCache::kBlock);
            dac.touch({begin, begin + PageCache::kBlock});
        }
        first = header.threadIndex + std::size_t{1};
    }
    return first;
}

} // namespace

void touchStackReferences(Dac& dac, Clock::time_point end) {
    constexpr int kMostChildren = 64;
    const std::vector<RuntimeThread> threads = readRuntimeThreads(dac);
    std::size_t next = 0;
    for (int attempt = 0; attempt < kMostChildren && next < threads.size() && Clock::now() < end; ++attempt) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            return;
        }
        UniqueFd readEnd(ends[0]);
        UniqueFd writeEnd(ends[1]);
        const pid_t child = ::fork();
        if (child == 0) {
            runChild(dac, threads, next, writeEnd.get());
        }
        writeEnd.reset();
        if (child < 0) {
            return;
        }
        const std::size_t reached = collect(dac, readEnd.get(), next, end);
        endChild(child);
        next = reached + 1; // the thread it died of is left out
    }
}

} // namespace firstchance
