#include <elf.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <thread>

#include "linux/auxiliary_vector.h"
#include "linux/command_line.h"
#include "linux/live_process.h"
#include "linux/process_status.h"
#include "linux/ptrace.h"
#include "linux/task_list.h"

namespace firstchance {
namespace {

pid_t deadProcess() {
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::_exit(0);
    }
    ::waitpid(pid, nullptr, 0);
    return pid;
}

TEST(ProcessStatus, OfOurselves) {
    const auto status = readProcessStatus(::getpid());
    ASSERT_TRUE(status);
    EXPECT_EQ(status->pid, ::getpid());
    EXPECT_EQ(status->threadGroup, ::getpid());
    EXPECT_EQ(status->parentPid, ::getppid());
    EXPECT_EQ(status->uid, ::geteuid());
    EXPECT_EQ(status->name, "test_linux");
    EXPECT_EQ(status->tracerPid, 0);
    EXPECT_GE(status->threads, 1);
    EXPECT_GT(status->residentBytes, 1U << 20U);
    EXPECT_GT(status->startTime, 0U);
    EXPECT_EQ(status->state, 'R');
}

TEST(ProcessStatus, ANameMayHoldParenthesesAndSpaces) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_NAME, "a) R 1 (b");
        ::raise(SIGSTOP);
        ::_exit(0);
    }
    ::waitpid(child, nullptr, WUNTRACED);
    const auto status = readProcessStatus(child);
    const auto own = readProcessStatus(::getpid());
    ASSERT_TRUE(status && own);
    EXPECT_EQ(status->name, "a) R 1 (b");
    EXPECT_EQ(status->state, 'T');
    EXPECT_EQ(readTaskState(child, child), 'T');
    EXPECT_EQ(readTaskName(child, child), "a) R 1 (b");
    EXPECT_GE(status->startTime, own->startTime); // field 22, counted behind the last parenthesis
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

TEST(ProcFiles, OfAProcessThatIsGone) {
    const pid_t pid = deadProcess();
    EXPECT_EQ(readProcessStatus(pid).error().code, ErrorCode::NoSuchProcess);
    EXPECT_EQ(listTasks(pid).error().code, ErrorCode::NoSuchProcess);
    EXPECT_EQ(readCommandLine(pid).error().code, ErrorCode::NoSuchProcess);
    EXPECT_EQ(LiveProcess::open(pid).error().code, ErrorCode::NoSuchProcess);
    EXPECT_EQ(readTaskState(pid, pid), '\0');
    EXPECT_TRUE(readTaskName(pid, pid).empty());
    EXPECT_TRUE(readAuxiliaryVector(pid).empty());
}

TEST(TaskList, HoldsEveryThread) {
    std::atomic<pid_t> tid = 0;
    std::atomic<bool> end = false;
    std::thread thread([&] {
        tid = static_cast<pid_t>(::syscall(SYS_gettid));
        end.wait(false);
    });
    while (tid == 0) {
        std::this_thread::yield();
    }
    const auto tasks = listTasks(::getpid());
    ASSERT_TRUE(tasks);
    EXPECT_NE(std::find(tasks->begin(), tasks->end(), tid.load()), tasks->end());
    EXPECT_NE(std::find(tasks->begin(), tasks->end(), ::getpid()), tasks->end());
    EXPECT_EQ(livingTask(::getpid()), ::getpid());
    end = true;
    end.notify_all();
    thread.join();
}

TEST(CommandLine, KeepsEmptyArguments) {
    // A shell that reads commands from a pipe nobody writes to: it stays.
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    std::array<int, 2> running{};
    ASSERT_EQ(::pipe2(running.data(), O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[0], STDIN_FILENO);
        ::execl("/bin/sh", "sh", "-s", "one", "", "two words", nullptr);
        ::_exit(127);
    }
    ::close(running[1]);
    char byte = 0;
    EXPECT_EQ(::read(running[0], &byte, 1), 0); // its end is closed by the exec
    const auto arguments = readCommandLine(child);
    ASSERT_TRUE(arguments);
    EXPECT_EQ(*arguments, (std::vector<std::string>{"sh", "-s", "one", "", "two words"}));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_EQ(
        readCommandLine(::getpid())->front().substr(readCommandLine(::getpid())->front().rfind('/') + 1),
        "test_linux");
    for (const int fd : {ends[0], ends[1], running[0]}) {
        ::close(fd);
    }
}

