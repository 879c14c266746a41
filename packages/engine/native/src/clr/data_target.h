#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/process_image.h"
#include "clr/com.h"
#include "clr/page_cache.h"

namespace firstchance {

//! \brief One ReadVirtual of the DAC.
struct TracedRead {
    Address address;
    std::uint32_t size = 0;
};

//! \brief Our half of the DAC: ICLRDataTarget (memory, registers, image bases) and ICLRRuntimeLocator.
//!
//! Lives as long as the DAC's process object; the DAC's reference count is ignored.
class DataTarget {
public:
    DataTarget(const ProcessImage& image, PageCache& memory, Address runtimeBase);
    DataTarget(const DataTarget&) = delete;
    DataTarget& operator=(const DataTarget&) = delete;
    ~DataTarget() = default;

    //! \brief The interface pointer to hand to CLRDataCreateInstance.
    [[nodiscard]] void* interface() { return &target_; }

    //! \brief While not null, every read of the DAC is appended to \p trace.
    void traceInto(std::vector<TracedRead>* trace) { trace_ = trace; }
    //! \brief Until told otherwise, a 4-byte read of \p address gets \p value instead of what is there; a
    //! null address ends it. The DAC keeps what it has read: flush it before and after.
    void answerWith(Address address, std::uint32_t value) {
        answered_ = address;
        answer_ = value;
    }

private:
    using HResult = com::HResult;

    //! \brief ICLRRuntimeLocator, in the order of its slots. COM's ABI on Linux is that of C++ virtual
    //! functions.
    struct Locator final {
        explicit Locator(DataTarget& owner) : owner_(owner) {}
        Locator(const Locator&) = delete;
        Locator& operator=(const Locator&) = delete;
        Locator(Locator&&) = delete;
        Locator& operator=(Locator&&) = delete;
        ~Locator() = default;
        virtual HResult queryInterface(const com::Guid* id, void** out) { return owner_.query(*id, out); }
        virtual std::uint32_t addRef() { return 1; }
        virtual std::uint32_t release() { return 1; }
        virtual HResult getRuntimeBase(std::uint64_t* base);
        DataTarget& owner_;
    };

    //! \brief ICLRDataTarget, in the order of its slots.
    struct Target final {
        explicit Target(DataTarget& owner) : owner_(owner) {}
        Target(const Target&) = delete;
        Target& operator=(const Target&) = delete;
        Target(Target&&) = delete;
        Target& operator=(Target&&) = delete;
        ~Target() = default;
        virtual HResult queryInterface(const com::Guid* id, void** out) { return owner_.query(*id, out); }
        virtual std::uint32_t addRef() { return 1; }
        virtual std::uint32_t release() { return 1; }
        virtual HResult getMachineType(std::uint32_t* machine);
        virtual HResult getPointerSize(std::uint32_t* size);
        virtual HResult getImageBase(const char16_t* name, std::uint64_t* base);
        virtual HResult readVirtual(std::uint64_t address, std::uint8_t* buffer, std::uint32_t size,
                                    std::uint32_t* done);
        virtual HResult writeVirtual(std::uint64_t, std::uint8_t*, std::uint32_t, std::uint32_t*);
        virtual HResult getTlsValue(std::uint32_t, std::uint32_t, std::uint64_t*);
        virtual HResult setTlsValue(std::uint32_t, std::uint32_t, std::uint64_t);
        virtual HResult getCurrentThreadId(std::uint32_t*);
        virtual HResult getThreadContext(std::uint32_t thread, std::uint32_t flags, std::uint32_t size,
                                         std::uint8_t* context);
        virtual HResult setThreadContext(std::uint32_t, std::uint32_t, std::uint8_t*);
        virtual HResult request(std::uint32_t, std::uint32_t, std::uint8_t*, std::uint32_t, std::uint8_t*);
        DataTarget& owner_;
    };

    HResult query(const com::Guid& id, void** out);
    [[nodiscard]] Address imageBase(const std::string& name) const;

    const ProcessImage& image_;
    PageCache& memory_;
    Address runtimeBase_;
    std::vector<TracedRead>* trace_ = nullptr;
    Address answered_;
    std::uint32_t answer_ = 0;
    Target target_{*this};
    Locator locator_{*this};
};

} // namespace firstchance
