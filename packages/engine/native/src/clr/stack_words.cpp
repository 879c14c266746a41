#include "clr/stack_words.h"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "clr/stacks.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kMostStackBytes = 1U << 20U;
constexpr std::uint64_t kWord = 8;

//! \brief The part of the stack in use; empty if there is no such thread.
AddressRange usedStack(const ProcessImage& image, std::uint32_t osId) {
    for (const ThreadImage& thread : image.threads()) {
        if (static_cast<std::uint32_t>(thread.tid) == osId) {
            const Address top = thread.stackPointer().alignDown(kWord);
            const Mapping* stack = image.findMapping(top);
            return stack == nullptr
                       ? AddressRange{}
                       : AddressRange{top, top + std::min(stack->range.end - top, kMostStackBytes)};
        }
    }
    return {};
}

//! \brief Managed frames, newest first: each reaches from its stack pointer to the next one's.
std::vector<ClrFrame> managedFrames(Dac& dac, std::uint32_t osId) {
    auto frames = readStack(dac, osId).value_or(std::vector<ClrFrame>{});
    std::erase_if(frames, [](const ClrFrame& frame) { return frame.kind != ClrFrame::Kind::Managed; });
    return frames;
}

} // namespace

std::vector<StackWord> stackWords(Dac& dac, std::uint32_t osId, bool withMethods) {
    const AddressRange stack = usedStack(dac.image(), osId);
    std::vector<std::uint64_t> values(stack.size() / kWord);
    values.resize(dac.image().read(stack.begin, std::as_writable_bytes(std::span(values))) / kWord);
    const std::vector<ClrFrame> frames = withMethods ? managedFrames(dac, osId) : std::vector<ClrFrame>{};

    std::vector<StackWord> words;
    std::set<std::uint64_t> seen;
    std::string method;
    std::size_t next = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        for (const Address at = stack.begin + i * kWord; next < frames.size() && frames[next].sp <= at;
             ++next) {
            method = frames[next].method.substr(0, frames[next].method.find('('));
            seen.clear();
        }
        if (values[i] != 0 && values[i] % kWord == 0 && seen.insert(values[i]).second) {
            words.push_back({Address(values[i]), method});
        }
    }
    return words;
}

} // namespace firstchance
