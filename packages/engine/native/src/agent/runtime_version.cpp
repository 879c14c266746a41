#include "agent/runtime_version.h"

#include "agent/agent_log.h"
#include "agent/clr_api.h"
#include "agent/utf8.h"

namespace firstchance::agent {

RuntimeVersion runtimeVersion(void* profilerInfo) {
    RuntimeVersion version;
    std::uint16_t instance = 0;
    std::uint32_t kind = 0;
    std::uint16_t numbers[4] = {};
    Utf16 text[64];
    std::uint32_t length = 0;
    if (call(profilerInfo, kInfoGetRuntimeInformation, &instance, &kind, &numbers[0], &numbers[1],
             &numbers[2], &numbers[3], std::uint32_t{64}, &length, text) >= 0 &&
        length > 0 && length <= 64) {
        version.major = numbers[0];
        version.size = toUtf8(text, length - 1, version.text, sizeof version.text);
    }
    logLine("runtime %u.%u.%u.%u '%.*s'", numbers[0], numbers[1], numbers[2], numbers[3],
            static_cast<int>(version.size), version.text);
    return version;
}

} // namespace firstchance::agent
