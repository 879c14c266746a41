#include "agent/own_stack.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/maps_reader.h"

namespace firstchance::agent {
namespace {

// The caller's mapping, as far as it is its own stack: empty on a stack of another kind.
bool findStack(StackBounds& bounds) {
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    // glibc keeps a thread's descriptor at the upper end of the stack it made for the thread.
    const auto descriptor = static_cast<std::uintptr_t>(::pthread_self());
    const bool isMain = ::syscall(SYS_gettid) == ::getpid();
    MapsReader maps;
    OwnMapping mapping;
    while (maps.next(mapping)) {
        if (here < mapping.begin || here >= mapping.end) {
            continue;
        }
        if (isMain ? equals(mapping.name, "[stack]")
                   : descriptor > here && descriptor >= mapping.begin && descriptor < mapping.end) {
            bounds = {mapping.begin, isMain ? mapping.end : descriptor};
        }
        return true;
    }
    return false;
}

} // namespace

StackBounds ownStackBounds() {
    StackBounds bounds;
    findStack(bounds);
    return bounds;
}

bool isOnOwnStack() {
    StackBounds bounds;
    return !findStack(bounds) || bounds.end != 0;
}

} // namespace firstchance::agent
