// tracer PID: traces all threads of a process, as a debugger does, says "ready", and lets go when its stdin ends.
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

static int seizeAll(const char* pid) {
    char folder[64];
    if (snprintf(folder, sizeof folder, "/proc/%s/task", pid) >= (int)sizeof folder) {
        return 0;
    }
    DIR* tasks = opendir(folder);
    for (struct dirent* task = tasks ? readdir(tasks) : NULL; task; task = readdir(tasks)) {
        if (task->d_name[0] != '.' && ptrace(PTRACE_SEIZE, atoi(task->d_name), NULL, NULL) != 0) {
            return 0;
        }
    }
    return tasks != NULL;
}

int main(int argc, char** argv) {
    if (argc != 2 || !seizeAll(argv[1])) {
        perror("tracer");
        return 1;
    }
    puts("ready");
    fflush(stdout);
    struct pollfd input = {0, POLLIN, 0};
    // A signal of a traced thread reaches it only through us.
    while (poll(&input, 1, 5) == 0) {
        int status = 0;
        for (pid_t task; (task = waitpid(-1, &status, __WALL | WNOHANG)) > 0;) {
            if (WIFSTOPPED(status)) {
                const int signal = status >> 16 ? 0 : WSTOPSIG(status);
                ptrace(PTRACE_CONT, task, NULL, signal);
            }
        }
    }
    return 0;
}
