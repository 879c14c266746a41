#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "memory/memory_usage.h"
#include "snapshot/snapshot.h"

namespace firstchance {

//! \brief A process that does what it is told.
class MemoryTarget {
public:
    explicit MemoryTarget(const char* preload = nullptr) {
        std::array<int, 2> input{};
        std::array<int, 2> output{};
        if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0) {
            std::abort();
        }
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(input[0], STDIN_FILENO);
            ::dup2(output[1], STDOUT_FILENO);
            if (preload != nullptr) {
                ::setenv("GLIBC_TUNABLES", preload, 1);
            }
            ::execl(FIRSTCHANCE_MEMORY_TARGET, FIRSTCHANCE_MEMORY_TARGET, nullptr);
            ::_exit(127);
        }
        ::close(input[0]);
        ::close(output[1]);
        input_ = ::fdopen(input[1], "w");
        output_ = ::fdopen(output[0], "r");
        tell("nothing 0 0"); // until it answers it may still be on its way through execve(2)
    }
    MemoryTarget(const MemoryTarget&) = delete;
    MemoryTarget& operator=(const MemoryTarget&) = delete;
    ~MemoryTarget() {
        std::fclose(input_);
        std::fclose(output_);
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    //! \brief What malloc says it has in use, afterwards.
    std::uint64_t tell(const std::string& line) {
        std::fprintf(input_, "%s\n", line.c_str());
        std::fflush(input_);
        unsigned long inUse = 0;
        EXPECT_EQ(std::fscanf(output_, "%lu", &inUse), 1);
        return inUse;
    }
    MemoryUsage look(CaptureMethod method = CaptureMethod::Clone) {
        const auto image = snapshot(method);
        return image ? readMemoryUsage(*image, {}) : MemoryUsage{};
    }
    [[nodiscard]] std::unique_ptr<FrozenProcess> snapshot(CaptureMethod method = CaptureMethod::Clone) const {
        SnapshotOptions options;
        options.method = method;
        auto image = takeSnapshot(pid_, options);
        if (!image) {
            ADD_FAILURE() << describe(image.error());
            return nullptr;
        }
        return std::move(*image);
    }
    [[nodiscard]] pid_t pid() const { return pid_; }

private:
    pid_t pid_ = 0;
    FILE* input_ = nullptr;
    FILE* output_ = nullptr;
};

} // namespace firstchance
