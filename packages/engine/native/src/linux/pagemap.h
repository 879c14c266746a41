#pragma once

#include <sys/types.h>

#include <vector>

#include "base/process_image.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace firstchance {

//! \brief Which pages of a process are there: /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst).
class Pagemap {
public:
    static Result<Pagemap> open(pid_t pid);

    //! \brief Pages of \p range, which lies in \p mapping, that hold content of this process alone: of
    //! anonymous memory what is resident or swapped and not the zero page, of a file mapping what was copied
    //! on write.
    //!
    //! By the PAGEMAP_SCAN ioctl (Linux 6.7), else from the page flags, where zero pages count as content.
    [[nodiscard]] std::vector<AddressRange> privatePages(const Mapping& mapping, AddressRange range) const;

private:
    explicit Pagemap(UniqueFd fd) : fd_(std::move(fd)) {}

    UniqueFd fd_;
};

} // namespace firstchance
