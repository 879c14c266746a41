#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

namespace firstchance {

//! \brief An address in the target's address space: never dereferenced here, so it is not a pointer.
class Address {
public:
    constexpr Address() = default;
    constexpr explicit Address(std::uint64_t value) : value_(value) {}

    [[nodiscard]] constexpr std::uint64_t value() const { return value_; }
    [[nodiscard]] constexpr bool isNull() const { return value_ == 0; }
    //! \brief Rounds down to a multiple of \p alignment, a power of two.
    [[nodiscard]] constexpr Address alignDown(std::uint64_t alignment) const {
        return Address(value_ & ~(alignment - 1));
    }
    //! \brief Rounds up to a multiple of \p alignment, a power of two; saturates instead of wrapping to zero.
    [[nodiscard]] constexpr Address alignUp(std::uint64_t alignment) const {
        const std::uint64_t mask = alignment - 1;
        return value_ > UINT64_MAX - mask ? Address(~mask) : Address((value_ + mask) & ~mask);
    }

    constexpr auto
    operator<=>(const Address&) const = default; // NOLINT(modernize-use-nullptr): clang-tidy 14
    constexpr Address operator+(std::uint64_t bytes) const { return Address(value_ + bytes); }
    constexpr Address operator-(std::uint64_t bytes) const { return Address(value_ - bytes); }
    constexpr std::uint64_t operator-(Address other) const { return value_ - other.value_; }
    constexpr Address& operator+=(std::uint64_t bytes) {
        value_ += bytes;
        return *this;
    }

private:
    std::uint64_t value_ = 0;
};

//! \brief A half-open range [begin, end) of the target's address space.
struct AddressRange {
    Address begin;
    Address end;

    [[nodiscard]] constexpr std::uint64_t size() const { return end > begin ? end - begin : 0; }
    [[nodiscard]] constexpr bool empty() const { return end <= begin; }
    [[nodiscard]] constexpr bool contains(Address address) const { return address >= begin && address < end; }
    [[nodiscard]] constexpr AddressRange intersect(AddressRange other) const {
        return {std::max(begin, other.begin), std::min(end, other.end)};
    }
    constexpr bool operator==(const AddressRange&) const = default;
};

} // namespace firstchance
