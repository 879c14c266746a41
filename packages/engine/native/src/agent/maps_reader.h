#pragma once

#include <cstddef>
#include <cstdint>

#include "agent/text.h"

namespace firstchance::agent {

//! \brief One line of /proc/self/maps (proc_pid_maps(5)).
struct OwnMapping {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    bool readable = false;
    bool writable = false;
    bool executable = false;
    std::uint64_t fileOffset = 0;
    Text name; //!< path or "[stack]", its first bytes; lives until the next line is read
};

//! \brief Reads /proc/self/maps line by line through a small buffer. Async-signal-safe, allocates nothing.
class MapsReader {
public:
    MapsReader();
    MapsReader(const MapsReader&) = delete;
    MapsReader& operator=(const MapsReader&) = delete;
    ~MapsReader();

    //! \brief False at the end.
    bool next(OwnMapping& mapping);

private:
    int byte();
    std::uintptr_t number(char stop);
    void skipField();

    int fd_;
    char buffer_[512];
    std::size_t used_ = 0;
    std::size_t filled_ = 0;
    char name_[32];
};

} // namespace firstchance::agent
