#include "agent/finalizer_watch.h"

#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/agent_log.h"
#include "agent/event_session.h"

namespace firstchance::agent {
namespace {

constexpr Utf16 kProviderName[] = u"Microsoft-Windows-DotNETRuntime";

// Events of the keyword GC and their payloads (dotnet/runtime src/coreclr/vm/ClrEtwAll.man).
constexpr std::uint32_t kHeapStats = 4;
constexpr std::size_t kPromotedForFinalization = 9 * sizeof(std::uint64_t); //!< u64, objects
constexpr std::uint32_t kFinalizersEnd = 13;
constexpr std::uint32_t kMarkWithType = 202; //!< u32 heap, u16 runtime, u32 kind of root, u64 bytes
constexpr std::size_t kMarkRoot = 6;
constexpr std::size_t kMarkBytes = 10;
constexpr std::uint32_t kRootFinalizerQueue = 1;

// Payloads are packed, and nobody vouches for their length.
template <class T> T valueAt(const unsigned char* data, std::uint32_t bytes, std::size_t offset) {
    T value{};
    if (offset + sizeof value <= bytes) {
        ::memcpy(&value, data + offset, sizeof value);
    }
    return value;
}

} // namespace

constinit FinalizerWatch g_finalizers;

void FinalizerWatch::begin() {
    const Lock lock(mutex_);
    promoted_ = 0;
    waiting_ = false;
}

std::uint64_t FinalizerWatch::promoted() {
    const Lock lock(mutex_);
    return promoted_;
}

bool FinalizerWatch::await(const Deadline& deadline) {
    while (true) {
        const std::uint32_t seen = changes_.load(std::memory_order_acquire);
        {
            const Lock lock(mutex_);
            if (!waiting_) {
                return true;
            }
        }
        if (deadline.passed()) {
            return false;
        }
        const timespec left = deadline.left();
        ::syscall(SYS_futex, &changes_, FUTEX_WAIT_PRIVATE, seen, &left, nullptr, 0);
    }
}

void FinalizerWatch::wake() {
    changes_.fetch_add(1, std::memory_order_release);
    ::syscall(SYS_futex, &changes_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void FinalizerWatch::onEvent(std::uint32_t eventId, const unsigned char* data, std::uint32_t bytes) {
    {
        const Lock lock(mutex_);
        if (eventId == kHeapStats) {
            const auto promoted = valueAt<std::uint64_t>(data, bytes, kPromotedForFinalization);
            promoted_ += promoted;
            waiting_ = waiting_ || promoted > 0;
        } else if (eventId == kMarkWithType) {
            const bool queue = valueAt<std::uint32_t>(data, bytes, kMarkRoot) == kRootFinalizerQueue;
            waiting_ = waiting_ || (queue && valueAt<std::uint64_t>(data, bytes, kMarkBytes) > 0);
        } else {
            waiting_ = false;
        }
    }
    wake();
}

std::uint64_t startGcSession(void* profilerInfo) {
    constexpr std::uint64_t kGcKeyword = 1;
    constexpr std::uint32_t kInformational = 4;
    return startEventSession(profilerInfo, kProviderName, kGcKeyword, kInformational);
}

bool onGcEvent(Agent& agent, std::uintptr_t provider, std::uint32_t eventId, const unsigned char* data,
               std::uint32_t bytes) {
    static std::atomic<std::uintptr_t> known{0};
    if ((eventId != kHeapStats && eventId != kFinalizersEnd && eventId != kMarkWithType) || data == nullptr ||
        !isEventProvider(agent.profilerInfo, provider, kProviderName, known)) {
        return false;
    }
    g_finalizers.onEvent(eventId, data, bytes);
    return true;
}

} // namespace firstchance::agent