TEST(AuxiliaryVector, HasThePageSize) {
    const auto bytes = readAuxiliaryVector(::getpid());
    std::vector<Elf64_auxv_t> items(bytes.size() / sizeof(Elf64_auxv_t));
    std::memcpy(items.data(), bytes.data(), items.size() * sizeof(Elf64_auxv_t));
    const auto found = std::find_if(items.begin(), items.end(),
                                    [](const Elf64_auxv_t& item) { return item.a_type == AT_PAGESZ; });
    ASSERT_NE(found, items.end());
    EXPECT_EQ(found->a_un.a_val, ::getauxval(AT_PAGESZ));
}

TEST(LiveProcess, ReadsMemoryShortAtTheFirstHole) {
    const auto live = LiveProcess::open(::getpid());
    ASSERT_TRUE(live);
    const std::uint64_t value = 0x1122334455667788;
    EXPECT_EQ((*live)->readValue<std::uint64_t>(Address(reinterpret_cast<std::uint64_t>(&value))), value);
    EXPECT_FALSE((*live)->readValue<std::uint64_t>(Address(8)));
    EXPECT_FALSE((*live)->readValue<std::uint64_t>(Address(UINT64_MAX - 7)));
    auto* pages =
        static_cast<char*>(::mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    pages[4095] = 7;
    ::munmap(pages + 4096, 4096);
    std::array<std::byte, 2> two{};
    EXPECT_EQ((*live)->read(Address(reinterpret_cast<std::uint64_t>(pages + 4095)), two), 1U);
    EXPECT_EQ(two[0], std::byte{7});
    ::munmap(pages, 4096);
}

TEST(LiveProcess, LargeReadsOfAPinnedProcessAreTheSame) {
    std::vector<std::byte> content(3 << 20);
    for (std::size_t i = 0; i < content.size(); ++i) {
        content[i] = static_cast<std::byte>(i * 7 / 4096);
    }
    auto memory = ProcessMemory::open(::getpid());
    ASSERT_TRUE(memory);
    const Address address(reinterpret_cast<std::uint64_t>(content.data()));
    std::vector<std::byte> read(content.size());
    EXPECT_EQ(memory->read(address, read), read.size());
    EXPECT_EQ(read, content);
    std::fill(read.begin(), read.end(), std::byte{0});
    memory->pin(::getpid());
    EXPECT_EQ(memory->read(address, read), read.size());
    EXPECT_EQ(read, content);
}

TEST(Ptrace, DecodesEveryKindOfStop) {
    using Kind = ptrace::Stop::Kind;
    EXPECT_EQ(ptrace::decodeStatus(0).kind, Kind::Gone);
    EXPECT_EQ(ptrace::decodeStatus(SIGKILL).kind, Kind::Gone);
    EXPECT_EQ(ptrace::decodeStatus((SIGTRAP << 8) | 0x7f | (128 << 16)).kind, Kind::EventStop);
    EXPECT_EQ(ptrace::decodeStatus((SIGTRAP << 8) | 0x7f | (3 << 16)).kind, Kind::Clone);
    EXPECT_EQ(ptrace::decodeStatus(((SIGTRAP | 0x80) << 8) | 0x7f).kind, Kind::SystemCall);
    const auto signal = ptrace::decodeStatus((SIGUSR1 << 8) | 0x7f);
    EXPECT_EQ(signal.kind, Kind::Signal);
    EXPECT_EQ(signal.signal, SIGUSR1);
}

} // namespace
} // namespace firstchance
