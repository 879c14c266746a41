#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/address.h"
#include "base/process_image.h"

namespace firstchance {

//! \brief What a walk must know of a type, read from its MethodTable in the target's memory: the layout of
//! the first eight bytes and of the GCDesc below it is the same in .NET 5 to 10.
struct HeapType {
    Address methodTable;
    std::uint32_t baseSize = 0;
    std::uint16_t componentSize = 0; //!< bytes per element of arrays and strings
    bool valid = false;
    bool isFree = false;
    bool collectibleFlag = false; //!< the flag .NET 9 and 10 use for it; .NET 8 has another
    //! Where its references are, see HeapTypes::runs().
    enum class References : std::uint8_t { None, Fixed, Array, StructArray } references = References::None;
    std::uint32_t firstRun = 0;
    std::uint32_t runCount = 0;
    //! Of StructArray: bytes from the object to the first reference.
    std::uint32_t elementsOffset = 0;

    [[nodiscard]] std::uint64_t unalignedSize(std::uint32_t length) const {
        return baseSize + std::uint64_t{componentSize} * length;
    }
    //! \brief Bytes the object takes on the heap.
    [[nodiscard]] std::uint64_t size(std::uint32_t length) const {
        constexpr std::uint64_t kSmallestObject = 24;
        const std::uint64_t size = (unalignedSize(length) + 7) & ~std::uint64_t{7};
        return size < kSmallestObject ? kSmallestObject : size;
    }
};

//! \brief The types met on a heap, by MethodTable and by a number given in the order they were met.
class HeapTypes {
public:
    //! \brief References that lie side by side. Fixed: \c offset bytes from the object, \c count of them.
    //! Array: \c offset as before, up to the object's unaligned size minus \c count bytes. StructArray:
    //! \c count references, then \c offset bytes without, over and over.
    struct Run {
        std::uint32_t offset;
        std::uint32_t count;
    };
    static constexpr std::uint32_t kNoType = UINT32_MAX;

    //! \brief What a walk needs to go on: one such entry is read per object, and the next object cannot be
    //! looked at before. So sizes lie where the type is found.
    struct alignas(32) Entry {
        std::uint64_t methodTable = 0;
        std::uint32_t number = kNoType;
        std::uint32_t roundedBase = 0; //!< 0: no type
        std::uint32_t componentSize = 0;

        //! \brief HeapType::size() of the type; 0 if there is none.
        [[nodiscard]] std::uint64_t size(std::uint32_t length) const {
            return (roundedBase + std::uint64_t{componentSize} * length) & ~std::uint64_t{7};
        }
    };

    HeapTypes(const ProcessImage& image, Address freeType);

    //! \brief Number of the type at \p methodTable; kNoType if there is none.
    [[nodiscard]] std::uint32_t find(std::uint64_t methodTable) { return entryOf(methodTable).number; }
    //! \brief What the way from an object with this first word to the next one needs. Valid until the next
    //! call.
    [[nodiscard]] const Entry& entryOf(std::uint64_t word) {
        const Entry& entry = entries_[hashOf(word)];
        return entry.methodTable == word ? entry : lookUp(tableOf(word));
    }
    //! \brief MethodTable of an object by its first word, which holds bits of the GC too.
    [[nodiscard]] static std::uint64_t tableOf(std::uint64_t word) { return word & ~kMarkBits; }
    //! \brief True if find() has found it before; reads nothing.
    [[nodiscard]] bool isKnown(std::uint64_t methodTable) const;
    [[nodiscard]] const HeapType& operator[](std::uint32_t number) const { return types_[number]; }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(types_.size()); }
    [[nodiscard]] std::span<const Run> runs(const HeapType& type) const {
        return std::span(runs_).subspan(type.firstRun, type.runCount);
    }

private:
    static constexpr std::uint64_t kMarkBits = 7;

    [[nodiscard]] std::size_t hashOf(std::uint64_t methodTable) const {
        return static_cast<std::size_t>(methodTable * 0x9E3779B97F4A7C15ULL >> shift_);
    }
    [[nodiscard]] std::size_t slotOf(std::uint64_t methodTable) const;
    const Entry& lookUp(std::uint64_t methodTable);
    const Entry& add(std::uint64_t methodTable);
    [[nodiscard]] bool readType(HeapType& type);
    [[nodiscard]] bool readReferences(HeapType& type);
    void grow();

    const ProcessImage& image_;
    Address freeType_;
    std::vector<HeapType> types_;
    std::vector<Run> runs_;
    std::vector<Entry> entries_; //!< open addressing; a power of two
    unsigned shift_;             //!< 64 less the power
    std::size_t used_ = 0;
};

} // namespace firstchance
