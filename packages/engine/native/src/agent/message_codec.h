#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "agent/text.h"

namespace firstchance::agent {

//! \brief Writes one message into a buffer of the caller. What does not fit is left out and ok() is false.
class MessageWriter {
public:
    MessageWriter(unsigned char* buffer, std::size_t capacity) : buffer_(buffer), capacity_(capacity) {}

    void u8(std::uint8_t value) { raw(&value, sizeof value); }
    void u32(std::uint32_t value) { raw(&value, sizeof value); }
    void u64(std::uint64_t value) { raw(&value, sizeof value); }
    //! \brief Length in 16 bits, then the bytes.
    void text(Text value) {
        const auto length = static_cast<std::uint16_t>(value.size < 0xffff ? value.size : 0xffff);
        raw(&length, sizeof length);
        raw(value.data, length);
    }
    //! \brief As they are, without a length.
    void bytes(const unsigned char* data, std::size_t count) { raw(data, count); }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t left() const { return capacity_ - size_; }
    [[nodiscard]] const unsigned char* data() const { return buffer_; }

private:
    void raw(const void* bytes, std::size_t count) {
        if (!ok_ || count > capacity_ - size_) {
            ok_ = false;
            return;
        }
        std::memcpy(buffer_ + size_, bytes, count);
        size_ += count;
    }

    unsigned char* buffer_;
    std::size_t capacity_;
    std::size_t size_ = 0;
    bool ok_ = true;
};

//! \brief Reads one message that nobody vouches for. After the first short read everything is zero and ok()
//! is false.
class MessageReader {
public:
    MessageReader(const unsigned char* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

    std::uint8_t u8() { return value<std::uint8_t>(); }
    std::uint32_t u32() { return value<std::uint32_t>(); }
    std::uint64_t u64() { return value<std::uint64_t>(); }
    Text text() {
        const auto length = value<std::uint16_t>();
        const unsigned char* start = take(length);
        return start != nullptr ? Text(reinterpret_cast<const char*>(start), length) : Text();
    }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool atEnd() const { return ok_ && offset_ == size_; }

private:
    template <class T> T value() {
        T result{};
        const unsigned char* start = take(sizeof result);
        if (start != nullptr) {
            std::memcpy(&result, start, sizeof result);
        }
        return result;
    }
    const unsigned char* take(std::size_t count) {
        if (!ok_ || count > size_ - offset_) {
            ok_ = false;
            return nullptr;
        }
        const unsigned char* start = bytes_ + offset_;
        offset_ += count;
        return start;
    }

    const unsigned char* bytes_;
    std::size_t size_;
    std::size_t offset_ = 0;
    bool ok_ = true;
};

} // namespace firstchance::agent
