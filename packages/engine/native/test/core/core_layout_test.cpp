#include "core/core_layout.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <sys/procfs.h>

#include "core/core_notes.h"
#include "fake_image.h"

namespace firstchance {
namespace {

using test::FakeImage;

struct ReadNote {
    std::string owner;
    std::uint32_t type;
    std::vector<std::byte> content;
};

Elf64_Ehdr fileHeader(const CoreLayout& layout) {
    Elf64_Ehdr header;
    std::memcpy(&header, layout.headers.data(), sizeof header);
    return header;
}

std::vector<Elf64_Phdr> programHeaders(const CoreLayout& layout) {
    std::vector<Elf64_Phdr> headers(fileHeader(layout).e_phnum);
    std::memcpy(headers.data(), layout.headers.data() + sizeof(Elf64_Ehdr),
                headers.size() * sizeof(Elf64_Phdr));
    return headers;
}

std::vector<ReadNote> notes(const CoreLayout& layout) {
    const Elf64_Phdr header = programHeaders(layout).at(0);
    std::vector<ReadNote> all;
    std::uint64_t at = header.p_offset;
    while (at < header.p_offset + header.p_filesz) {
        Elf64_Nhdr note;
        std::memcpy(&note, layout.headers.data() + at, sizeof note);
        const char* owner = reinterpret_cast<const char*>(layout.headers.data() + at + sizeof note);
        const std::uint64_t content = at + sizeof note + ((note.n_namesz + 3U) & ~3U);
        all.push_back({owner,
                       note.n_type,
                       {layout.headers.begin() + static_cast<std::ptrdiff_t>(content),
                        layout.headers.begin() + static_cast<std::ptrdiff_t>(content + note.n_descsz)}});
        at = content + ((note.n_descsz + 3U) & ~3U);
    }
    return all;
}

std::vector<pid_t> threadOrder(const CoreLayout& layout) {
    std::vector<pid_t> order;
    for (const ReadNote& note : notes(layout)) {
        if (note.type == NT_PRSTATUS) {
            order.push_back(reinterpret_cast<const elf_prstatus*>(note.content.data())->pr_pid);
        }
    }
    return order;
}

MemorySelection everything(const ProcessImage& image) {
    MemorySelection selection;
    for (const Mapping& mapping : image.mappings()) {
        selection.add(mapping.range);
    }
    return selection;
}

TEST(CoreLayout, adjoiningMappingsAreOneSegmentWithAllPermissions) {
    FakeImage image;
    image.map(0x10000, 0x1000, "r--p");
    image.map(0x11000, 0x2000, "rw-p");
    image.map(0x13000, 0x1000, "---p");
    image.map(0x14000, 0x1000, "r-xp");
    const CoreLayout layout = layOutCore(image, everything(image));
    ASSERT_EQ(layout.segments.size(), 3U); // with the diagnostic page
    EXPECT_EQ(layout.segments[0].range, (AddressRange{Address(0x10000), Address(0x13000)}));
    EXPECT_EQ(layout.segments[0].flags, static_cast<std::uint32_t>(PF_R | PF_W));
    EXPECT_EQ(layout.segments[1].range.begin, Address(0x14000));
}

TEST(CoreLayout, headersAreWhatReadersAsk) {
    FakeImage image;
    image.map(0x10000, 0x3000);
    image.map(0x20000, 0x1000);
    CoreLayoutOptions options;
    options.runtimeBase = Address(0x7f0000000000);
    const CoreLayout layout = layOutCore(image, everything(image), options);
    const Elf64_Ehdr header = fileHeader(layout);
    EXPECT_EQ(header.e_type, ET_CORE);
    EXPECT_EQ(header.e_phoff, 64U);
    const auto programs = programHeaders(layout);
    EXPECT_EQ(programs[0].p_type, static_cast<Elf64_Word>(PT_NOTE));
    std::uint64_t end = layout.headers.size();
    std::uint64_t address = 0;
    for (std::size_t i = 1; i < programs.size(); ++i) {
        EXPECT_EQ(programs[i].p_filesz, programs[i].p_memsz);
        EXPECT_EQ(programs[i].p_offset, end);
        EXPECT_EQ(programs[i].p_offset % 4096, 0U);
        EXPECT_GT(programs[i].p_vaddr, address);
        address = programs[i].p_vaddr;
        end += programs[i].p_filesz;
    }
    EXPECT_EQ(end, layout.fileSize);
    std::uint64_t base = 0;
    std::memcpy(&base, layout.diagnosticPage.data() + 32, sizeof base);
    EXPECT_EQ(base, 0x7f0000000000U);
}

TEST(CoreLayout, threadOfInterestFirstElseTheLeader) {
    FakeImage image; // its first thread is the leader
    image.addThread(4713);
    image.addThread(4712);
    CoreLayoutOptions options;
    EXPECT_THAT(threadOrder(layOutCore(image, {}, options)), testing::ElementsAre(4711, 4713, 4712));
    options.firstThread = 4712;
    EXPECT_THAT(threadOrder(layOutCore(image, {}, options)), testing::ElementsAre(4712, 4711, 4713));
    options.firstThread = 99;
    EXPECT_THAT(threadOrder(layOutCore(image, {}, options)), testing::ElementsAre(4711, 4713, 4712));
}

TEST(CoreLayout, exactlyOneFileListWithoutDeletedFiles) {
    FakeImage image;
    image.map(0x10000, 0x1000, "r--p", "/lib/a.so", 0);
    image.map(0x11000, 0x1000, "r-xp", "/lib/a.so", 0x1000);
    image.map(0x20000, 0x1000, "rw-s", "/memfd:doublemapper", 0).deleted = true;
    image.map(0x30000, 0x1000, "rw-p", "[heap]");
    int lists = 0;
    for (const ReadNote& note : notes(layOutCore(image, {}))) {
        if (note.type == NT_FILE) {
            ++lists;
            std::uint64_t count = 0;
            std::memcpy(&count, note.content.data(), 8);
            EXPECT_EQ(count, 2U);
            const std::string names(reinterpret_cast<const char*>(note.content.data()) + 16 + 48);
            EXPECT_EQ(names, "/lib/a.so");
        }
    }
    EXPECT_EQ(lists, 1);
}

TEST(CoreLayout, processIdInTheProcessGroupField) {
    FakeImage image;
    for (const ReadNote& note : notes(layOutCore(image, {}))) {
        if (note.type == NT_PRSTATUS) {
            EXPECT_EQ(reinterpret_cast<const elf_prstatus*>(note.content.data())->pr_pgrp, 4711);
        }
    }
}

TEST(CoreLayout, auxiliaryVectorEndsWithNullEvenIfTheImagesDoesNot) {
    FakeImage image;
    image.setAuxiliary({{AT_PAGESZ, 4096}});
    for (const ReadNote& note : notes(layOutCore(image, {}))) {
        if (note.type == NT_AUXV) {
            EXPECT_EQ(note.content.size(), 2 * sizeof(Elf64_auxv_t));
            EXPECT_EQ(note.content.back(), std::byte{0});
        }
    }
}

TEST(CoreLayout, wholeRangeSpansProtectedAndUnmappedPages) {
    FakeImage image;
    image.map(0x10000, 0x2000, "rw-p");
    image.map(0x12000, 0x2000, "---p");
    image.map(0x20000, 0x2000, "rw-p");
    MemorySelection selection;
    selection.addWhole({Address(0xf000), Address(0x90000)});
    const CoreLayout layout = layOutCore(image, selection);
    ASSERT_EQ(layout.segments.size(), 2U);
    EXPECT_EQ(layout.segments[0].range, (AddressRange{Address(0x10000), Address(0x22000)}));
    EXPECT_EQ(layout.readable.size(), 2U);
    EXPECT_EQ(layout.closedGapBytes, 0U);
}

TEST(CoreLayout, closesTheSmallestGaps) {
    FakeImage image;
    image.map(0x10000, 0x1000);
    image.map(0x12000, 0x1000); // gap of one page
    image.map(0x20000, 0x1000); // gap of 13
    image.map(0x23000, 0x1000); // gap of two
    CoreLayoutOptions options;
    options.maxProgramHeaders = 4; // note, diagnostic page, two segments
    const CoreLayout layout = layOutCore(image, everything(image), options);
    ASSERT_EQ(layout.segments.size(), 3U);
    EXPECT_EQ(layout.segments[0].range.end, Address(0x13000));
    EXPECT_EQ(layout.segments[1].range.begin, Address(0x20000));
    EXPECT_EQ(layout.closedGapBytes, 0x3000U);
}

TEST(CoreLayout, aSmallClosedGapCarriesWhatIsThere) {
    FakeImage image;
    image.map(0x10000, 0x10000);
    MemorySelection selection;
    selection.add(Address(0x10000), 1);
    selection.add(Address(0x12000), 1);
    CoreLayoutOptions options;
    options.maxProgramHeaders = 3;
    const CoreLayout layout = layOutCore(image, selection, options);
    ASSERT_EQ(layout.readable.size(), 1U);
    EXPECT_EQ(layout.readable[0], (AddressRange{Address(0x10000), Address(0x13000)}));
}

TEST(CoreLayout, moreThan65534MappingsStayBelow8000Headers) {
    FakeImage image;
    for (std::uint64_t i = 0; i < 70000; ++i) {
        // Pairs one page apart, every fifth farther away: as the alternating pages of W^X are.
        image.map(0x10000000 + i * 0x2000 + (i / 5) * 0x100000, 0x1000, i % 2 == 0 ? "r-xp" : "rw-p",
                  i % 3 == 0 ? "/lib/m" + std::to_string(i % 40) : "", i * 0x1000);
    }
    const CoreLayout layout = layOutCore(image, everything(image));
    EXPECT_LE(programHeaders(layout).size(), kMaxProgramHeaders);
    EXPECT_GT(programHeaders(layout).size(), kMaxProgramHeaders - 10);
    // Every mapping is still inside a segment.
    auto segment = layout.segments.begin();
    for (const Mapping& mapping : image.mappings()) {
        while (segment != layout.segments.end() && segment->range.end <= mapping.range.begin) {
            ++segment;
        }
        ASSERT_NE(segment, layout.segments.end());
        ASSERT_TRUE(segment->range.contains(mapping.range.begin));
    }
    for (const ReadNote& note : notes(layout)) {
        if (note.type == NT_FILE) {
            std::uint64_t count = 0;
            std::memcpy(&count, note.content.data(), 8);
            EXPECT_LE(count, kMaxFileEntries);
            EXPECT_GE(count, 40U);
        }
    }
}

TEST(CoreLayout, memoryAtTheDiagnosticPageWinsOverIt) {
    FakeImage image;
    image.map(kDiagnosticInfoAddress.value() - 0x10000, 0x40000, "rw-p", "[stack]");
    const CoreLayout layout = layOutCore(image, everything(image));
    EXPECT_EQ(layout.segments.size(), 1U);
    EXPECT_TRUE(layout.diagnosticPage.empty());
}

TEST(CoreLayout, theDiagnosticPageIsNeverInsideAClosedGap) {
    FakeImage image;
    image.map(kDiagnosticInfoAddress.value() - 0x2000, 0x1000);
    image.map(kDiagnosticInfoAddress.value() + 0x2000, 0x1000);
    for (int i = 0; i < 10; ++i) {
        image.map(0x7fffffff8000 + static_cast<std::uint64_t>(i) * 0x400000000, 0x1000);
    }
    CoreLayoutOptions options;
    options.maxProgramHeaders = 5;
    const CoreLayout layout = layOutCore(image, everything(image), options);
    EXPECT_FALSE(layout.diagnosticPage.empty());
    EXPECT_LE(layout.segments.size() + 1, 5U);
}

} // namespace
} // namespace firstchance
