#include "clr/thread_objects.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <unordered_set>

#include "base/unique_fd.h"
#include "clr/child_pipe.h"
#include "clr/dac_interfaces.h"

namespace firstchance {
namespace {

constexpr std::uint32_t kInterior = 1;
constexpr std::uint32_t kMostObjects = 1'000'000;

std::vector<std::uint64_t> askDac(Dac& dac, std::uint32_t threadId) {
    constexpr std::uint32_t kBatch = 256;
    std::vector<std::uint64_t> objects;
    com::Reference references;
    if (dac.interfaces().call(dac::Sos::GetStackReferences, threadId, references.out()) < 0 || !references) {
        return objects;
    }
    std::vector<dac::StackReference> items(kBatch);
    std::unordered_set<std::uint64_t> seen;
    std::uint32_t fetched = 0;
    do {
        fetched = 0;
        if (com::call(references.get(), dac::slot::kEnumNext, kBatch, items.data(), &fetched) < 0) {
            return objects;
        }
        for (std::uint32_t i = 0; i < fetched && i < kBatch; ++i) {
            const dac::StackReference& item = items[i];
            if ((item.flags & kInterior) == 0 && item.object != 0 && seen.insert(item.object).second) {
                objects.push_back(item.object);
            }
        }
    } while (fetched == kBatch && objects.size() < kMostObjects);
    return objects;
}

[[noreturn]] void runChild(Dac& dac, std::uint32_t threadId, int fd) {
    dieQuietly();
    const std::vector<std::uint64_t> objects = askDac(dac, threadId);
    const auto count = static_cast<std::uint32_t>(objects.size());
    const bool sent = writeAll(fd, &count, sizeof count) &&
                      writeAll(fd, objects.data(), objects.size() * sizeof(std::uint64_t));
    ::_exit(sent ? 0 : 1);
}

} // namespace

std::vector<Address> stackObjects(Dac& dac, std::uint32_t threadId,
                                  std::chrono::steady_clock::time_point deadline) {
    std::vector<Address> objects;
    std::array<int, 2> ends{};
    if (threadId == 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return objects;
    }
    const UniqueFd readEnd(ends[0]);
    UniqueFd writeEnd(ends[1]);
    const pid_t child = ::fork();
    if (child == 0) {
        runChild(dac, threadId, writeEnd.get());
    }
    writeEnd.reset();
    if (child < 0) {
        return objects;
    }
    std::uint32_t count = 0;
    if (readAll(readEnd.get(), &count, sizeof count, deadline) && count <= kMostObjects + 256) {
        std::vector<std::uint64_t> values(count);
        if (readAll(readEnd.get(), values.data(), values.size() * sizeof(std::uint64_t), deadline)) {
            for (const std::uint64_t value : values) {
                objects.emplace_back(value);
            }
        }
    }
    endChild(child);
    return objects;
}

} // namespace firstchance
