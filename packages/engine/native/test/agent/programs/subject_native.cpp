// Compiled without frame pointers: what a third-party library looks like to a walk.
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// Uses the register that would be the frame pointer for numbers of its own.
__attribute__((noinline)) void* allocate(long bytes, long depth) {
    if (depth > 0) {
        long values[8] = {depth, depth * 3, depth * 5, depth * 7, bytes, bytes * 2, bytes * 3, bytes * 4};
        void* block = allocate(bytes, depth - 1);
        long sum = 0;
        for (const long value : values) {
            sum = sum * 31 + value;
        }
        return sum == 1 ? nullptr : block;
    }
    return malloc(static_cast<size_t>(bytes));
}

} // namespace

extern "C" __attribute__((visibility("default"))) void* subject_open(long bytes) {
    return allocate(bytes, 4);
}

extern "C" __attribute__((visibility("default"))) void subject_close(void* block) {
    free(block);
}

extern "C" __attribute__((visibility("default"))) void* subject_new(long bytes) {
    return ::operator new(static_cast<size_t>(bytes));
}

// 0 when a child that allocates and frees ends as it should.
extern "C" __attribute__((visibility("default"))) int subject_fork() {
    const pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 1000; ++i) {
            free(malloc(1000));
        }
        _exit(7);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7
               ? 0
               : 1;
}
