#include "clr/stopped_process.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

//! \brief Asked by LeakSanitizer, where the tests are built with it: the runtime's debugging library never
//! frees its list of handles. It lives in worker processes that end.
extern "C" __attribute__((visibility("default"))) const char*
__lsan_default_suppressions();                         // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() { // NOLINT(bugprone-reserved-identifier)
    return "leak:libmscordaccore.so\n";
}

namespace firstchance {
namespace {

std::string folder(pid_t pid) {
    return "/proc/" + std::to_string(pid);
}

std::vector<std::byte> regset(pid_t tid, unsigned long type) {
    std::vector<std::byte> bytes(16384);
    iovec vector{bytes.data(), bytes.size()};
    EXPECT_EQ(0, ptrace(PTRACE_GETREGSET, tid, type, &vector));
    bytes.resize(vector.iov_len);
    return bytes;
}

char stateOf(pid_t pid, pid_t tid) {
    std::ifstream file(folder(pid) + "/task/" + std::to_string(tid) + "/stat");
    std::string text(std::istreambuf_iterator<char>(file), {});
    const std::size_t end = text.rfind(')');
    return end == std::string::npos || end + 2 >= text.size() ? '?' : text[end + 2];
}

std::vector<Mapping> readMappings(pid_t pid) {
    std::vector<Mapping> mappings;
    std::ifstream file(folder(pid) + "/maps");
    for (std::string line; std::getline(file, line);) {
        unsigned long begin = 0;
        unsigned long end = 0;
        unsigned long offset = 0;
        unsigned long inode = 0;
        std::array<char, 5> flags{};
        int used = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx %4s %lx %*s %lu %n", &begin, &end, flags.data(), &offset,
                        &inode, &used) < 5) {
            continue;
        }
        Mapping mapping;
        mapping.range = {Address(begin), Address(end)};
        mapping.readable = flags[0] == 'r';
        mapping.writable = flags[1] == 'w';
        mapping.executable = flags[2] == 'x';
        mapping.shared = flags[3] == 's';
        mapping.fileOffset = offset;
        mapping.inode = inode;
        mapping.path = line.substr(std::min<std::size_t>(static_cast<std::size_t>(used), line.size()));
        mappings.push_back(mapping);
    }
    return mappings;
}

} // namespace

StoppedProcess::StoppedProcess(pid_t pid)
    : pid_(pid), memory_(::open((folder(pid) + "/mem").c_str(), O_RDONLY | O_CLOEXEC)) {
    EXPECT_TRUE(memory_.valid());
    std::ifstream(folder(pid) + "/comm") >> name_;
    while (stopNewThreads()) {
    }
    mappings_ = readMappings(pid);
    std::ifstream file(folder(pid) + "/auxv", std::ios::binary);
    for (char c = 0; file.get(c);) {
        auxv_.push_back(static_cast<std::byte>(c));
    }
}

bool StoppedProcess::stopNewThreads() {
    bool found = false;
    for (const auto& entry : std::filesystem::directory_iterator(folder(pid_) + "/task")) {
        const pid_t tid = std::stoi(entry.path().filename());
        const auto known =
            std::any_of(threads_.begin(), threads_.end(), [&](const ThreadImage& t) { return t.tid == tid; });
        const char state = stateOf(pid_, tid);
        if (known || ptrace(PTRACE_SEIZE, tid, nullptr, nullptr) != 0) {
            continue;
        }
        int status = 0;
        if (ptrace(PTRACE_INTERRUPT, tid, nullptr, nullptr) != 0 || waitpid(tid, &status, __WALL) != tid ||
            !WIFSTOPPED(status)) {
            continue;
        }
        ThreadImage thread;
        thread.tid = tid;
        thread.state = state;
        std::ifstream comm(entry.path() / "comm");
        std::getline(comm, thread.name);
        thread.generalRegisters = regset(tid, NT_PRSTATUS);
        thread.floatRegisters = regset(tid, NT_PRFPREG);
        threads_.push_back(std::move(thread));
        found = true;
    }
    return found;
}

StoppedProcess::~StoppedProcess() {
    for (const ThreadImage& thread : threads_) {
        ptrace(PTRACE_DETACH, thread.tid, nullptr, nullptr);
    }
}

std::size_t StoppedProcess::read(Address address, std::span<std::byte> buffer) const {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const iovec local{buffer.data() + done, buffer.size() - done};
        const iovec remote{reinterpret_cast<void*>(address.value() + done), buffer.size() - done};
        ssize_t got = ::process_vm_readv(pid_, &local, 1, &remote, 1, 0);
        if (got <= 0) { // what its mapping does not let the process itself read
            got = ::pread(memory_.get(), buffer.data() + done, buffer.size() - done,
                          static_cast<off_t>(address.value() + done));
        }
        if (got <= 0) {
            break;
        }
        done += static_cast<std::size_t>(got);
    }
    return done;
}

} // namespace firstchance
