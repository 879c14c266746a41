#include "agent/native/descriptor_hooks.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/native/native_recorder.h"

// The frame of the function itself: its caller is the innermost frame of a stack.
#define FIRSTCHANCE_HERE __builtin_frame_address(0)

namespace firstchance::agent {
namespace {

int tell(Resource resource, int descriptor, const void* frame) {
    if (descriptor >= 0) {
        const auto number = static_cast<std::uint64_t>(descriptor);
        g_recorder.onReturned(resource, number); // it may have been closed past us
        g_recorder.onResource(resource, number, 0, frame);
    }
    return descriptor;
}

// The mode counts only with O_CREAT, and is passed on whatever it is.
int hookOpen(const char* path, int flags, mode_t mode) {
    return tell(Resource::Descriptor, ::open(path, flags, mode), FIRSTCHANCE_HERE);
}
int hookOpenat(int folder, const char* path, int flags, mode_t mode) {
    return tell(Resource::Descriptor, ::openat(folder, path, flags, mode), FIRSTCHANCE_HERE);
}
int hookDup(int descriptor) {
    return tell(Resource::Descriptor, ::dup(descriptor), FIRSTCHANCE_HERE);
}
int hookPipe2(int ends[2], int flags) {
    const int result = ::pipe2(ends, flags);
    if (result == 0) {
        tell(Resource::Descriptor, ends[0], FIRSTCHANCE_HERE);
        tell(Resource::Descriptor, ends[1], FIRSTCHANCE_HERE);
    }
    return result;
}
int hookEventfd(unsigned value, int flags) {
    return tell(Resource::Descriptor, ::eventfd(value, flags), FIRSTCHANCE_HERE);
}
int hookEpollCreate1(int flags) {
    return tell(Resource::Descriptor, ::epoll_create1(flags), FIRSTCHANCE_HERE);
}
int hookInotifyInit1(int flags) {
    return tell(Resource::Descriptor, ::inotify_init1(flags), FIRSTCHANCE_HERE);
}
int hookSocket(int domain, int type, int protocol) {
    return tell(Resource::Socket, ::socket(domain, type, protocol), FIRSTCHANCE_HERE);
}
int hookAccept4(int listener, sockaddr* address, socklen_t* size, int flags) {
    return tell(Resource::Socket, ::accept4(listener, address, size, flags), FIRSTCHANCE_HERE);
}
int hookClose(int descriptor) {
    g_recorder.onReturned(Resource::Descriptor,
                          static_cast<std::uint64_t>(static_cast<unsigned>(descriptor)));
    return ::close(descriptor);
}

template <class Function> void* pointerTo(Function* function) {
    return reinterpret_cast<void*>(function);
}

} // namespace

void forEachDescriptorHook(void (*add)(const char*, void*, void*)) {
    add("open", pointerTo<int(const char*, int, ...)>(&::open), pointerTo(&hookOpen));
    add("openat", pointerTo<int(int, const char*, int, ...)>(&::openat), pointerTo(&hookOpenat));
    add("dup", pointerTo(&::dup), pointerTo(&hookDup));
    add("pipe2", pointerTo(&::pipe2), pointerTo(&hookPipe2));
    add("eventfd", pointerTo(&::eventfd), pointerTo(&hookEventfd));
    add("epoll_create1", pointerTo(&::epoll_create1), pointerTo(&hookEpollCreate1));
    add("inotify_init1", pointerTo(&::inotify_init1), pointerTo(&hookInotifyInit1));
    add("socket", pointerTo(&::socket), pointerTo(&hookSocket));
    add("accept4", pointerTo(&::accept4), pointerTo(&hookAccept4));
    add("close", pointerTo(&::close), pointerTo(&hookClose));
}

} // namespace firstchance::agent
