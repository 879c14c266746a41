#include "agent/running_tests.h"

#include <string.h>

namespace firstchance::agent {

void RunningTests::start(Text name, pid_t thread) {
    name = name.first(kMaxNameBytes);
    if (name.empty()) {
        return;
    }
    const Lock lock(mutex_);
    for (Test& test : tests_) {
        if (test.nameSize == 0) {
            test.thread = thread;
            test.order = ++order_;
            test.nameSize = static_cast<std::uint16_t>(name.size);
            test.askCount.store(0, std::memory_order_relaxed);
            ::memcpy(test.name, name.data, name.size);
            return;
        }
    }
    ++unnamed_;
}

bool RunningTests::stop(Text name) {
    name = name.first(kMaxNameBytes);
    const Lock lock(mutex_);
    Test* oldest = nullptr; // names may repeat: theories with equal data, several collections
    for (Test& test : tests_) {
        if (test.nameSize != 0 && equals({test.name, test.nameSize}, name) &&
            (oldest == nullptr || test.order < oldest->order)) {
            oldest = &test;
        }
    }
    if (oldest != nullptr) {
        oldest->nameSize = 0;
        return true;
    }
    if (unnamed_ > 0) {
        --unnamed_;
        return true;
    }
    return false;
}

void RunningTests::match(pid_t thread, Match& match) {
    const Lock lock(mutex_);
    find(thread, match);
}

void RunningTests::matchWithoutWaiting(pid_t thread, Match& match) {
    if (::pthread_mutex_trylock(&mutex_) == 0) {
        find(thread, match);
        ::pthread_mutex_unlock(&mutex_);
    }
}

void RunningTests::find(pid_t thread, Match& match) {
    std::uint32_t running = unnamed_;
    Test* onThread = nullptr;
    Test* last = nullptr;
    for (Test& test : tests_) {
        if (test.nameSize == 0) {
            continue;
        }
        ++running;
        last = &test;
        if (test.thread == thread && (onThread == nullptr || test.order > onThread->order)) {
            onThread = &test;
        }
    }
    Test* found = onThread != nullptr ? onThread : running == 1 ? last : nullptr;
    match.nameSize = 0;
    match.askCount = nullptr;
    match.candidates = found != nullptr ? 1 : running;
    if (found != nullptr) {
        match.nameSize = found->nameSize;
        ::memcpy(match.name, found->name, found->nameSize);
        match.askCount = &found->askCount;
    }
}

} // namespace firstchance::agent
