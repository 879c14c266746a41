#pragma once

#include <cstdint>

#include "agent/native/code_memory.h"
#include "agent/native/owned_file.h"

namespace firstchance::agent {

//! \brief Which pages of this process are in memory: to read another one would bring it there
//! (Documentation/admin-guide/mm/pagemap.rst).
class PresentPages {
public:
    [[nodiscard]] bool has(std::uintptr_t page) const {
        std::uint64_t entry = 0;
        return pagemap_.readAt(page / CodePage::kBytes * sizeof entry, &entry, sizeof entry) &&
               (entry & kPresent) != 0;
    }

private:
    static constexpr std::uint64_t kPresent = std::uint64_t{1} << 63U;
    OwnedFile pagemap_{"/proc/self/pagemap"};
};

} // namespace firstchance::agent
