#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace firstchance::test {

//! \brief A folder of its own per test, removed with its content.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
    //! \brief Names of all files in it, hidden ones too.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    std::string path_;
};

[[nodiscard]] std::vector<std::byte> readFile(const std::string& path);
void writeFile(const std::string& path, const std::vector<std::byte>& bytes);

//! \brief What a command printed to stdout and stderr, and how it ended.
struct CommandOutput {
    int status = -1;
    std::string text;
};
[[nodiscard]] CommandOutput runCommand(const std::string& command);

} // namespace firstchance::test
