#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace firstchance {

//! \brief Cuts a byte stream into messages framed by Content-Length headers (language server protocol, base
//! protocol).
class FrameReader {
public:
    //! \brief Larger messages are refused: no request of ours comes near, and a hostile header must not
    //! allocate.
    static constexpr std::size_t kLimit = 64U << 20U;

    void append(std::string_view bytes) { buffer_ += bytes; }
    //! \brief The next whole message, or nothing until more bytes arrive.
    std::optional<std::string> next();
    //! \brief Set once the stream cannot be understood any more: there is no way to find the next frame.
    [[nodiscard]] bool broken() const { return broken_; }

private:
    std::string buffer_;
    bool broken_ = false;
};

//! \brief The frame around \p body.
[[nodiscard]] std::string frame(std::string_view body);

} // namespace firstchance
