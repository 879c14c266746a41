#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace firstchance::test {

//! \brief The AttachProfiler command (0x03/0x01) of the diagnostics IPC protocol, sent to the only runtime
//! that has its socket in a folder.
//!
//! Not blocking, since the runtime answers only after the agent has connected to the host of the same test.
class AttachRequest {
public:
    AttachRequest(const std::filesystem::path& temporaryFolder, const std::string& library,
                  const std::vector<std::byte>& clientData);
    //! \brief True once the whole answer is there, or the connection failed.
    bool poll();
    //! \brief The HRESULT; 0xFFFFFFFF without an answer.
    [[nodiscard]] std::uint32_t result() const;

private:
    UniqueFd fd_;
    std::string answer_;
    bool closed_ = false;
};

} // namespace firstchance::test
