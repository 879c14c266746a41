#include "agent/native/native_sampling.h"

#include <link.h>
#include <string.h>
#include <sys/mman.h>

#include "agent/agent_log.h"
#include "agent/agent_thread.h"
#include "agent/armed_state.h"
#include "agent/clr_names.h"
#include "agent/code_position.h"
#include "agent/collecting.h"
#include "agent/native/live_sites.h"
#include "agent/native/native_armed.h"
#include "agent/native/native_recorder.h"
#include "agent/sampler.h"
#include "agent/sampling_outcome.h"

namespace firstchance::agent {
namespace {

constexpr std::uint32_t kMaxSitesTold = 512;
constexpr std::size_t kFrameBytes = 2 * kMaxNameBytes + 24;

bool g_running = false;
std::uint64_t g_connection = 0; // of the engine that wanted it

//! The loaded object that has the address among its code.
struct CodeObject {
    std::uintptr_t address = 0;
    std::uint64_t position = 0; //!< as the object's own tables count
    NameBuffer path;            //!< empty: the executable
};

int matchCode(dl_phdr_info* info, std::size_t, void* data) {
    auto& object = *static_cast<CodeObject*>(data);
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
        if (header.p_type == PT_LOAD && (header.p_flags & PF_X) != 0 && object.address >= begin &&
            object.address < begin + header.p_memsz) {
            object.position = object.address - info->dlpi_addr;
            object.path.append(Text(info->dlpi_name, ::strnlen(info->dlpi_name, kMaxNameBytes)));
            return 1;
        }
    }
    return 0;
}

void writeNames(MessageWriter& message, Text module, std::uint32_t token, std::uint64_t position,
                Text method) {
    message.text(module);
    message.u32(token);
    message.u64(position);
    message.text(method);
}

//! False for code that nobody knows: stubs of the runtime, methods made at run time, wrong turns of the walk.
bool writeFrame(Agent& agent, MessageWriter& message, std::uintptr_t address) {
    // The call itself, not what follows it.
    const std::uintptr_t at = address - 1;
    FunctionId function = 0;
    std::uintptr_t version = 0;
    ClassId type = 0;
    ModuleId module = 0;
    MetadataToken method = 0;
    if (call(agent.profilerInfo, kInfoGetFunctionFromIp2, at, &function, &version) >= 0 && function != 0) {
        NameBuffer path;
        NameBuffer name;
        if (call(agent.profilerInfo, kInfoGetFunctionInfo, function, &type, &module, &method) < 0 ||
            module == 0 || !appendMethodName(agent.profilerInfo, module, method, name)) {
            return false;
        }
        appendModulePath(agent.profilerInfo, module, path);
        const std::uint32_t ilOffset = ilOffsetOf(agent.profilerInfo, at);
        writeNames(message, path.text(), method, ilOffset == kNoIlOffset ? ~std::uint64_t{0} : ilOffset,
                   name.text());
        return true;
    }
    CodeObject object;
    object.address = at;
    if (::dl_iterate_phdr(&matchCode, &object) == 0) {
        return false;
    }
    writeNames(message, object.path.text(), 0, object.position, "");
    return true;
}

void tell(Agent& agent, const ResourceSite& site, const LiveSite& live, std::uint64_t sequence) {
    static unsigned char buffer[kMaxMessageBytes]; // one thread
    static unsigned char body[kMaxMessageBytes];
    MessageWriter frames(body, sizeof body);
    std::uint32_t count = 0;
    {
        const Lock lock(g_sampler.namingMutex());
        for (std::uint32_t i = 0; i < site.frameCount && frames.left() > kFrameBytes + 128; ++i) {
            count += writeFrame(agent, frames, site.frames[i]) ? 1 : 0;
        }
    }
    MessageWriter message = beginMessage(buffer, sizeof buffer, MessageKind::NativeSurvivors);
    message.u64(sequence);
    message.u8(static_cast<std::uint8_t>(site.resource));
    message.u32(live.samples);
    message.u64(static_cast<std::uint64_t>(live.count));
    message.u64(live.bytes);
    message.u32(count);
    message.bytes(frames.data(), frames.size());
    sendToEngine(message);
}

//! Those with the most come first, in case there are too many. Takes out of \p sums what it has told.
void tellSites(Agent& agent, LiveSite* sums, std::uint64_t sequence, SamplingOutcome& outcome) {
    for (std::size_t i = 0; i < ResourceTable::kSites; ++i) {
        outcome.survivors += sums[i].samples;
    }
    while (outcome.sites < kMaxSitesTold) {
        std::uint32_t most = 0;
        for (std::uint32_t i = 1; i < ResourceTable::kSites; ++i) {
            most = sums[i].count > sums[most].count ? i : most;
        }
        if (sums[most].samples == 0) {
            return;
        }
        tell(agent, g_recorder.table().site(most), sums[most], sequence);
        sums[most] = {};
        ++outcome.sites;
    }
}

void finish(Agent& agent) {
    if (disarmNativeHooks(agent)) {
        g_recorder.release();
    }
    g_running = false;
}

void start(Agent& agent, SamplingOutcome& outcome, std::uint32_t period, std::uint64_t connection) {
    if (g_running && g_connection != connection) {
        finish(agent);
    }
    outcome.result = g_running ? kFail : armNativeHooks(agent, period);
    if (outcome.result >= 0) {
        g_running = true;
        g_connection = connection;
    }
}

void report(Agent& agent, SamplingOutcome& outcome, std::uint64_t sequence, std::uint32_t timeoutMs) {
    if (!g_running) {
        outcome.result = kFail;
        return;
    }
    outcome.result = collectUntilQuiet(agent, Deadline(timeoutMs)).result;
    g_running = false;
    if (!disarmNativeHooks(agent)) {
        outcome.result = kFail;
        return;
    }
    constexpr std::size_t kBytes = ResourceTable::kSites * sizeof(LiveSite);
    void* sums = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (sums == MAP_FAILED) {
        outcome.result = kFail;
    } else if (outcome.result >= 0) {
        outcome.samples = static_cast<std::uint32_t>(g_recorder.recorded());
        outcome.full = g_recorder.full();
        sumLiveSites(g_recorder.table(), g_recorder.period(), static_cast<LiveSite*>(sums));
        // No module is unloaded while it is asked for names.
        watchAllocations(agent, AllocationWatch::Unloads);
        tellSites(agent, static_cast<LiveSite*>(sums), sequence, outcome);
        watchAllocations(agent, AllocationWatch::None);
    }
    if (sums != MAP_FAILED) {
        ::munmap(sums, kBytes);
    }
    g_recorder.release();
}

} // namespace

void sampleNative(Agent& agent, SampleAction action, std::uint64_t sequence, std::uint32_t timeoutMs,
                  std::uint32_t period, std::uint64_t connection) {
    SamplingOutcome outcome;
    if (agent.shutDown.load() || g_sampler.running()) {
        outcome.result = kFail;
    } else if (action == SampleAction::Start) {
        start(agent, outcome, period, connection);
    } else if (action == SampleAction::Report) {
        report(agent, outcome, sequence, timeoutMs);
    } else {
        abandonNative(agent);
    }
    logLine("native sampling %u: 0x%08x, %u recorded, %u live, %u sites", static_cast<unsigned>(action),
            static_cast<unsigned>(outcome.result), outcome.samples, outcome.survivors, outcome.sites);
    tellSampled(outcome, sequence);
}

void abandonNative(Agent& agent) {
    if (g_running) {
        finish(agent);
    }
}

} // namespace firstchance::agent
