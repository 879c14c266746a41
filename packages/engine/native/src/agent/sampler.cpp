#include "agent/sampler.h"

#include <time.h>

#include "agent/agent.h"
#include "agent/agent_log.h"
#include "agent/deadline.h"
#include "agent/event_session.h"
#include "agent/runtime_version.h"
#include "agent/stack_hash.h"

namespace firstchance::agent {
namespace {

constexpr Utf16 kProviderName[] = u"Microsoft-Windows-DotNETRuntime";
constexpr std::uint32_t kWeak = 1; // COR_PRF_HANDLE_TYPE_WEAK
constexpr std::uint32_t kLeaveMs = 1000;
constexpr timespec kLookAgain = {0, 1'000'000};

struct Stack {
    SampledFrame frames[kMaxFrames];
    std::uint32_t count = 0;
};

// StackSnapshotCallback: only collects, since the runtime is in the middle of its walk.
HResult onFrame(FunctionId function, std::uintptr_t address, std::uintptr_t, std::uint32_t, unsigned char*,
                void* data) {
    auto* stack = static_cast<Stack*>(data);
    if (function == 0) {
        return kOk; // a run of native frames
    }
    SampledFrame& frame = stack->frames[stack->count++];
    frame.function = function;
    frame.address = address;
    return stack->count < kMaxFrames ? kOk : kFalse;
}

std::uint64_t hashOf(const AllocationEvent& event, const Stack& stack) {
    std::uint64_t hash = mixStackHash(kStackHashBegin, event.type);
    for (std::uint32_t i = 0; i < stack.count; ++i) {
        hash = mixStackHash(hash, stack.frames[i].address);
    }
    return hash;
}

} // namespace

constinit AllocationSampler g_sampler;

HResult AllocationSampler::begin(void* profilerInfo) {
    if (kept_ != nullptr) {
        return kFail;
    }
    if (info_ == nullptr) {
        constexpr std::size_t kQueryInterface = 0;
        const HResult result = call(profilerInfo, kQueryInterface, &kIidProfilerInfo13, &info_);
        if (result < 0 || info_ == nullptr) {
            info_ = nullptr;
            return kNoInterface;
        }
    }
    SampleTable* table = SampleTable::create();
    if (table == nullptr) {
        return kFail;
    }
    keep(table);
    open_.store(kept_, std::memory_order_seq_cst);
    return kOk;
}

void AllocationSampler::keep(SampleTable* table) {
    const Lock lock(naming_);
    kept_ = table;
}

bool AllocationSampler::close() {
    open_.store(nullptr, std::memory_order_seq_cst);
    const Deadline deadline(kLeaveMs);
    while (inside_.load(std::memory_order_seq_cst) != 0) {
        if (deadline.passed()) {
            logLine("a thread did not leave the sampler");
            keep(nullptr);
            return false;
        }
        ::nanosleep(&kLookAgain, nullptr);
    }
    return true;
}

std::uint32_t AllocationSampler::countSurvivors() {
    std::uint32_t survivors = 0;
    for (std::size_t i = 0; kept_ != nullptr && i < kept_->size(); ++i) {
        const AllocationSample& sample = kept_->at(i);
        if (isAlive(sample)) {
            ++survivors;
            ++sample.site->survivors;
            sample.site->survivorBytes += sample.bytes;
            sample.site->survivor = &sample;
        }
    }
    return survivors;
}

bool AllocationSampler::isAlive(const AllocationSample& sample) const {
    ObjectId object = 0;
    return call(info_, kInfoGetObjectIdFromHandle, sample.handle, &object) >= 0 && object != 0;
}

void AllocationSampler::end() {
    SampleTable* table = kept_;
    if (table == nullptr) {
        return;
    }
    for (std::size_t i = 0; i < table->size(); ++i) {
        call(info_, kInfoDestroyHandle, table->at(i).handle);
    }
    keep(nullptr);
    SampleTable::destroy(table);
}

void AllocationSampler::onEvent(const AllocationEvent& event) {
    inside_.fetch_add(1, std::memory_order_seq_cst);
    SampleTable* table = open_.load(std::memory_order_seq_cst);
    if (table != nullptr && !table->full()) {
        record(*table, event);
    }
    inside_.fetch_sub(1, std::memory_order_release);
}

void AllocationSampler::record(SampleTable& table, const AllocationEvent& event) {
    AllocationSample sample;
    sample.bytes = event.bytes;
    if (call(info_, kInfoCreateHandle, event.object, kWeak, &sample.handle) < 0) {
        return;
    }
    sample.site = siteOf(table, event);
    if (sample.site == nullptr || !table.add(sample)) {
        call(info_, kInfoDestroyHandle, sample.handle);
    }
}

AllocationSite* AllocationSampler::siteOf(SampleTable& table, const AllocationEvent& event) {
    Stack stack;
    const ObjectId thisThread = 0;
    call(info_, kInfoDoStackSnapshot, thisThread, &onFrame, std::uint32_t{0}, static_cast<void*>(&stack),
         static_cast<void*>(nullptr), std::uint32_t{0});
    const std::uint64_t hash = hashOf(event, stack);
    if (AllocationSite* known = table.findSite(hash)) {
        return known;
    }
    AllocationSite* site = table.makeSite();
    if (site == nullptr) {
        return nullptr;
    }
    site->hash = hash;
    site->type = event.type;
    site->frameCount = stack.count;
    for (std::uint32_t i = 0; i < stack.count; ++i) {
        SampledFrame& frame = site->frames[i];
        frame = stack.frames[i];
        ClassId type = 0;
        if (call(info_, kInfoGetFunctionInfo, frame.function, &type, &frame.module, &frame.method) < 0) {
            frame.module = 0;
        }
    }
    return table.publish(site);
}

void AllocationSampler::forgetModule(ModuleId module) {
    const Lock lock(naming_);
    for (std::size_t i = 0; kept_ != nullptr && i < SampleTable::kPlaces; ++i) {
        AllocationSite* site = kept_->siteAt(i);
        for (std::uint32_t k = 0; site != nullptr && k < site->frameCount; ++k) {
            if (site->frames[k].module == module) {
                site->frames[k].module = 0;
            }
        }
    }
}

std::uint64_t startAllocationSession(void* profilerInfo) {
    // At random is better than each 100 KB: what is allocated in a fixed order is seen in its proportions.
    constexpr std::uint16_t kFirstWithSamples = 10;
    constexpr std::uint64_t kGcKeyword = 1;
    constexpr std::uint64_t kSamplingKeyword = 0x80000000000;
    constexpr std::uint32_t kInformational = 4;
    constexpr std::uint32_t kVerbose = 5;
    return runtimeVersion(profilerInfo).major >= kFirstWithSamples
               ? startEventSession(profilerInfo, kProviderName, kSamplingKeyword, kInformational)
               : startEventSession(profilerInfo, kProviderName, kGcKeyword, kVerbose);
}

bool onAllocationEvent(Agent& agent, std::uintptr_t provider, std::uint32_t eventId,
                       const unsigned char* data, std::uint32_t bytes) {
    static std::atomic<std::uintptr_t> known{0};
    if ((eventId != kAllocationSampled && eventId != kAllocationTick) ||
        !isEventProvider(agent.profilerInfo, provider, kProviderName, known)) {
        return false;
    }
    AllocationEvent event;
    if (parseAllocationEvent(eventId, data, bytes, event)) {
        g_sampler.onEvent(event);
    }
    return true;
}

} // namespace firstchance::agent
