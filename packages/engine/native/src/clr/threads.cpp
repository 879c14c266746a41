#include <algorithm>
#include <array>

#include "clr/dac_interfaces.h"
#include "clr/dac_threads.h"
#include "clr/fields.h"
#include "clr/objects.h"
#include "clr/stacks.h"
#include "clr/type_names.h"

namespace firstchance {
namespace {

// Thread::ThreadState, dotnet/runtime src/coreclr/vm/threads.h.
constexpr std::uint32_t kBackground = 0x200;
constexpr std::uint32_t kUnstarted = 0x400;
constexpr std::uint32_t kDead = 0x800;
constexpr std::uint32_t kThreadPool = 0x01000000;
constexpr std::uint32_t kInterruptible =
    0x02000000; // in a wait, sleep or join that Thread.Interrupt would end

const ThreadImage* findThread(const ProcessImage& image, std::uint32_t osId) {
    const auto threads = image.threads();
    const auto found = std::find_if(threads.begin(), threads.end(), [&](const ThreadImage& thread) {
        return static_cast<std::uint32_t>(thread.tid) == osId;
    });
    return found == threads.end() ? nullptr : &*found;
}

std::string stateOf(std::uint32_t flags, const ThreadImage* thread) {
    if ((flags & kUnstarted) != 0) {
        return "unstarted";
    }
    if ((flags & kDead) != 0) {
        return "dead";
    }
    if ((flags & kInterruptible) != 0) {
        return "waiting";
    }
    switch (thread != nullptr ? thread->state : '?') {
    case 'R': return "running";
    case 'S':
    case 'D': return "blocked";
    default: return "unknown"; // a core does not tell
    }
}

bool isGcThread(const std::string& comm) {
    return comm.starts_with(".NET BGC") || comm.starts_with(".NET Server GC");
}

//! \brief Finds the System.Threading.Thread object of a runtime thread and reads its name.
//!
//! The runtime's Thread holds a GC handle to it at an offset that differs by version and is told by nothing.
//! But the managed object points back (_DONT_USE_InternalThread), so a slot of the Thread is the handle
//! exactly when that pointer agrees.
class ThreadNames {
public:
    explicit ThreadNames(Dac& dac) : dac_(dac) {}

    std::optional<std::string> nameOf(Address thread) {
        if (handleOffset_ != 0) {
            if (const Address object = managedThread(thread, handleOffset_); !object.isNull()) {
                return nameIn(object);
            }
        }
        constexpr std::uint64_t kScanned = 2048; // sizeof(Thread) is below that in .NET 8 to 10
        for (std::uint64_t offset = 8; offset < kScanned; offset += 8) {
            if (const Address object = managedThread(thread, offset); !object.isNull()) {
                handleOffset_ = offset;
                return nameIn(object);
            }
        }
        return std::nullopt;
    }

private:
    [[nodiscard]] Address managedThread(Address thread, std::uint64_t offset) {
        const Address handle = referenceAt(dac_, thread + offset);
        const Address object = handle.value() % 8 == 0 ? referenceAt(dac_, handle) : Address();
        const Address type = object.value() % 8 == 0 ? methodTableOf(dac_, object) : Address();
        if (type.isNull() || !isThreadType(type)) {
            return {};
        }
        return referenceAt(dac_, object + kObjectHeader + nativeOffset_) == thread ? object : Address();
    }

    //! \brief Recognises the type by its name, once; afterwards by its address.
    bool isThreadType(Address type) {
        if (!threadType_.isNull()) {
            return type == threadType_;
        }
        const Mapping* mapping = dac_.image().findMapping(type);
        if (type.value() % 8 != 0 || mapping == nullptr || !mapping->readable || !isMethodTable(dac_, type) ||
            typeName(dac_, type) != "System.Threading.Thread") {
            return false;
        }
        const auto native = findField(dac_, type, "_DONT_USE_InternalThread");
        const auto name = findField(dac_, type, "_name");
        if (!native || !name) {
            return false;
        }
        nativeOffset_ = native->offset;
        nameOffset_ = name->offset;
        threadType_ = type;
        return true;
    }

    std::optional<std::string> nameIn(Address object) {
        const auto name = stringAt(dac_, referenceAt(dac_, object + kObjectHeader + nameOffset_), 1024);
        return name && !name->empty() ? name : std::nullopt;
    }

    Dac& dac_;
    std::uint64_t handleOffset_ = 0; //!< 0: not known yet; the first word of a Thread is something else
    Address threadType_;
    std::uint64_t nativeOffset_ = 0;
    std::uint64_t nameOffset_ = 0;
};

bool hasExceptionInFlight(Dac::Interfaces& interfaces, std::uint32_t osId) {
    com::Reference task;
    com::Reference exception;
    return osId != 0 &&
           com::call(interfaces.process.get(), dac::slot::kProcessGetTaskByOsThreadId, osId, task.out()) >=
               0 &&
           task &&
           com::call(task.get(), dac::slot::kTaskGetCurrentExceptionState, exception.out()) == com::kOk &&
           exception;
}

ClrThread describe(Dac& dac, const RuntimeThread& source, const dac::ThreadStore& store, ThreadNames& names) {
    const auto flags = static_cast<std::uint32_t>(source.data.state);
    const ThreadImage* thread = findThread(dac.image(), source.data.osId);
    ClrThread result;
    result.osId = (flags & (kUnstarted | kDead)) != 0 ? 0 : source.data.osId;
    result.managedId = source.data.managedId;
    result.finalizer = source.address.value() == store.finalizerThread;
    result.gcThread =
        source.address.value() == store.gcThread || (thread != nullptr && isGcThread(thread->name));
    result.background = (flags & kBackground) != 0;
    result.threadPool = (flags & kThreadPool) != 0;
    result.state = stateOf(flags, thread);
    result.name = names.nameOf(source.address).value_or(thread != nullptr ? thread->name : std::string());
    result.lastThrownObject = referenceAt(dac, Address(source.data.lastThrownObjectHandle));
    result.exceptionInFlight = hasExceptionInFlight(dac.interfaces(), result.osId);
    return result;
}

} // namespace

Result<std::vector<ClrThread>> readThreads(Dac& dac) {
    dac::ThreadStore store{};
    const com::HResult result = dac.interfaces().call(dac::Sos::GetThreadStoreData, &store);
    if (result < 0) {
        return fail({ErrorCode::DacFailed, "Listing the managed threads",
                     "the debugging library answered " + std::to_string(result), "", 0});
    }
    ThreadNames names(dac);
    std::vector<ClrThread> threads;
    for (const RuntimeThread& thread : readRuntimeThreads(dac)) {
        threads.push_back(describe(dac, thread, store, names));
    }
    return threads;
}

} // namespace firstchance
