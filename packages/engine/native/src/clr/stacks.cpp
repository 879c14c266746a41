#include "clr/stacks.h"

#include <algorithm>
#include <array>

#include "clr/dac_interfaces.h"
#include "clr/methods.h"
#include "clr/thread_context.h"
#include "clr/type_name_syntax.h"

namespace firstchance {
namespace {

//! \brief CLRDataSimpleFrameType: all four kinds.
constexpr std::uint32_t kAllFrames = 0xF;
constexpr std::uint32_t kRequestFrameData = 0xF0000000;

//! \brief Steps that yield no frame are bounded too.
constexpr std::size_t kStepsPerFrame = 4;

tl::unexpected<Error> noStack(std::uint32_t osId, const char* why) {
    return fail(
        {ErrorCode::DacFailed, "Walking the managed stack of thread " + std::to_string(osId), why, "", 0});
}

//! \brief Address of the runtime's own frame object the walk stands at; null at code.
Address frameObject(const com::Reference& walk) {
    std::uint64_t address = 0;
    const com::HResult result =
        com::call(walk.get(), dac::slot::kStackWalkRequest, kRequestFrameData, std::uint32_t{0},
                  static_cast<void*>(nullptr), static_cast<std::uint32_t>(sizeof address),
                  static_cast<void*>(&address));
    return Address(result >= 0 ? address : 0);
}

//! \brief The method of the code the walk stands at, without a search for its address; null where there is
//! none.
com::Reference methodOf(const com::Reference& walk) {
    com::Reference frame;
    com::Reference method;
    if (com::call(walk.get(), dac::slot::kStackWalkGetFrame, frame.out()) >= 0 && frame &&
        com::call(frame.get(), dac::slot::kFrameGetMethodInstance, method.out()) < 0) {
        return {};
    }
    return method;
}

//! \brief Frames that stand for a fault or a suspension: the code above them was interrupted, its address is
//! exact.
bool marksInterruption(const std::string& name) {
    return name == "FaultingExceptionFrame" || name == "ResumableFrame" || name == "RedirectedThreadFrame";
}

//! \brief Turns one position of the walk into a frame.
class FrameReader {
public:
    FrameReader(Dac& dac, Address interruptedAt) : dac_(dac), interruptedAt_(interruptedAt) {}

    std::optional<ClrFrame> read(const com::Reference& walk) {
        std::array<std::byte, ContextLayout::kSize> context{};
        std::uint32_t size = 0;
        if (com::call(walk.get(), dac::slot::kStackWalkGetContext, ContextLayout::kAllRegisters,
                      static_cast<std::uint32_t>(context.size()), &size, context.data()) < 0) {
            return std::nullopt;
        }
        ClrFrame frame;
        frame.ip = contextInstructionPointer(context);
        frame.sp = contextStackPointer(context);
        const Address object = frameObject(walk);
        return object.isNull() ? readCode(walk, std::move(frame))
                               : readRuntimeFrame(object, std::move(frame));
    }

private:
    std::optional<ClrFrame> readCode(const com::Reference& walk, ClrFrame frame) {
        std::uint64_t method = 0;
        if (dac_.interfaces().call(dac::Sos::GetMethodDescPtrFromIP, frame.ip.value(), &method) < 0 ||
            method == 0) {
            return std::nullopt;
        }
        frame.kind = ClrFrame::Kind::Managed;
        describeMethod(dac_, Address(method), frame);
        const bool exact = exact_ || frame.ip == interruptedAt_;
        exact_ = false;
        frame.ilOffset = ilOffsetIn(methodOf(walk), exact ? frame.ip : frame.ip - 1);
        return frame;
    }

    std::optional<ClrFrame> readRuntimeFrame(Address object, ClrFrame frame) {
        Dac::Interfaces& interfaces = dac_.interfaces();
        frame.kind = ClrFrame::Kind::Runtime;
        frame.sp = object;
        // Up to .NET 9 a frame is a C++ object and known by its vtable, from 10 on by a number in the same
        // place.
        const auto identity = dac_.readValue<std::uint64_t>(object);
        const auto name =
            identity ? interfaces.text(dac::Sos::GetFrameName, Address(*identity)) : std::nullopt;
        exact_ = name && marksInterruption(*name);
        std::string text(1, '[');
        text.append(name.value_or("Frame")).append(1, ']');
        std::uint64_t method = 0;
        if (interfaces.call(dac::Sos::GetMethodDescPtrFromFrame, object.value(), &method) >= 0 &&
            method != 0) {
            describeMethod(dac_, Address(method), frame);
            if (!frame.method.empty()) {
                text.append(1, ' ').append(frame.method);
            }
        }
        frame.method = std::move(text);
        return frame;
    }

    Dac& dac_;
    Address interruptedAt_;
    bool exact_ = false; //!< the next code address is an instruction, not a return address
};

//! \brief The walk stops twice at the frame of a call into native code: before and after taking over its
//! registers.
bool isRepeated(const std::vector<ClrFrame>& frames, const ClrFrame& frame) {
    return frame.kind == ClrFrame::Kind::Runtime && !frames.empty() && frames.back().kind == frame.kind &&
           frames.back().sp == frame.sp;
}

Address programCounterOf(const ProcessImage& image, std::uint32_t osId) {
    for (const ThreadImage& thread : image.threads()) {
        if (static_cast<std::uint32_t>(thread.tid) == osId) {
            return thread.programCounter();
        }
    }
    return {};
}

} // namespace

Result<std::vector<ClrFrame>> readStack(Dac& dac, std::uint32_t osId, std::size_t limit) {
    com::Reference task;
    if (com::call(dac.interfaces().process.get(), dac::slot::kProcessGetTaskByOsThreadId, osId, task.out()) <
            0 ||
        !task) {
        return noStack(osId, "the runtime does not know this thread");
    }
    com::Reference walk;
    if (com::call(task.get(), dac::slot::kTaskCreateStackWalk, kAllFrames, walk.out()) < 0 || !walk) {
        return noStack(osId, "the debugging library could not start there");
    }
    FrameReader reader(dac, programCounterOf(dac.image(), osId));
    std::vector<ClrFrame> frames;
    const std::size_t mostSteps = limit > SIZE_MAX / kStepsPerFrame ? SIZE_MAX : limit * kStepsPerFrame + 64;
    for (std::size_t step = 0; step < mostSteps && frames.size() < limit; ++step) {
        auto frame = reader.read(walk);
        if (frame && !isRepeated(frames, *frame)) {
            frames.push_back(std::move(*frame));
        }
        if (com::call(walk.get(), dac::slot::kStackWalkNext) != com::kOk) {
            break; // S_FALSE: the end; an error: the rest cannot be unwound
        }
    }
    return frames;
}

} // namespace firstchance
