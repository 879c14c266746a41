#pragma once

#include <array>
#include <cstdint>

namespace firstchance::dac {

//! \brief The structures the DAC fills, frozen by its compatibility rules (dotnet/runtime
//! src/coreclr/inc/dacprivate.h). Addresses are target addresses.

struct GcHeapData {
    std::int32_t serverMode, structuresValid;
    std::uint32_t heapCount, maxGeneration;
};
struct Generation {
    std::uint64_t startSegment, allocationStart, contextPointer, contextLimit;
};
struct HeapDetails {
    std::uint64_t address, allocated, markArray, gcState, nextSweep, savedSweepSegment, savedSweepStart,
        lowest, highest;
    std::array<Generation, 4> generations;
    std::uint64_t ephemeralSegment;
    std::array<std::uint64_t, 7> fillPointers;
    std::uint64_t lowestAddress, highestAddress, cardTable;
};
struct HeapSegment {
    std::uint64_t address, allocated, committed, reserved, used, start, next, heap, highAllocated, flags,
        backgroundAllocated;
};
struct UsefulGlobals {
    std::uint64_t arrayType, stringType, objectType, exceptionType, freeType;
};
struct ThreadStore {
    std::int32_t threads, unstarted, background, pending, dead;
    std::uint64_t firstThread, finalizerThread, gcThread;
    std::uint32_t hostConfig;
};
struct Thread {
    std::uint32_t managedId, osId;
    std::int32_t state;
    std::uint32_t preemptiveDisabled;
    std::uint64_t contextPointer, contextLimit, context, domain, frame;
    std::uint32_t lockCount;
    std::uint64_t firstNestedException, teb, fiberData, lastThrownObjectHandle, next;
};
struct AppDomainStore {
    std::uint64_t sharedDomain, systemDomain;
    std::int32_t count;
};
struct Module {
    std::uint64_t address, peAssembly, imageBase, metadata, metadataSize, assembly;
    std::int32_t isReflection, isPeFile;
    std::uint64_t baseClassIndex, moduleId;
    std::uint32_t transientFlags;
    std::array<std::uint64_t, 7> maps;
    std::uint64_t loaderAllocator, thunkHeap, moduleIndex;
};
//! \brief IXCLRDataModule::Request(0xf0000001).
struct ModuleLayout {
    std::int32_t isDynamic, isInMemory, isFileLayout;
    std::uint64_t peAssembly, loadedAddress, loadedSize, pdbAddress, pdbSize;
};
struct MethodTable {
    std::int32_t isFree;
    std::uint64_t module, eeClass, parent;
    std::uint16_t interfaces, methods, vtableSlots, virtuals;
    std::uint32_t baseSize, componentSize, token, attributes;
    std::int32_t shared, dynamic, containsPointers;
};
struct FieldSummary {
    std::uint16_t instanceFields, staticFields,
        threadStaticFields; //!< instance: those of base types included
    std::uint64_t firstField;
    std::uint16_t contextOffset, contextSize;
};
struct Field {
    std::uint32_t elementType, signatureType;
    std::uint64_t typeMethodTable, typeModule;
    std::uint32_t typeToken, token;
    std::uint64_t enclosing;
    std::uint32_t offset;
    std::int32_t isThreadLocal, isContextLocal, isStatic;
    std::uint64_t next;
};
struct Object {
    std::uint64_t methodTable;
    std::uint32_t kind; //!< 0 string, 1 free, 2 object, 3 array, 4 other
    std::uint64_t size, elementTypeHandle;
    std::uint32_t elementType, rank;
    std::uint64_t components, componentSize, arrayData, bounds, lowerBounds, rcw, ccw;
};
struct ExceptionObject {
    std::uint64_t message, inner, stackTrace, watsonBuckets, stackTraceString, remoteStackTraceString;
    std::int32_t hresult, xcode;
};
struct Rejit {
    std::uint64_t id;
    std::uint32_t flags;
    std::uint64_t code;
};
struct MethodDesc {
    std::int32_t hasNativeCode, isDynamic;
    std::uint16_t slot;
    std::uint64_t code, codeSlot, address, methodTable, module;
    std::uint32_t token;
    std::uint64_t gcInfo, gcStressCopy, dynamicObject, requestedIp;
    Rejit current, requested;
    std::uint32_t jittedVersions;
};
struct SyncBlock {
    std::uint64_t object;
    std::int32_t isFree;
    std::uint64_t address;
    std::uint32_t comFlags, monitorHeld, recursion;
    std::uint64_t holdingThread;
    std::uint32_t additionalThreads;
    std::uint64_t domain;
    std::uint32_t count;
};
struct Handle {
    std::uint64_t domain, handle, secondary;
    std::uint32_t type, strong, refCount, jupiterRefCount;
    std::int32_t pegged;
};
struct StackReference {
    std::int32_t hasRegister, registerNumber, offset;
    std::uint64_t address, object;
    std::uint32_t flags, sourceType;
    std::uint64_t source, stackPointer;
};
struct CollectibleData {
    std::uint64_t loaderAllocatorHandle;
    std::int32_t collectible;
};
struct DomainLocalModule {
    std::uint64_t domain, moduleId, classData, dynamicClassTable, gcStatics, nonGcStatics;
};

// A wrong size makes the DAC end an enumeration early or write past the end, without any error.
static_assert(sizeof(GcHeapData) == 0x10 && sizeof(Generation) == 0x20 && sizeof(HeapDetails) == 0x120);
static_assert(sizeof(HeapSegment) == 0x58 && sizeof(ThreadStore) == 0x38 && sizeof(Thread) == 0x68);
static_assert(sizeof(AppDomainStore) == 0x18 && sizeof(Module) == 0xa0 && sizeof(MethodTable) == 0x48);
static_assert(sizeof(Field) == 0x40 && sizeof(Object) == 0x60 && sizeof(ExceptionObject) == 0x38);
static_assert(sizeof(MethodDesc) == 0x98 && sizeof(SyncBlock) == 0x48);
static_assert(sizeof(CollectibleData) == 16 && sizeof(DomainLocalModule) == 48);
static_assert(sizeof(Handle) == 48 && sizeof(StackReference) == 56);

} // namespace firstchance::dac
