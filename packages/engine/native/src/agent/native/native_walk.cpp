#include "agent/native/native_walk.h"

#include "agent/raw_memory.h"

namespace firstchance::agent {
namespace {

constexpr std::uintptr_t kLowestCode = 0x1000;
constexpr unsigned kUserBits = 47;
//! A P/Invoke that is compiled into its caller saves a return address near the true one (measured: 16 bytes).
constexpr std::uintptr_t kSamePlace = 512;
//! A FramedMethodFrame lies beside its TransitionBlock.
constexpr std::uintptr_t kBlockDistance = 4096;
constexpr std::size_t kMaxRuntimeFrames = 256; // a damaged chain must end

bool isCode(std::uintptr_t address) {
    return address > kLowestCode && address >> kUserBits == 0;
}

//! The managed caller at which native code began, as a frame of the runtime tells it.
struct Transition {
    std::uintptr_t stackPointer = 0; //!< 0: none is left
    std::uintptr_t returnAddress = 0;
    std::uintptr_t framePointer = 0;
};

class Walk {
public:
    Walk(const StackBounds& stack, const RuntimeFrameLayout& layout, std::uintptr_t framePointer,
         std::uintptr_t runtimeFrame)
        : end_(stack.end), layout_(layout), low_(framePointer), frame_(framePointer), chain_(runtimeFrame) {
        findTransition();
    }

    std::size_t run(std::uintptr_t* out, std::size_t capacity) {
        std::size_t count = 0;
        while (count < capacity) {
            const bool valid = isFrame(frame_);
            if (transition_.stackPointer != 0 && (!valid || frame_ >= transition_.stackPointer)) {
                count += cross(out, count, valid);
                continue;
            }
            if (!valid) {
                break;
            }
            out[count++] = word(frame_ + sizeof(std::uintptr_t));
            const std::uintptr_t next = word(frame_);
            low_ = frame_ + 1;
            frame_ = next > frame_ ? next : 0;
        }
        return count;
    }

private:
    static std::uintptr_t word(std::uintptr_t address) {
        return *memoryAt<const volatile std::uintptr_t>(address);
    }
    [[nodiscard]] bool isInside(std::uintptr_t address, std::size_t bytes) const {
        return address % sizeof(std::uintptr_t) == 0 && address >= low_ && address < end_ &&
               bytes <= end_ - address;
    }
    [[nodiscard]] bool isFrame(std::uintptr_t frame) const {
        return isInside(frame, 2 * sizeof(std::uintptr_t)) && isCode(word(frame + sizeof(std::uintptr_t)));
    }

    //! Native code has ended or broken the chain: the managed caller comes next.
    std::size_t cross(std::uintptr_t* out, std::size_t count, bool valid) {
        const std::uintptr_t address = transition_.returnAddress;
        const bool arrived = valid && frame_ == transition_.framePointer;
        const std::uintptr_t last = count > 0 ? out[count - 1] : 0;
        const bool there = arrived ? address - last + kSamePlace < 2 * kSamePlace : address == last;
        if (!there) {
            out[count] = address;
        }
        if (!arrived) {
            low_ = transition_.stackPointer;
            frame_ = transition_.framePointer;
        }
        chain_ = nextOf(chain_);
        findTransition();
        return there ? 0 : 1;
    }

    std::uintptr_t nextOf(std::uintptr_t frame) const {
        const std::uintptr_t next = word(frame + layout_.next);
        return next > frame ? next : 0; // the end is -1, which is outside
    }

    void findTransition() {
        transition_ = {};
        const std::size_t bytes = layout_.calleeSavedFp + sizeof(std::uintptr_t);
        for (std::size_t i = 0; i < kMaxRuntimeFrames && layout_.threadFrame != 0 && isInside(chain_, bytes);
             ++i) {
            if (readCall() || readBlock()) {
                return;
            }
            chain_ = nextOf(chain_);
        }
    }

    bool readCall() {
        const Transition found{word(chain_ + layout_.callSiteSp), word(chain_ + layout_.returnAddress),
                               word(chain_ + layout_.calleeSavedFp)};
        return found.stackPointer >= low_ && found.stackPointer <= chain_ && accept(found);
    }

    bool readBlock() {
        const std::uintptr_t block = word(chain_ + layout_.transitionBlock);
        if (!isInside(block, layout_.blockBytes) || block - chain_ + kBlockDistance >= 2 * kBlockDistance) {
            return false;
        }
        return accept({block + layout_.blockBytes, word(block + layout_.blockReturnAddress),
                       word(block + layout_.blockFp)});
    }

    bool accept(const Transition& found) {
        if (!isCode(found.returnAddress) || found.framePointer + 1 < found.stackPointer ||
            !isInside(found.framePointer, 2 * sizeof(std::uintptr_t))) {
            return false;
        }
        transition_ = found;
        return true;
    }

    std::uintptr_t end_;
    const RuntimeFrameLayout& layout_;
    std::uintptr_t low_;
    std::uintptr_t frame_;
    std::uintptr_t chain_;
    Transition transition_;
};

} // namespace

RuntimeFrameLayout runtimeFrameLayout(std::uint16_t majorVersion) {
    RuntimeFrameLayout layout;
    if (majorVersion == 8) {
        layout.threadFrame = 16;
        layout.callSiteSp = 32;
        layout.returnAddress = 40;
        layout.calleeSavedFp = 48;
    } else if (majorVersion == 9 || majorVersion == 10) {
        layout.threadFrame = 8;
    }
    return layout;
}

std::size_t walkStack(std::uintptr_t framePointer, const StackBounds& stack, const RuntimeFrameLayout& layout,
                      std::uintptr_t runtimeFrame, std::uintptr_t* out, std::size_t capacity) {
    return stack.contains(framePointer) ? Walk(stack, layout, framePointer, runtimeFrame).run(out, capacity)
                                        : 0;
}

} // namespace firstchance::agent
