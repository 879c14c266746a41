#include "agent_host/control_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/unique_fd.h"

namespace firstchance {
namespace {

std::uint32_t modeOf(const AgentFilter& filter) {
    return (filter.firstChance ? agent::kFirstChance : 0U) | (filter.unhandled ? agent::kUnhandled : 0U) |
           (filter.exit ? agent::kExit : 0U) | (filter.log ? agent::kLog : 0U) |
           (filter.tests ? agent::kTests : 0U);
}

Result<std::string> joinPatterns(const AgentFilter& filter) {
    std::string text;
    for (const auto* list : {&filter.include, &filter.exclude, &filter.decline}) {
        for (const std::string& pattern : *list) {
            if (pattern.empty() || pattern.find('\0') != std::string::npos) {
                return fail({ErrorCode::InvalidArgument, "Setting the exception filter",
                             "a pattern is empty or contains a NUL character", "Remove it", 0});
            }
            text.append(pattern).push_back('\0');
        }
    }
    if (text.size() > agent::kMaxPatternBytes) {
        return fail({ErrorCode::InvalidArgument, "Setting the exception filter",
                     "its patterns have " + std::to_string(text.size()) + " bytes, at most " +
                         std::to_string(agent::kMaxPatternBytes) + " are possible",
                     "Use fewer or shorter patterns, with wildcards", 0});
    }
    return text;
}

} // namespace

Result<std::unique_ptr<ControlWriter>>
ControlWriter::create(const std::string& path, const std::string& socketPath, const AgentFilter& filter) {
    const std::string what = "Writing the agents' control file " + path;
    if (path.empty() || path.front() != '/' || socketPath.size() >= agent::kSocketPathBytes) {
        return fail({ErrorCode::InvalidArgument, what,
                     "the path is not absolute or the socket's path is too long", "Use absolute, short paths",
                     0});
    }
    // A new inode: agents of an engine that was killed still map the old one.
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return failSystem(ErrorCode::OutputNotWritable, what, errno);
    }
    const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd.valid()) {
        return failSystem(ErrorCode::OutputNotWritable, what, errno,
                          "Check that the folder exists and may be written to");
    }
    // Space is taken now: a full disk met later, in a page fault, would kill the program under test with
    // SIGBUS.
    if (const int error = ::posix_fallocate(fd.get(), 0, sizeof(agent::ControlLayout)); error != 0) {
        ::unlink(path.c_str());
        return failSystem(error == ENOSPC ? ErrorCode::DiskFull : ErrorCode::OutputNotWritable, what, error);
    }
    void* mapping =
        ::mmap(nullptr, sizeof(agent::ControlLayout), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (mapping == MAP_FAILED) {
        const int error = errno;
        ::unlink(path.c_str());
        return failSystem(ErrorCode::OutputNotWritable, what, error);
    }
    auto* layout = static_cast<agent::ControlLayout*>(mapping);
    layout->version = agent::kControlVersion;
    layout->bytes = sizeof(agent::ControlLayout);
    std::memcpy(layout->socketPath, socketPath.c_str(), socketPath.size() + 1);
    std::unique_ptr<ControlWriter> writer(new ControlWriter(layout, path));
    if (auto written = writer->write(filter); !written) {
        return fail(written.error());
    }
    std::atomic_ref(layout->magic).store(agent::kControlMagic, std::memory_order_release);
    return writer;
}

ControlWriter::~ControlWriter() {
    layout_->mode.store(0, std::memory_order_release);
    layout_->generation.fetch_add(2, std::memory_order_acq_rel);
    ::munmap(layout_, sizeof *layout_);
    ::unlink(path_.c_str());
}

Result<void> ControlWriter::write(const AgentFilter& filter) {
    const auto patterns = joinPatterns(filter);
    if (!patterns) {
        return fail(patterns.error());
    }
    constexpr auto kRelaxed = std::memory_order_relaxed;
    layout_->generation.fetch_add(1, std::memory_order_acq_rel); // odd: agents keep what they have
    std::atomic_thread_fence(std::memory_order_release);
    layout_->perPlace.store(filter.perPlace, kRelaxed);
    layout_->perType.store(filter.perType, kRelaxed);
    layout_->perTest.store(filter.perTest, kRelaxed);
    layout_->perSession.store(filter.perSession, kRelaxed);
    layout_->timeoutMs.store(filter.timeoutMs, kRelaxed);
    layout_->includeCount = static_cast<std::uint32_t>(filter.include.size());
    layout_->excludeCount = static_cast<std::uint32_t>(filter.exclude.size());
    layout_->declineCount = static_cast<std::uint32_t>(filter.decline.size());
    layout_->patternBytes = static_cast<std::uint32_t>(patterns->size());
    std::memcpy(layout_->patterns, patterns->data(), patterns->size());
    layout_->generation.fetch_add(1, std::memory_order_release);
    layout_->mode.store(modeOf(filter), std::memory_order_release);
    return {};
}

} // namespace firstchance
