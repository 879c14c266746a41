#include "agent/native/descriptor_hooks.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
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

int tellBoth(Resource resource, int result, const int ends[2], const void* frame) {
    if (result == 0) {
        tell(resource, ends[0], frame);
        tell(resource, ends[1], frame);
    }
    return result;
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
// One argument more, number or pointer, is passed on whatever the command does with it.
int hookFcntl(int descriptor, int command, void* argument) {
    const int result = ::fcntl(descriptor, command, argument);
    const bool duplicates = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
    return duplicates ? tell(Resource::Descriptor, result, FIRSTCHANCE_HERE) : result;
}
int hookPipe(int ends[2]) {
    return tellBoth(Resource::Descriptor, ::pipe(ends), ends, FIRSTCHANCE_HERE);
}
int hookPipe2(int ends[2], int flags) {
    return tellBoth(Resource::Descriptor, ::pipe2(ends, flags), ends, FIRSTCHANCE_HERE);
}
int hookShmOpen(const char* name, int flags, mode_t mode) {
    return tell(Resource::Descriptor, ::shm_open(name, flags, mode), FIRSTCHANCE_HERE);
}
int hookMemfdCreate(const char* name, unsigned flags) {
    return tell(Resource::Descriptor, ::memfd_create(name, flags), FIRSTCHANCE_HERE);
}
int hookTimerfdCreate(int clock, int flags) {
    return tell(Resource::Descriptor, ::timerfd_create(clock, flags), FIRSTCHANCE_HERE);
}
// The C library opens and closes the descriptor of a folder past its own imports.
DIR* hookOpendir(const char* path) {
    DIR* folder = ::opendir(path);
    if (folder != nullptr) {
        tell(Resource::Descriptor, ::dirfd(folder), FIRSTCHANCE_HERE);
    }
    return folder;
}
int hookClosedir(DIR* folder) {
    g_recorder.onReturned(Resource::Descriptor, static_cast<std::uint64_t>(::dirfd(folder)));
    return ::closedir(folder);
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
int hookSocketpair(int domain, int type, int protocol, int ends[2]) {
    return tellBoth(Resource::Socket, ::socketpair(domain, type, protocol, ends), ends, FIRSTCHANCE_HERE);
}
int hookAccept(int listener, sockaddr* address, socklen_t* size) {
    return tell(Resource::Socket, ::accept(listener, address, size), FIRSTCHANCE_HERE);
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
    add("fcntl", pointerTo<int(int, int, ...)>(&::fcntl), pointerTo(&hookFcntl));
    add("pipe", pointerTo(&::pipe), pointerTo(&hookPipe));
    add("pipe2", pointerTo(&::pipe2), pointerTo(&hookPipe2));
    add("shm_open", pointerTo(&::shm_open), pointerTo(&hookShmOpen));
    add("memfd_create", pointerTo(&::memfd_create), pointerTo(&hookMemfdCreate));
    add("timerfd_create", pointerTo(&::timerfd_create), pointerTo(&hookTimerfdCreate));
    add("opendir", pointerTo(&::opendir), pointerTo(&hookOpendir));
    add("closedir", pointerTo(&::closedir), pointerTo(&hookClosedir));
    add("eventfd", pointerTo(&::eventfd), pointerTo(&hookEventfd));
    add("epoll_create1", pointerTo(&::epoll_create1), pointerTo(&hookEpollCreate1));
    add("inotify_init1", pointerTo(&::inotify_init1), pointerTo(&hookInotifyInit1));
    add("socket", pointerTo(&::socket), pointerTo(&hookSocket));
    add("socketpair", pointerTo(&::socketpair), pointerTo(&hookSocketpair));
    add("accept", pointerTo(&::accept), pointerTo(&hookAccept));
    add("accept4", pointerTo(&::accept4), pointerTo(&hookAccept4));
    add("close", pointerTo(&::close), pointerTo(&hookClose));
}

} // namespace firstchance::agent
