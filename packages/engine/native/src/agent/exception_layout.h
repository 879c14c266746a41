#pragma once

#include <atomic>
#include <cstdint>

#include "agent/clr_api.h"
#include "agent/raw_memory.h"
#include "agent/utf8.h"

namespace firstchance::agent {

//! \brief Where System.Exception and System.String keep their fields, in bytes from the object's start. Asked
//! from the runtime: they differ between versions (_HResult is at 116 on .NET 8, at 108 on 9 and 10).
class ExceptionLayout {
public:
    [[nodiscard]] bool known() const { return known_.load(std::memory_order_acquire); }
    //! \brief \p exceptionClass is System.Exception itself. False when a field is missing. Callers lock.
    bool learn(void* profilerInfo, ClassId exceptionClass);

    // Only while the object cannot move: inside a callback in cooperative mode.
    [[nodiscard]] ObjectId message(ObjectId exception) const { return reference(exception, message_); }
    [[nodiscard]] ObjectId inner(ObjectId exception) const { return reference(exception, inner_); }
    [[nodiscard]] ObjectId stackTrace(ObjectId exception) const { return reference(exception, stackTrace_); }
    [[nodiscard]] std::int32_t hresult(ObjectId exception) const {
        return *memoryAt<const std::int32_t>(exception + hresult_);
    }
    //! \brief A string's UTF-8 bytes, cut at \p capacity.
    std::size_t copyString(ObjectId string, char* out, std::size_t capacity) const;

private:
    static ObjectId reference(ObjectId object, std::uint32_t offset) {
        return *memoryAt<const ObjectId>(object + offset);
    }

    std::atomic<bool> known_{false};
    std::uint32_t message_ = 0;
    std::uint32_t inner_ = 0;
    std::uint32_t stackTrace_ = 0;
    std::uint32_t hresult_ = 0;
    std::uint32_t stringLength_ = 0;
    std::uint32_t stringChars_ = 0;
};

} // namespace firstchance::agent
