#include "heap/focus/focus_selection.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "base/page_size.h"
#include "heap/type_references.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kHeaderWord = 8; //!< before the MethodTable pointer: lock, hash code
constexpr std::uint64_t kSmallestShare = 2 * kPageBytes;

class Walk {
public:
    Walk(const ProcessImage& image, const GcHeap& heap, std::uint64_t budget,
         const std::atomic<bool>* cancelled)
        : image_(image), heap_(heap), types_(image, heap.freeType), budget_(budget),
          largest_(std::max(kSmallestShare, budget / 16)), cancelled_(cancelled) {}

    [[nodiscard]] FocusSelection run(std::span<const Address> starts) {
        for (const Address start : starts) {
            find(start);
        }
        // keep() adds to what is waited for.
        // NOLINTNEXTLINE(modernize-loop-convert)
        for (std::size_t next = 0; next < waiting_.size(); ++next) {
            if (!keep(waiting_[next]) || (cancelled_ != nullptr && *cancelled_)) {
                result_.everything = false;
                break;
            }
        }
        result_.bytes = pages_.size() * kPageBytes;
        result_.methodTables = methodTables();
        return std::move(result_);
    }

private:
    //! \brief What follows is looked at only when its turn comes.
    void find(Address object) {
        if (!object.isNull() && object.value() % 8 == 0 && segmentOf(object) != nullptr &&
            found_.insert(object.value()).second) {
            waiting_.push_back(object);
        }
    }

    [[nodiscard]] const GcSegment* segmentOf(Address object) const {
        const auto after = std::upper_bound(
            heap_.segments.begin(), heap_.segments.end(), object,
            [](Address address, const GcSegment& segment) { return address < segment.objects.begin; });
        if (after == heap_.segments.begin()) {
            return nullptr;
        }
        const GcSegment& segment = *(after - 1);
        return segment.objects.contains(object) ? &segment : nullptr;
    }

    //! \brief Whether there was room. What is no object needs none.
    [[nodiscard]] bool keep(Address object) {
        struct Start {
            std::uint64_t word;
            std::uint32_t length, padding;
        };
        const auto start = image_.readValue<Start>(object);
        const std::uint32_t number =
            start ? types_.find(HeapTypes::tableOf(start->word)) : HeapTypes::kNoType;
        if (number == HeapTypes::kNoType) {
            return true;
        }
        const HeapType& type = types_[number];
        const std::uint64_t size = type.unalignedSize(start->length);
        if (object + size > segmentOf(object)->objects.end + kHeaderWord) {
            return true; // leaves its segment: the bytes were something else
        }
        const std::uint64_t kept = std::min(type.size(start->length), largest_);
        const AddressRange memory{object - kHeaderWord, object + kept};
        if (!takePages(memory)) {
            return false;
        }
        if (kept < size) {
            result_.shortened += 1;
            result_.everything = false;
        }
        result_.objects.push_back(object);
        result_.memory.push_back(memory);
        follow(object, type, size, kept);
        return true;
    }

    [[nodiscard]] bool takePages(AddressRange memory) {
        std::vector<std::uint64_t> added;
        for (Address page = memory.begin.alignDown(kPageBytes); page < memory.end; page += kPageBytes) {
            if (!pages_.contains(page.value())) {
                added.push_back(page.value());
            }
        }
        if ((pages_.size() + added.size()) * kPageBytes > budget_) {
            return false;
        }
        pages_.insert(added.begin(), added.end());
        return true;
    }

    void follow(Address object, const HeapType& type, std::uint64_t size, std::uint64_t kept) {
        if (type.references == HeapType::References::None) {
            return;
        }
        bytes_.assign(kept, std::byte{0});
        const std::size_t read = image_.read(object, bytes_);
        forEachReference(types_, type, size, read, [this](std::uint64_t offset) {
            std::uint64_t value = 0;
            std::memcpy(&value, bytes_.data() + offset, sizeof value);
            find(Address(value));
        });
    }

    [[nodiscard]] std::vector<Address> methodTables() const {
        std::vector<Address> tables;
        tables.reserve(types_.size());
        for (std::uint32_t number = 0; number < types_.size(); ++number) {
            tables.push_back(types_[number].methodTable);
        }
        std::sort(tables.begin(), tables.end());
        return tables;
    }

    const ProcessImage& image_;
    const GcHeap& heap_;
    HeapTypes types_;
    std::uint64_t budget_;
    std::uint64_t largest_; //!< bytes of one object that are kept
    const std::atomic<bool>* cancelled_;
    std::vector<Address> waiting_;
    std::unordered_set<std::uint64_t> found_;
    std::unordered_set<std::uint64_t> pages_;
    std::vector<std::byte> bytes_;
    FocusSelection result_;
};

} // namespace

FocusSelection selectFocus(const ProcessImage& image, const GcHeap& heap, std::span<const Address> starts,
                           std::uint64_t budget, const std::atomic<bool>* cancelled) {
    return Walk(image, heap, budget, cancelled).run(starts);
}

} // namespace firstchance
