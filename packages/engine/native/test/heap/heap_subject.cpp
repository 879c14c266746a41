#include "heap/heap_subject.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace firstchance {

std::string HeapSubject::folder() {
    const char* other = std::getenv("FIRSTCHANCE_HEAP_SUBJECT");
    return other != nullptr ? other : HEAP_SUBJECT_FOLDER;
}

HeapSubject::HeapSubject(const std::vector<std::string>& environment)
    : child_(folder(), "HeapSubject", environment) {
    EXPECT_TRUE(readUntil("ready")) << "the subject did not come up";
}

bool HeapSubject::readUntil(const std::string& word) {
    std::string line;
    while (child_.readLine(line)) {
        if (line == word) {
            return true;
        }
        const std::size_t space = line.rfind(' ');
        if (line.starts_with("count ")) {
            counts_[line.substr(6, space - 6)] = std::stoull(line.substr(space + 1));
        }
    }
    return false;
}

void HeapSubject::run(const std::string& command) {
    child_.writeLine(command);
    EXPECT_TRUE(readUntil("done")) << command;
}

} // namespace firstchance
