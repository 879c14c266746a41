#include "linux/auxiliary_vector.h"

#include <cstring>

#include "linux/proc_file.h"

namespace firstchance {

std::vector<std::byte> readAuxiliaryVector(pid_t pid) {
    const std::string text = readProcFile(procPath(pid, "auxv")).value_or("");
    std::vector<std::byte> bytes(text.size());
    std::memcpy(bytes.data(), text.data(), text.size());
    return bytes;
}

} // namespace firstchance
