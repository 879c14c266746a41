#pragma once

#include "agent/protocol.h"
#include "agent/utf8.h"

namespace firstchance::agent {

//! \brief Collects a name of at most kMaxNameBytes; what is longer is cut.
class NameBuffer {
public:
    void append(Text text) {
        const Text fitting = text.first(sizeof data_ - size_);
        std::memcpy(data_ + size_, fitting.data, fitting.size);
        size_ += fitting.size;
    }
    void append(const Utf16* text, std::size_t length) {
        size_ += toUtf8(text, length, data_ + size_, sizeof data_ - size_);
    }
    void clear() { size_ = 0; }
    void truncate(std::size_t size) { size_ = size < size_ ? size : size_; }
    [[nodiscard]] Text text() const { return {data_, size_}; }

private:
    char data_[kMaxNameBytes];
    std::size_t size_ = 0;
};

} // namespace firstchance::agent
