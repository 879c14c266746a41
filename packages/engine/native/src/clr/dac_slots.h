#pragma once

#include <cstddef>

namespace firstchance::dac {

//! \brief Slots of ISOSDacInterface (dotnet/runtime src/coreclr/inc/sospriv.idl; IUnknown takes 0 to 2).
enum class Sos : std::size_t {
    GetThreadStoreData = 3,
    GetAppDomainStoreData = 4,
    GetAppDomainList = 5,
    GetAssemblyList = 9,
    GetAssemblyName = 11,
    GetModule = 12,
    GetModuleData = 13,
    TraverseModuleMap = 14,
    GetAssemblyModuleList = 15,
    GetThreadData = 17,
    GetStackLimits = 19,
    GetMethodDescData = 20,
    GetMethodDescPtrFromIP = 21,
    GetMethodDescName = 22,
    GetMethodDescPtrFromFrame = 23,
    GetObjectData = 33,
    GetMethodTableName = 36,
    GetMethodTableData = 37,
    GetMethodTableFieldData = 39,
    GetFieldDescData = 42,
    GetFrameName = 43,
    GetPEFileName = 45,
    GetGCHeapData = 46,
    GetGCHeapList = 47,
    GetGCHeapDetails = 48,
    GetGCHeapStaticData = 49,
    GetHeapSegmentData = 50,
    GetDomainLocalModuleDataFromModule = 57, //!< .NET 8
    GetSyncBlockData = 59,
    GetHandleEnum = 61,
    GetUsefulGlobals = 70,
    GetStackReferences = 79,
};

//! \brief Slots of the other interfaces, named Interface_Method (xclrdata.idl, sospriv.idl).
namespace slot {
inline constexpr std::size_t kEnumNext = 6; //!< ISOSHandleEnum, ISOSStackRefEnum
inline constexpr std::size_t kEnumMemoryRegions = 3;
inline constexpr std::size_t kProcessFlush = 3;
inline constexpr std::size_t kProcessGetTaskByOsThreadId = 7;
inline constexpr std::size_t kProcessStartEnumMethodInstancesByAddress = 27;
inline constexpr std::size_t kProcessEnumMethodInstanceByAddress = 28;
inline constexpr std::size_t kProcessEndEnumMethodInstancesByAddress = 29;
inline constexpr std::size_t kTaskCreateStackWalk = 11;
inline constexpr std::size_t kTaskGetCurrentExceptionState = 15;
inline constexpr std::size_t kStackWalkGetContext = 3;
inline constexpr std::size_t kStackWalkNext = 5;
inline constexpr std::size_t kStackWalkGetFrame = 8;
inline constexpr std::size_t kStackWalkRequest = 9;
inline constexpr std::size_t kFrameGetMethodInstance = 11;
inline constexpr std::size_t kMethodInstanceGetIlOffsetsByAddress = 12;
inline constexpr std::size_t kMethodInstanceGetIlAddressMap = 14;
inline constexpr std::size_t kModuleRequest = 36;
inline constexpr std::size_t kSos2GetObjectExceptionData = 3;
inline constexpr std::size_t kSos6GetMethodTableCollectibleData = 3;
inline constexpr std::size_t kSos8GetNumberGenerations = 3;
inline constexpr std::size_t kSos8GetGenerationTable = 4;
inline constexpr std::size_t kSos8GetFinalizationFillPointers = 5;
inline constexpr std::size_t kSos8GetGenerationTableSvr = 6;
inline constexpr std::size_t kSos8GetFinalizationFillPointersSvr = 7;
inline constexpr std::size_t kSos12GetGlobalAllocationContext = 3;
inline constexpr std::size_t kSos13TraverseLoaderHeap = 3;
inline constexpr std::size_t kSos13GetDomainLoaderAllocator = 4;
inline constexpr std::size_t kSos13GetLoaderAllocatorHeaps = 6;
inline constexpr std::size_t kSos14GetStaticBaseAddress = 3;
inline constexpr std::size_t kSos14GetThreadStaticBaseAddress = 4;
} // namespace slot

} // namespace firstchance::dac
