#include "capture/focus_memory.h"

#include <chrono>

#include "capture/child_process.h"
#include "clr/stack_references.h"
#include "clr/stack_words.h"
#include "clr/stacks.h"
#include "clr/type_names.h"
#include "heap/focus/focus_selection.h"

namespace firstchance {
namespace {

//! \brief For all threads together; one takes a few milliseconds.
constexpr std::chrono::seconds kStackTime{5};

//! \brief Exceptions first, then what the stacks refer to: the nearest objects are kept first.
std::vector<Address> whereToStart(Dac& dac, const CaptureRequest& request, std::vector<std::string>& notes) {
    std::vector<Address> starts{request.exception};
    const auto threads = readThreads(dac);
    if (!threads) {
        notes.push_back(describe(threads.error()));
        return starts;
    }
    std::vector<std::uint32_t> stacks;
    for (const ClrThread& thread : *threads) {
        const bool ofInterest =
            request.threadId == 0 || thread.osId == static_cast<std::uint32_t>(request.threadId);
        if (ofInterest && thread.osId != 0) {
            starts.push_back(thread.lastThrownObject);
            stacks.push_back(thread.osId);
        }
    }
    const auto deadline = std::chrono::steady_clock::now() + kStackTime;
    for (const std::uint32_t thread : stacks) {
        auto objects = stackObjects(dac, thread, deadline);
        if (objects.empty()) {
            for (const StackWord& word : stackWords(dac, thread, false)) {
                objects.push_back(word.value);
            }
        }
        starts.insert(starts.end(), objects.begin(), objects.end());
    }
    return starts;
}

std::string megabytesOf(std::uint64_t bytes) {
    constexpr std::uint64_t kTenth = (1U << 20U) / 10;
    const std::uint64_t tenths = (bytes + kTenth / 2) / kTenth;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

} // namespace

std::vector<std::string> addFocus(Dac& dac, const CaptureRequest& request, const Facts& facts,
                                  MemorySelection& selection, std::vector<std::string>& notes) {
    if (!facts.heap) {
        notes.emplace_back("The managed heap could not be read: none of its objects were chosen.");
        return {"managed heap"};
    }
    const std::vector<Address> starts = whereToStart(dac, request, notes);
    const auto budget = static_cast<std::uint64_t>(request.keep->dump->focusBudgetBytes);
    const FocusSelection focus = selectFocus(dac.image(), *facts.heap, starts, budget, &cancellationFlag());
    for (const AddressRange& memory : focus.memory) {
        selection.add(memory);
    }
    for (const Address type : focus.methodTables) {
        static_cast<void>(typeName(dac, type)); // records what the DAC reads to name it
    }
    std::string note = "The dump is of kind focus: of the managed heap it holds " +
                       std::to_string(focus.objects.size()) + " objects on " + megabytesOf(focus.bytes) +
                       " of memory, the nearest to the exception and the stack";
    if (focus.shortened > 0) {
        note += "; of " + std::to_string(focus.shortened) + " large ones the beginning only";
    }
    notes.push_back(note + ".");
    return {focus.everything
                ? "managed objects that exception and stack do not reach"
                : "managed heap except " + megabytesOf(focus.bytes) + " near the exception and the stack"};
}

} // namespace firstchance
