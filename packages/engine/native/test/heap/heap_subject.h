#pragma once

#include <sys/types.h>

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace firstchance {

//! \brief The .NET program in subject/: it has printed its counts and "ready", and waits for commands.
//! FIRSTCHANCE_HEAP_SUBJECT names another build of it, e.g. a self-contained one of .NET 8.
class HeapSubject {
public:
    //! \brief \p environment: "NAME=value" added to ours.
    explicit HeapSubject(const std::vector<std::string>& environment = {});
    HeapSubject(const HeapSubject&) = delete;
    HeapSubject& operator=(const HeapSubject&) = delete;
    ~HeapSubject();

    [[nodiscard]] static std::string folder();
    [[nodiscard]] pid_t pid() const { return pid_; }
    //! \brief Type names to objects alive, as the program tells them.
    [[nodiscard]] const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
    //! \brief Sends a command and waits until it is done; the program must not be stopped.
    void run(const std::string& command);
    //! \brief Ends its input; its exit code, or -signal. 0 means it came to no harm.
    int finish();

private:
    bool readUntil(const std::string& word);

    pid_t pid_ = -1;
    UniqueFd input_;
    std::unique_ptr<FILE, int (*)(FILE*)> output_{nullptr, &fclose};
    std::map<std::string, std::uint64_t> counts_;
};

} // namespace firstchance
