#pragma once

#include "agent/message_codec.h"
#include "agent/protocol.h"

namespace firstchance::agent {

//! \brief An exception as it goes into a message.
struct ExceptionFacts {
    Text type;
    bool hasMessage = false;
    Text message;
    std::int32_t hresult = 0;
    std::uint64_t object = 0;
    std::uint64_t methodTable = 0;
};

inline void writeException(MessageWriter& message, const ExceptionFacts& exception) {
    message.u8(exception.hasMessage ? 1 : 0);
    message.text(exception.type);
    message.text(exception.message);
    message.u32(static_cast<std::uint32_t>(exception.hresult));
    message.u64(exception.object);
    message.u64(exception.methodTable);
}

} // namespace firstchance::agent
