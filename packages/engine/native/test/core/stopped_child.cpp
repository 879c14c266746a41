#include "stopped_child.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/address_ranges.h"
#include "core/memory_selection.h"

namespace firstchance::test {
namespace {

[[noreturn]] void giveUp(const char* what) {
    std::perror(what);
    std::abort();
}

std::vector<std::byte> registerSet(pid_t tid, unsigned type) {
    std::vector<std::byte> bytes(64U << 10);
    iovec vector{bytes.data(), bytes.size()};
    if (::ptrace(PTRACE_GETREGSET, tid, reinterpret_cast<void*>(static_cast<std::uintptr_t>(type)),
                 &vector) != 0) {
        return {};
    }
    bytes.resize(vector.iov_len);
    return bytes;
}

} // namespace

std::string StoppedChild::program() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "core_target_program";
}

StoppedChild::StoppedChild() {
    start();
    stopThreads();
    readMaps();
    const std::string folder = "/proc/" + std::to_string(pid_);
    std::ifstream auxiliary(folder + "/auxv", std::ios::binary);
    for (char byte = 0; auxiliary.get(byte);) {
        auxiliary_.push_back(static_cast<std::byte>(byte));
    }
    pagemap_.reset(::open((folder + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC));
}

StoppedChild::~StoppedChild() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        // The leader's end is reported only when all other traced threads have been waited for.
        for (auto thread = threads_.rbegin(); thread != threads_.rend(); ++thread) {
            ::waitpid(thread->tid, nullptr, __WALL);
        }
        ::waitpid(pid_, nullptr, __WALL);
    }
}

void StoppedChild::start() {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) {
        giveUp("pipe");
    }
    const std::string path = program();
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(in[0], 0);
        ::dup2(out[1], 1);
        ::execl(path.c_str(), "core_target_program", nullptr);
        ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    input_.reset(in[1]);
    FILE* output = ::fdopen(out[0], "r");
    unsigned long begin = 0;
    unsigned long size = 0;
    if (std::fscanf(output, "%lu %lu", &begin, &size) != 2) { // NOLINT(cert-err34-c)
        giveUp("start core_target_program");
    }
    std::fclose(output);
    block_ = {Address(begin), Address(begin + size)};
}

void StoppedChild::stopThreads() {
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task")) {
        const pid_t tid = std::stoi(task.path().filename());
        int status = 0;
        if (::ptrace(PTRACE_SEIZE, tid, 0, 0) != 0 || ::ptrace(PTRACE_INTERRUPT, tid, 0, 0) != 0 ||
            ::waitpid(tid, &status, __WALL) != tid) {
            giveUp("ptrace");
        }
        ThreadImage thread;
        thread.tid = tid;
        thread.generalRegisters = registerSet(tid, NT_PRSTATUS);
        thread.floatRegisters = registerSet(tid, NT_PRFPREG);
#if defined(__x86_64__)
        thread.extraRegisters.emplace_back(NT_X86_XSTATE, registerSet(tid, NT_X86_XSTATE));
#endif
        threads_.push_back(std::move(thread));
    }
    std::sort(threads_.begin(), threads_.end(), [](const auto& a, const auto& b) { return a.tid < b.tid; });
}

void StoppedChild::readMaps() {
    std::ifstream maps("/proc/" + std::to_string(pid_) + "/maps");
    for (std::string line; std::getline(maps, line);) {
        unsigned long begin = 0;
        unsigned long end = 0;
        unsigned long offset = 0;
        unsigned long inode = 0;
        char permissions[8] = {};
        int path = 0;
        // NOLINTNEXTLINE(cert-err34-c)
        std::sscanf(line.c_str(), "%lx-%lx %4s %lx %*x:%*x %lu %n", &begin, &end, permissions, &offset,
                    &inode, &path);
        Mapping mapping;
        mapping.range = {Address(begin), Address(end)};
        mapping.readable = permissions[0] == 'r';
        mapping.writable = permissions[1] == 'w';
        mapping.executable = permissions[2] == 'x';
        mapping.shared = permissions[3] == 's';
        mapping.fileOffset = offset;
        mapping.inode = inode;
        mapping.path = line.substr(static_cast<std::size_t>(path));
        mappings_.push_back(std::move(mapping));
    }
}

std::size_t StoppedChild::read(Address address, std::span<std::byte> buffer) const {
    const iovec local{buffer.data(), buffer.size()};
    const iovec remote{reinterpret_cast<void*>(address.value()), buffer.size()};
    const ssize_t got = ::process_vm_readv(pid_, &local, 1, &remote, 1, 0);
    return got < 0 ? 0 : static_cast<std::size_t>(got);
}

std::vector<AddressRange> StoppedChild::privatePages(AddressRange range) const {
    std::vector<AddressRange> pages;
    for (Address page = range.begin; page < range.end; page += kCorePage) {
        std::uint64_t entry = 0;
        const auto offset = static_cast<off_t>(page.value() / kCorePage * sizeof entry);
        if (::pread(pagemap_.get(), &entry, sizeof entry, offset) != sizeof entry) {
            break;
        }
        const bool present = (entry >> 63) != 0 || ((entry >> 62) & 1) != 0;
        const bool ofFile = ((entry >> 61) & 1) != 0;
        if (present && !ofFile) {
            pages.push_back({page, page + kCorePage});
        }
    }
    joinRanges(pages);
    return pages;
}

int StoppedChild::finish() {
    for (const ThreadImage& thread : threads_) {
        ::ptrace(PTRACE_DETACH, thread.tid, 0, 0);
    }
    input_.reset();
    int status = -1;
    while (::waitpid(pid_, &status, __WALL) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace firstchance::test
