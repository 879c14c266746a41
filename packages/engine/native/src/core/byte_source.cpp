#include "core/byte_source.h"

#include <array>
#include <cstring>

#include "base/readable_file.h"

namespace firstchance {
namespace {

class FileSource final : public ByteSource {
public:
    explicit FileSource(ReadableFile file) : file_(std::move(file)) {}

    [[nodiscard]] std::uint64_t size() const override { return file_.size(); }
    [[nodiscard]] std::size_t read(std::uint64_t offset, std::span<std::byte> out) const override {
        return file_.read(offset, out);
    }

private:
    ReadableFile file_;
};

} // namespace

Result<std::unique_ptr<ByteSource>> openFileSource(const std::string& path) {
    auto file = ReadableFile::open(path);
    if (!file) {
        return fail(file.error());
    }
    return std::make_unique<FileSource>(std::move(*file));
}

bool isZstd(const ByteSource& file) {
    std::array<std::byte, 4> bytes{};
    std::uint32_t magic = 0;
    if (file.read(0, bytes) != bytes.size()) {
        return false;
    }
    std::memcpy(&magic, bytes.data(), sizeof magic);
    return magic == 0xFD2FB528 || (magic & 0xFFFFFFF0) == 0x184D2A50;
}

tl::unexpected<Error> corruptDump(const std::string& path, std::string why) {
    return fail({ErrorCode::CorruptDump, "read the dump " + path, std::move(why),
                 "Copy the file again from where it was written, or take another dump", 0});
}

} // namespace firstchance
