#pragma once

#include <cstddef>
#include <cstdint>

namespace firstchance::agent {

// The COM interfaces of the profiling API are called by the number of their method: the agent needs some
// thirty of four hundred, and no header of the runtime. Numbers are the order of declaration in corprof.idl
// and cor.h, which is frozen once published; slots 0 to 2 are IUnknown's.

using HResult = std::int32_t;
using ObjectId = std::uintptr_t;
using ClassId = std::uintptr_t;
using ModuleId = std::uintptr_t;
using FunctionId = std::uintptr_t;
using MetadataToken = std::uint32_t;
using Utf16 = char16_t;

inline constexpr HResult kOk = 0;
inline constexpr HResult kFalse = 1;
inline constexpr HResult kNotImplemented = static_cast<HResult>(0x80004001);
inline constexpr HResult kFail = static_cast<HResult>(0x80004005);
inline constexpr HResult kNoInterface = static_cast<HResult>(0x80004002);
inline constexpr HResult kClassNotAvailable = static_cast<HResult>(0x80040111);

struct Guid {
    std::uint32_t a;
    std::uint16_t b;
    std::uint16_t c;
    std::uint8_t d[8];

    bool operator==(const Guid& other) const { return __builtin_memcmp(this, &other, sizeof other) == 0; }
};

// Methods of ICorProfilerCallback1 to 11, of those the agent implements.
enum CallbackSlot : std::size_t {
    kCallbackInitialize = 3,
    kCallbackShutdown = 4,
    kCallbackModuleUnloadStarted = 15,
    kCallbackExceptionThrown = 54,
    kCallbackExceptionSearchCatcherFound = 59,
    kCallbackExceptionClrCatcherFound = 70,
    kCallbackInitializeForAttach = 80,
    kCallbackEventPipeEventDelivered = 95,
    kCallbackLoadAsNotificationOnly = 97,
    kCallbackSlots = 98,
};

// Methods of ICorProfilerInfo1 to 13.
enum InfoSlot : std::size_t {
    kInfoGetClassFromObject = 3,
    kInfoIsArrayClass = 11,
    kInfoGetCurrentThreadId = 13,
    kInfoGetFunctionInfo = 15,
    kInfoGetModuleInfo = 20,
    kInfoGetModuleMetaData = 21,
    kInfoForceGc = 28,
    kInfoDoStackSnapshot = 36,
    kInfoGetClassLayout = 40,
    kInfoGetClassIdInfo2 = 41,
    kInfoGetStringLayout2 = 60,
    kInfoGetRuntimeInformation = 67,
    kInfoGetFunctionFromIp2 = 76,
    kInfoSetEventMask2 = 82,
    kInfoGetNativeCodeStartAddresses = 90,
    kInfoGetIlToNativeMapping3 = 91,
    kInfoGetCodeInfo4 = 92,
    kInfoSuspendRuntime = 97,
    kInfoResumeRuntime = 98,
    kInfoEventPipeStartSession = 101,
    kInfoEventPipeStopSession = 103,
    kInfoEventPipeGetProviderInfo = 105,
    kInfoCreateHandle = 108,
    kInfoDestroyHandle = 109,
    kInfoGetObjectIdFromHandle = 110,
};

// Methods of IMetaDataImport.
enum MetadataSlot : std::size_t {
    kMetadataGetTypeDefProps = 12,
    kMetadataGetMethodProps = 30,
    kMetadataGetFieldProps = 57,
    kMetadataGetNestedClassProps = 62,
};

// COR_PRF_MONITOR and COR_PRF_HIGH_MONITOR, all allowed to notification-only profilers.
inline constexpr std::uint32_t kMonitorModuleLoads = 0x4;
inline constexpr std::uint32_t kMonitorExceptions = 0x40;
inline constexpr std::uint32_t kEnableStackSnapshot = 0x10000000;
inline constexpr std::uint32_t kHighMonitorEventPipe = 0x80;

inline constexpr Guid kIidUnknown = {0, 0, 0, {0xC0, 0, 0, 0, 0, 0, 0, 0x46}};
inline constexpr Guid kIidClassFactory = {1, 0, 0, {0xC0, 0, 0, 0, 0, 0, 0, 0x46}};
//! ICorProfilerInfo12: .NET 5 and newer
inline constexpr Guid kIidProfilerInfo12 = {
    0x27b24ccd, 0x1cb1, 0x47c5, {0x96, 0xee, 0x98, 0x19, 0x0d, 0xc3, 0x09, 0x59}};
//! ICorProfilerInfo13: .NET 8 and newer
inline constexpr Guid kIidProfilerInfo13 = {
    0x6e6c7ee2, 0x0701, 0x4ec2, {0x9d, 0x29, 0x2e, 0x87, 0x33, 0xb6, 0x69, 0x34}};
inline constexpr Guid kIidMetadataImport = {
    0x7dac8207, 0xd3ae, 0x4c75, {0x9b, 0x67, 0x92, 0x80, 0x1a, 0x49, 0x7d, 0x44}};

//! \brief Calls a method of a COM object. The C++ ABI of both architectures passes `this` as the first
//! argument.
template <class... Arguments> HResult call(void* object, std::size_t slot, Arguments... arguments) {
    void** table = *static_cast<void***>(object);
    return reinterpret_cast<HResult (*)(void*, Arguments...)>(table[slot])(object, arguments...);
}

//! \brief Owns one reference to a COM object.
class ComReference {
public:
    ComReference() = default;
    ComReference(const ComReference&) = delete;
    ComReference& operator=(const ComReference&) = delete;
    ~ComReference() {
        if (object_ != nullptr) {
            constexpr std::size_t kRelease = 2;
            call(object_, kRelease);
        }
    }
    [[nodiscard]] void* get() const { return object_; }
    [[nodiscard]] void** out() { return &object_; }
    //! \brief Keeps the object for the life of the process.
    void* leak() {
        void* object = object_;
        object_ = nullptr;
        return object;
    }

private:
    void* object_ = nullptr;
};

} // namespace firstchance::agent
