#include "linux/auxiliary_vector.h"

#include <span>
#include <string>

#include "linux/proc_file.h"

namespace firstchance {

std::vector<std::byte> readAuxiliaryVector(pid_t pid) {
    const std::string text = readProcFile(procPath(pid, "auxv")).value_or("");
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

} // namespace firstchance
