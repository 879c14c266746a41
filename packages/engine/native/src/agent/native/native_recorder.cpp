#include "agent/native/native_recorder.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "agent/clr_api.h"
#include "agent/deadline.h"
#include "agent/native/sampling_rate.h"
#include "agent/raw_memory.h"

namespace firstchance::agent {
namespace {

constexpr std::uint32_t kLeaveMs = 1000;
constexpr timespec kLookAgain = {0, 1'000'000};
//! The main thread's stack may grow under what was known of it.
constexpr std::uint32_t kMaxLooks = 8;

struct ThreadRecord {
    std::uint32_t phase; //!< for which the rest holds
    std::uint32_t looks;
    std::int64_t left; //!< bytes until the next sample
    std::uint64_t random;
    StackBounds stack;
    std::uintptr_t quiet; //!< frame below which nothing is recorded; 0: none
};

// Initial-exec: part of the thread from its beginning. Any other model allocates on first use, by malloc.
__attribute__((tls_model("initial-exec"))) thread_local constinit ThreadRecord t_record = {};

std::uintptr_t addressOf(const void* frame) {
    return reinterpret_cast<std::uintptr_t>(frame);
}

//! Whether a frame is called by the one that wants quiet. A frame above it means that an exception or
//! longjmp has gone past.
bool isQuiet(const void* frame) {
    return addressOf(frame) < t_record.quiet;
}

const StackBounds& stackOf(std::uintptr_t frame) {
    ThreadRecord& record = t_record;
    if (!record.stack.contains(frame) && record.looks < kMaxLooks) {
        ++record.looks;
        const StackBounds found = ownStackBounds();
        if (found.end != 0) {
            record.stack = found;
        }
    }
    return record.stack;
}

std::uintptr_t headOfRuntimeFrames(void* profilerInfo, const RuntimeFrameLayout& layout) {
    std::uintptr_t thread = 0;
    if (profilerInfo == nullptr || layout.threadFrame == 0 ||
        call(profilerInfo, kInfoGetCurrentThreadId, &thread) < 0 || thread == 0) {
        return 0;
    }
    // A ThreadID is the runtime's Thread (src/coreclr/vm/proftoeeinterfaceimpl.cpp).
    return *memoryAt<const volatile std::uintptr_t>(thread + layout.threadFrame);
}

} // namespace

constinit NativeRecorder g_recorder;

NativeRecorder::Quiet::Quiet(const void* frame) : before_(isQuiet(frame) ? t_record.quiet : 0) {
    if (before_ == 0) {
        t_record.quiet = addressOf(frame);
    }
}

NativeRecorder::Quiet::~Quiet() {
    t_record.quiet = before_;
}

void NativeRecorder::leaveOutThisThread() {
    t_record.quiet = ~std::uintptr_t{0};
}

bool NativeRecorder::begin(void* profilerInfo, std::uint16_t runtimeMajor, std::uint64_t period) {
    if (recording() || inside_.load(std::memory_order_seq_cst) != 0) {
        return false;
    }
    if (table_ == nullptr) {
        void* memory = ::mmap(nullptr, sizeof(ResourceTable), PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            return false;
        }
        table_ = static_cast<ResourceTable*>(memory);
    }
    profilerInfo_ = profilerInfo;
    layout_ = runtimeFrameLayout(runtimeMajor);
    period_ = period > 0 ? period : 1;
    recorded_.store(0);
    full_.store(false);
    process_.store(static_cast<std::int32_t>(::getpid()));
    phase_.store(++lastPhase_, std::memory_order_seq_cst);
    return true;
}

bool NativeRecorder::end() {
    phase_.store(0, std::memory_order_seq_cst);
    const Deadline deadline(kLeaveMs);
    while (inside_.load(std::memory_order_seq_cst) != 0) {
        if (deadline.passed()) {
            return false;
        }
        ::nanosleep(&kLookAgain, nullptr);
    }
    return true;
}

void NativeRecorder::release() {
    if (table_ != nullptr) {
        ::madvise(table_, sizeof(ResourceTable), MADV_DONTNEED);
    }
}

void NativeRecorder::onBlock(void* block, std::size_t bytes, const void* frame) {
    const std::uint32_t phase = phase_.load(std::memory_order_acquire);
    if (phase == 0 || block == nullptr) {
        return;
    }
    ThreadRecord& record = t_record;
    if (record.phase != phase) {
        record.phase = phase;
        record.looks = 0;
        record.stack = {};
        const auto now = static_cast<std::uint64_t>(monotonicNanoseconds());
        record.random = (addressOf(frame) * 0x9e3779b97f4a7c15ULL ^ now) | 1U;
        record.left = nextGap(record.random, period_);
    }
    if (period_ > 1) {
        record.left -= static_cast<std::int64_t>(bytes);
        if (record.left > 0) {
            return;
        }
        record.left = nextGap(record.random, period_);
    }
    this->record(Resource::Block, addressOf(block), bytes, frame);
}

void NativeRecorder::onFree(const void* block) {
    if (block != nullptr && phase_.load(std::memory_order_acquire) != 0) {
        table_->remove(ResourceTable::keyOf(Resource::Block, addressOf(block)), nullptr);
    }
}

void NativeRecorder::onResource(Resource resource, std::uint64_t value, std::uint64_t bytes,
                                const void* frame) {
    if (phase_.load(std::memory_order_acquire) != 0) {
        record(resource, value, bytes, frame);
    }
}

void NativeRecorder::onReturned(Resource resource, std::uint64_t value) {
    // A child of vfork closes its own descriptors, in our memory.
    if (phase_.load(std::memory_order_acquire) != 0 && isTarget()) {
        table_->remove(ResourceTable::keyOf(resource, value), nullptr);
    }
}

void NativeRecorder::onUnmapped(std::uintptr_t address, std::size_t bytes) {
    LiveResource mapping;
    if (phase_.load(std::memory_order_acquire) != 0 &&
        table_->remove(ResourceTable::keyOf(Resource::Anonymous, address), &mapping) &&
        mapping.bytes > bytes) {
        // Only its beginning: allocators cut off what they need not to get an alignment.
        mapping.bytes -= bytes;
        table_->add(ResourceTable::keyOf(Resource::Anonymous, address + bytes), mapping);
    }
}

bool NativeRecorder::isTarget() const {
    return ::syscall(SYS_getpid) == process_.load(std::memory_order_relaxed);
}

void NativeRecorder::record(Resource resource, std::uint64_t value, std::uint64_t bytes, const void* frame) {
    if (isQuiet(frame) || full_.load(std::memory_order_relaxed)) {
        return;
    }
    inside_.fetch_add(1, std::memory_order_seq_cst);
    const int keptErrno = errno;
    if (phase_.load(std::memory_order_seq_cst) != 0 && isTarget()) {
        const Quiet quiet(frame);
        write(resource, value, bytes, frame);
    }
    errno = keptErrno;
    inside_.fetch_sub(1, std::memory_order_release);
}

void NativeRecorder::write(Resource resource, std::uint64_t value, std::uint64_t bytes, const void* frame) {
    std::uintptr_t frames[kMaxNativeFrames];
    const StackBounds& stack = stackOf(addressOf(frame));
    const std::size_t count =
        walkStack(addressOf(frame), stack, layout_,
                  stack.contains(addressOf(frame)) ? headOfRuntimeFrames(profilerInfo_, layout_) : 0, frames,
                  kMaxNativeFrames);
    const std::uint32_t site = table_->siteOf(resource, frames, count);
    if (site == ResourceTable::kNoSite ||
        !table_->add(ResourceTable::keyOf(resource, value), {bytes, site})) {
        full_.store(true, std::memory_order_relaxed);
        return;
    }
    recorded_.fetch_add(1, std::memory_order_relaxed);
}

} // namespace firstchance::agent
