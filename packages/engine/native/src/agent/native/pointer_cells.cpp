#include "agent/native/pointer_cells.h"

#include "agent/maps_reader.h"
#include "agent/native/code_memory.h"
#include "agent/native/owned_file.h"
#include "agent/native/present_pages.h"

namespace firstchance::agent {
namespace {

constexpr std::size_t kPageBytes = CodePage::kBytes;
constexpr Text kCodeMemory = kRuntimeCodeMemory;

class CellScan {
public:
    CellScan(const Hook* hooks, std::size_t count, CellSwap swap)
        : hooks_(hooks), count_(count), swap_(swap) {
        for (std::size_t i = 0; i < count_; ++i) {
            const std::uintptr_t value = addressBefore(hooks_[i], swap_);
            lowest_ = value < lowest_ ? value : lowest_;
            highest_ = value > highest_ ? value : highest_;
        }
    }

    void scan(const OwnMapping& mapping) {
        for (std::uintptr_t page = mapping.begin; page < mapping.end; page += kPageBytes) {
            if (present_.has(page) && memory_.readAt(page, words_, kPageBytes)) {
                scanPage(mapping.fileOffset + (page - mapping.begin));
            }
        }
    }
    [[nodiscard]] std::uint32_t swapped() const { return swapped_; }

private:
    void scanPage(std::uint64_t fileOffset) {
        for (std::size_t i = 0; i < kPageBytes / sizeof *words_; ++i) {
            if (words_[i] >= lowest_ && words_[i] <= highest_) {
                swapWord(fileOffset + i * sizeof *words_, words_[i]);
            }
        }
    }
    void swapWord(std::uint64_t fileOffset, std::uintptr_t value) {
        for (std::size_t i = 0; i < count_; ++i) {
            if (value == addressBefore(hooks_[i], swap_)) {
                const CodePage page(descriptor_, fileOffset);
                auto* word = reinterpret_cast<std::uintptr_t*>(page.at(fileOffset));
                const bool done = word != nullptr &&
                                  __atomic_compare_exchange_n(word, &value, addressAfter(hooks_[i], swap_),
                                                              false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
                swapped_ += done ? 1 : 0;
                return;
            }
        }
    }

    const Hook* hooks_;
    std::size_t count_;
    CellSwap swap_;
    std::uintptr_t lowest_ = ~std::uintptr_t{0};
    std::uintptr_t highest_ = 0;
    int descriptor_ = codeMemoryDescriptor();
    OwnedFile memory_{"/proc/self/mem"};
    PresentPages present_;
    std::uint32_t swapped_ = 0;
    std::uintptr_t words_[kPageBytes / sizeof(std::uintptr_t)];
};

} // namespace

std::uint32_t swapPointerCells(const Hook* hooks, std::size_t count, CellSwap swap) {
    CellScan scan(hooks, count, swap);
    MapsReader maps;
    OwnMapping mapping;
    while (maps.next(mapping)) {
        if (mapping.readable && mapping.writable && mapping.name.size >= kCodeMemory.size &&
            equals(mapping.name.first(kCodeMemory.size), kCodeMemory)) {
            scan.scan(mapping);
        }
    }
    return scan.swapped();
}

} // namespace firstchance::agent
