#pragma once

#include <cstddef>
#include <cstdint>

namespace firstchance::agent {

//! \brief The name of the runtime's memory for code and what belongs to it, in /proc/PID/maps.
inline constexpr const char* kRuntimeCodeMemory = "/memfd:doublemapper";

//! \brief The runtime's own descriptor of that memory; -1 when there is none.
[[nodiscard]] int codeMemoryDescriptor();

//! \brief A page of that memory, readable and writable while the object exists, wherever and however the
//! runtime has mapped it: it does so for moments only, and takes it away again.
class CodePage {
public:
    static constexpr std::size_t kBytes = 4096;

    CodePage(int fd, std::uint64_t fileOffset);
    CodePage(const CodePage&) = delete;
    CodePage& operator=(const CodePage&) = delete;
    ~CodePage();

    //! \brief The byte at this place in the memory, which must lie in this page; null when it could not be
    //! mapped.
    [[nodiscard]] unsigned char* at(std::uint64_t fileOffset) const {
        return bytes_ == nullptr ? nullptr : bytes_ + fileOffset % kBytes;
    }

private:
    unsigned char* bytes_;
};

} // namespace firstchance::agent
