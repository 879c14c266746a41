#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace firstchance::com {

//! \brief The part of COM the DAC speaks: interfaces are pointers to a vtable, the first three slots are
//! IUnknown.
//!
//! The DAC's interfaces are called by slot number instead of through declared classes: most have 40 to 90
//! methods of which we need a few, and slots never change once shipped (dotnet/runtime
//! src/coreclr/inc/{sospriv,xclrdata}.idl).
using HResult = std::int32_t;

constexpr HResult kOk = 0;
constexpr HResult kFail = static_cast<HResult>(0x80004005U);
constexpr HResult kNotImplemented = static_cast<HResult>(0x80004001U);
constexpr HResult kNoInterface = static_cast<HResult>(0x80004002U);

struct Guid {
    std::uint32_t data1 = 0;
    std::uint16_t data2 = 0;
    std::uint16_t data3 = 0;
    std::array<std::uint8_t, 8> data4{};
    bool operator==(const Guid&) const = default;
};

inline constexpr Guid kIUnknown{0, 0, 0, {0xC0, 0, 0, 0, 0, 0, 0, 0x46}};

//! \brief Calls method number \p slot of the interface \p object.
template <class... Arguments> HResult call(void* object, std::size_t slot, Arguments... arguments) {
    using Method = HResult (*)(void*, Arguments...);
    void* const* vtable = *static_cast<void* const* const*>(object);
    return reinterpret_cast<Method>(vtable[slot])(object, arguments...);
}

//! \brief Owns one reference to an interface.
class Reference {
public:
    Reference() = default;
    Reference(Reference&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Reference& operator=(Reference&& other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    Reference(const Reference&) = delete;
    Reference& operator=(const Reference&) = delete;
    ~Reference() { reset(); }

    [[nodiscard]] void* get() const { return object_; }
    [[nodiscard]] explicit operator bool() const { return object_ != nullptr; }
    //! \brief Where a method that returns an interface puts it; an interface held before is released.
    [[nodiscard]] void** out() {
        reset();
        return &object_;
    }
    [[nodiscard]] Reference query(const Guid& interface) const {
        Reference result;
        if (object_ != nullptr && call(object_, 0, &interface, result.out()) < 0) {
            result.object_ = nullptr;
        }
        return result;
    }
    void reset() {
        constexpr std::size_t kRelease = 2;
        if (object_ != nullptr) {
            call(std::exchange(object_, nullptr), kRelease);
        }
    }

private:
    void* object_ = nullptr;
};

} // namespace firstchance::com
