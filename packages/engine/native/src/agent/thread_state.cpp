#include "agent/thread_state.h"

#include <pthread.h>
#include <sys/mman.h>

#include <new>

namespace firstchance::agent {
namespace {

// A pthread key and not thread_local: the thread-local storage of a library that was loaded late is allocated
// on first use, by malloc, which a thread that dies in a signal handler must not call. Reading a key never
// allocates.
pthread_key_t g_key;
bool g_prepared = false;

void release(void* state) {
    ::munmap(state, sizeof(ThreadState));
}

} // namespace

bool prepareThreadStates() {
    if (!g_prepared) {
        g_prepared = ::pthread_key_create(&g_key, &release) == 0;
    }
    return g_prepared;
}

ThreadState* existingThreadState() {
    return g_prepared ? static_cast<ThreadState*>(::pthread_getspecific(g_key)) : nullptr;
}

ThreadState* threadState() {
    if (ThreadState* state = existingThreadState()) {
        return state;
    }
    void* memory =
        ::mmap(nullptr, sizeof(ThreadState), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return nullptr;
    }
    // Zero pages are the initial state; a constructor would touch all of them.
    auto* state = static_cast<ThreadState*>(memory);
    if (::pthread_setspecific(g_key, state) != 0) {
        release(state);
        return nullptr;
    }
    return state;
}

} // namespace firstchance::agent
