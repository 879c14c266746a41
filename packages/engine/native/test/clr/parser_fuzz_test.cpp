#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

#include <gtest/gtest.h>

#include "clr/dotnet_subject.h"
#include "clr/elf_image.h"
#include "clr/metadata_tables.h"
#include "clr/pe_image.h"
#include "clr/runtime_location.h"

namespace firstchance {
namespace {

std::string bytesOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

//! \brief Changes a few bytes, most of them near the front where the headers are, or cuts the end off.
std::string mutate(std::string bytes, std::mt19937& random, std::size_t headers) {
    for (unsigned i = 1 + random() % 8; i > 0; --i) {
        const std::size_t within = random() % 4 == 0 ? bytes.size() : std::min(headers, bytes.size());
        const char interesting[] = {0, 1, -1, 0x7F, static_cast<char>(0x80), static_cast<char>(random())};
        bytes[random() % within] = interesting[random() % std::size(interesting)];
    }
    if (random() % 8 == 0) {
        bytes.resize(1 + random() % bytes.size());
    }
    return bytes;
}

ImageBytes source(const std::string& bytes) {
    return {[&bytes](std::uint64_t offset, std::span<std::byte> buffer) {
                const std::size_t size =
                    offset < bytes.size() ? std::min<std::size_t>(buffer.size(), bytes.size() - offset) : 0;
                std::memcpy(buffer.data(), bytes.data() + offset, size);
                return size;
            },
            bytes.size()};
}

TEST(ParserFuzz, PeAndMetadataSurviveMutatedImages) {
    const std::string original = bytesOf(DotnetSubject::assemblyPath());
    ASSERT_GT(original.size(), 1000U);
    const auto sound = PeImage::parse(source(original), PeImage::Layout::File);
    ASSERT_TRUE(sound && sound->pdb() && sound->metadata());
    std::mt19937 random(1);
    for (int round = 0; round < 5000; ++round) {
        const std::string bytes = mutate(original, random, 1024);
        const auto layout = random() % 2 == 0 ? PeImage::Layout::File : PeImage::Layout::Mapped;
        const auto image = PeImage::parse(source(bytes), layout);
        if (!image) {
            continue;
        }
        if (const auto pdb = image->pdb()) {
            EXPECT_EQ(36U, pdb->guid.size());
        }
    }
    const std::string metadata = [&] {
        const ImageBytes part = *sound->metadata();
        std::string text(part.size(), '\0');
        EXPECT_TRUE(part.read(0, std::as_writable_bytes(std::span(text))));
        return text;
    }();
    for (int round = 0; round < 5000; ++round) {
        const std::string bytes = mutate(metadata, random, 400);
        if (const auto tables = MetadataTables::parse(source(bytes))) {
            EXPECT_LE(tables->mvid().size(), 36U);
            static_cast<void>(tables->fieldName(0x04000000U | random() % 64));
            static_cast<void>(tables->methodToken(0x02000000U | random() % 64, "MoveNext"));
        }
    }
}

//! \brief An ELF file mapped as one piece, for the parser; every read may be made to lie.
class LyingImage : public ProcessImage {
public:
    LyingImage(std::string bytes, std::mt19937& random, unsigned liesOneIn)
        : bytes_(std::move(bytes)), random_(random), liesOneIn_(liesOneIn) {
        Mapping mapping;
        mapping.range = {kBase, kBase + bytes_.size()};
        mapping.readable = true;
        mapping.path = "/x/libcoreclr.so";
        mappings_.push_back(mapping);
    }
    static constexpr Address kBase{0x7f0000000000};

    [[nodiscard]] pid_t pid() const override { return 1; }
    [[nodiscard]] const std::string& commandName() const override { return name_; }
    [[nodiscard]] std::span<const Mapping> mappings() const override { return mappings_; }
    [[nodiscard]] std::span<const ThreadImage> threads() const override { return {}; }
    [[nodiscard]] std::span<const std::byte> auxiliaryVector() const override { return {}; }
    [[nodiscard]] std::vector<AddressRange> privatePages(AddressRange) const override { return {}; }
    [[nodiscard]] std::size_t read(Address address, std::span<std::byte> buffer) const override {
        const bool lie = liesOneIn_ != 0 && random_() % liesOneIn_ == 0;
        if (lie && random_() % 2 == 0) {
            return random_() % (buffer.size() + 1);
        }
        if (address < kBase || address >= kBase + bytes_.size()) {
            return 0;
        }
        const std::size_t offset = address - kBase;
        const std::size_t size = std::min(buffer.size(), bytes_.size() - offset);
        if (size == 0) {
            return 0; // an empty buffer may have no address, which memcpy forbids
        }
        std::memcpy(buffer.data(), bytes_.data() + offset, size);
        if (lie) {
            buffer[random_() % size] = static_cast<std::byte>(random_());
        }
        return size;
    }

private:
    std::string bytes_;
    std::mt19937& random_;
    unsigned liesOneIn_;
    std::string name_ = "liar";
    std::vector<Mapping> mappings_;
};

TEST(ParserFuzz, ElfAndRuntimeLocationSurviveMutatedImagesAndLies) {
    const std::string original = bytesOf("/proc/self/exe").substr(0, 400'000);
    std::mt19937 random(2);
    {
        const LyingImage honest(original, random, 0);
        ASSERT_TRUE(ElfImage::read(honest, LyingImage::kBase));
    }
    for (int round = 0; round < 400; ++round) {
        const LyingImage image(mutate(original, random, 1024), random, round % 2 == 0 ? 0 : 5);
        if (const auto elf = ElfImage::read(image, LyingImage::kBase)) {
            EXPECT_LE(elf->buildId().size(), 200'000U);
            static_cast<void>(elf->findSymbol("g_dacTable"));
            static_cast<void>(elf->writableSegments());
        }
        static_cast<void>(locateRuntime(image));
    }
}

} // namespace
} // namespace firstchance
