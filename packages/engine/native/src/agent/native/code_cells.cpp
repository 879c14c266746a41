#include "agent/native/code_cells.h"

#include <string.h>

#include "agent/agent_log.h"
#include "agent/clr_api.h"
#include "agent/deadline.h"
#include "agent/maps_reader.h"
#include "agent/native/code_memory.h"
#include "agent/native/owned_file.h"
#include "agent/native/present_pages.h"
#include "agent/raw_memory.h"

namespace firstchance::agent {
namespace {

#if defined(__x86_64__)
constexpr bool kSupported = true;
#else
constexpr bool kSupported = false; // addresses are built from several instructions
#endif
constexpr std::size_t kPageBytes = CodePage::kBytes;
constexpr std::size_t kLineBytes = 64;
constexpr unsigned char kMoveToRax[] = {0x48, 0xb8};
constexpr unsigned char kCallRax[] = {0xff, 0xd0};
constexpr std::size_t kSiteBytes = sizeof kMoveToRax + sizeof(std::uint64_t) + sizeof kCallRax;
constexpr std::size_t kMaxSites = 1024;

//! The address in one call.
struct Site {
    std::uintptr_t address;
    std::uint64_t fileOffset;
    std::uint64_t before;
    std::uint64_t after;
};
Site g_sites[kMaxSites];

class SiteSearch {
public:
    SiteSearch(const Hook* hooks, std::size_t count, CellSwap swap)
        : hooks_(hooks), count_(count), swap_(swap) {}

    void search(const OwnMapping& mapping) {
        for (std::uintptr_t page = mapping.begin; page < mapping.end; page += kPageBytes) {
            // A call may reach into the next page.
            if (present_.has(page) && (memory_.readAt(page, bytes_, sizeof bytes_) || readAlone(page))) {
                searchPage(page, mapping.fileOffset + (page - mapping.begin));
            }
        }
    }
    [[nodiscard]] std::size_t found() const { return found_; }

private:
    bool readAlone(std::uintptr_t page) {
        ::memset(bytes_, 0, sizeof bytes_);
        return memory_.readAt(page, bytes_, kPageBytes);
    }
    void searchPage(std::uintptr_t page, std::uint64_t fileOffset) {
        for (std::size_t i = 0; i < kPageBytes && found_ < kMaxSites; ++i) {
            const unsigned char* at = bytes_ + i;
            if (::memcmp(at, kMoveToRax, sizeof kMoveToRax) != 0 ||
                ::memcmp(at + kSiteBytes - sizeof kCallRax, kCallRax, sizeof kCallRax) != 0) {
                continue;
            }
            std::uint64_t value = 0;
            ::memcpy(&value, at + sizeof kMoveToRax, sizeof value);
            for (std::size_t k = 0; k < count_; ++k) {
                if (value == addressBefore(hooks_[k], swap_)) {
                    g_sites[found_++] = {page + i + sizeof kMoveToRax, fileOffset + i + sizeof kMoveToRax,
                                         value, addressAfter(hooks_[k], swap_)};
                    break;
                }
            }
        }
    }

    const Hook* hooks_;
    std::size_t count_;
    CellSwap swap_;
    OwnedFile memory_{"/proc/self/mem"};
    PresentPages present_;
    std::size_t found_ = 0;
    unsigned char bytes_[kPageBytes + kSiteBytes];
};

template <class T> void storeAt(unsigned char* where, std::uint64_t value) {
    // One instruction, whatever the alignment: x86-64 stores within a cache line are seen whole.
    *reinterpret_cast<volatile T*>(where) = static_cast<T>(value);
}

bool write(int fd, const Site& site) {
    const CodeStore store = planCodeStore(site.address, site.before, site.after);
    if (store.bytes == 0 || site.fileOffset % kPageBytes > kPageBytes - sizeof site.before) {
        return false;
    }
    const CodePage page(fd, site.fileOffset);
    unsigned char* where = page.at(site.fileOffset);
    if (where == nullptr || ::memcmp(where, &site.before, sizeof site.before) != 0) {
        return false;
    }
    const std::uint64_t value = site.after >> 8 * store.offset;
    where += store.offset;
    switch (store.bytes) {
    case 1: storeAt<std::uint8_t>(where, value); break;
    case 2: storeAt<std::uint16_t>(where, value); break;
    case 4: storeAt<std::uint32_t>(where, value); break;
    default: storeAt<std::uint64_t>(where, value); break;
    }
    return true;
}

} // namespace

CodeStore planCodeStore(std::uintptr_t address, std::uint64_t before, std::uint64_t after) {
    const std::uint64_t difference = before ^ after;
    if (difference == 0) {
        return {};
    }
    const auto first = static_cast<std::size_t>(__builtin_ctzll(difference)) / 8;
    const auto last = static_cast<std::size_t>(63 - __builtin_clzll(difference)) / 8;
    for (std::size_t bytes = 1; bytes <= sizeof before; bytes *= 2) {
        // Any window of this size that covers what differs will do.
        for (std::size_t offset = 0; offset + bytes <= sizeof before; ++offset) {
            const bool covers = offset <= first && last < offset + bytes;
            if (covers && (address + offset) % kLineBytes + bytes <= kLineBytes) {
                return {offset, bytes};
            }
        }
    }
    return {};
}

CodeSwap swapCodeCells(void* profilerInfo, const Hook* hooks, std::size_t count, CellSwap swap) {
    CodeSwap result;
    if (!kSupported) {
        return result;
    }
    SiteSearch search(hooks, count, swap);
    {
        MapsReader maps;
        OwnMapping mapping;
        const Text name = kRuntimeCodeMemory;
        while (maps.next(mapping)) {
            if (mapping.readable && mapping.executable && mapping.name.size >= name.size &&
                equals(mapping.name.first(name.size), name)) {
                search.search(mapping);
            }
        }
    }
    if (search.found() == 0) {
        return result;
    }
    const int fd = codeMemoryDescriptor();
    const std::int64_t start = monotonicNanoseconds();
    const HResult stopped = fd < 0 ? kFail : call(profilerInfo, kInfoSuspendRuntime);
    if (stopped >= 0) {
        for (std::size_t i = 0; i < search.found(); ++i) {
            result.swapped += write(fd, g_sites[i]) ? 1 : 0;
        }
        call(profilerInfo, kInfoResumeRuntime);
        result.stoodStillUs = static_cast<std::uint32_t>((monotonicNanoseconds() - start) / 1000);
    } else {
        logLine("the runtime does not stand still: 0x%08x", static_cast<unsigned>(stopped));
    }
    result.left = static_cast<std::uint32_t>(search.found()) - result.swapped;
    return result;
}

} // namespace firstchance::agent
