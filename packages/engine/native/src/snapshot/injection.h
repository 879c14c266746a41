#pragma once

#include <functional>

#include "base/process_image.h"
#include "base/result.h"
#include "snapshot/stopped_threads.h"
#include "snapshot/way_home.h"

namespace firstchance {

//! \brief A thread that is fit to do a system call for us, and where in its memory the instruction is.
struct InjectionPoint {
    TracedThread* thread = nullptr;
    Address instruction;
};

//! \brief What calls in a target need, found before anything stops.
struct InjectionMeans {
    std::uint64_t options = 0;    //!< ptrace options
    std::optional<HomeCode> home; //!< how a thread finds back when we are killed
};

//! \brief Chooses a thread blocked in a plain call, whose own system call instruction serves where
//! there is no way home. Where none is blocked, a thread in user mode and the instruction in the vdso,
//! which is never unmapped.
[[nodiscard]] Result<InjectionPoint> chooseInjectionPoint(const ProcessImage& target,
                                                          std::vector<TracedThread>& threads);

//! \brief Whether the system call instruction stands at \p address.
[[nodiscard]] bool isSystemCallInstruction(const ProcessImage& target, Address address);

//! \brief Makes one stopped thread do system calls, and puts it back exactly.
//!
//! All its signals are blocked meanwhile. With code for a way home, a kill of ours at any moment leaves the
//! thread as it was (WayHome). finish() goes through a fresh ptrace stop, so that the kernel's own
//! restart of the call the thread was in sees the state of before (arch/x86/kernel/signal.c,
//! arch_do_signal_or_restart).
class Injection {
public:
    Injection(const ProcessImage& target, const InjectionPoint& point, const std::optional<HomeCode>& code)
        : target_(target), thread_(*point.thread), instruction_(point.instruction), code_(code) {}
    Injection(const Injection&) = delete;
    Injection& operator=(const Injection&) = delete;
    ~Injection() { finish(); }

    //! \brief Saves the signal mask and blocks all. errno on failure: then nothing was changed.
    int begin();
    //! \brief The thread finds back by itself when we are killed from now on.
    [[nodiscard]] bool safe() const { return home_.has_value(); }
    //! \brief Runs one call to its end. \p onEvent is called at a clone event with the child's id as we see
    //! it. Nothing is allocated or written here between the two changes of the thread.
    Result<long> call(long number, const SystemCallArguments& arguments,
                      const std::function<void(pid_t)>& onEvent = {});
    //! \brief Restores registers and mask; the thread stays stopped. False when the thread is gone.
    bool finish();

private:
    tl::unexpected<Error> broken(const char* step) const;
    bool waitForEventStop();

    bool setRegisters(const GeneralRegisters& registers);
    bool finishWithoutHome();

    const ProcessImage& target_;
    TracedThread& thread_;
    Address instruction_;
    const std::optional<HomeCode>& code_;
    std::optional<WayHome> home_;
    std::uint64_t mask_ = 0;
    bool begun_ = false;
    bool called_ = false;
};

} // namespace firstchance
