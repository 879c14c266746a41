#include "core/core_file.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <sys/procfs.h>
#include <sys/stat.h>

#include "core/core_notes.h"
#include "core/core_writer.h"
#include "fake_image.h"
#include "temporary_folder.h"

namespace firstchance {
namespace {

using test::FakeImage;
using test::TemporaryFolder;
using testing::HasSubstr;

//! \brief A core made by hand, so that it can be of any kind.
struct HandMadeCore {
    Elf64_Ehdr header{};
    std::vector<Elf64_Phdr> programs;
    std::vector<std::byte> notes;
    std::vector<Elf64_Shdr> sections;
    std::vector<std::byte> data;

    HandMadeCore() {
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_type = ET_CORE;
#if defined(__x86_64__)
        header.e_machine = EM_X86_64;
#else
        header.e_machine = EM_AARCH64;
#endif
        header.e_phentsize = sizeof(Elf64_Phdr);
        elf_prstatus status{};
        status.pr_pid = 12;
        status.pr_pgrp = 10;
        appendNote(notes, "CORE", NT_PRSTATUS, std::as_bytes(std::span(&status, 1)));
    }

    void load(std::uint64_t address, std::uint64_t fileBytes, std::uint64_t memoryBytes,
              std::uint32_t flags = PF_R) {
        Elf64_Phdr program{};
        program.p_type = PT_LOAD;
        program.p_flags = flags;
        program.p_vaddr = address;
        program.p_offset = data.size(); // made absolute in bytes()
        program.p_filesz = fileBytes;
        program.p_memsz = memoryBytes;
        data.resize(data.size() + fileBytes, static_cast<std::byte>(programs.size() + 1));
        programs.push_back(program);
    }

    std::vector<std::byte> bytes() {
        std::vector<std::byte> out(sizeof header);
        const std::size_t count = programs.size() + 1;
        const std::size_t notesAt = sizeof header + count * sizeof(Elf64_Phdr);
        const std::size_t dataAt = notesAt + notes.size();
        header.e_phoff = sizeof header;
        if (count >= PN_XNUM) {
            header.e_phnum = PN_XNUM;
            header.e_shoff = dataAt + data.size();
            header.e_shentsize = sizeof(Elf64_Shdr);
            header.e_shnum = 1;
            sections.resize(1);
            sections[0].sh_info = static_cast<Elf64_Word>(count);
            sections[0].sh_size = 1;
        } else {
            header.e_phnum = static_cast<Elf64_Half>(count);
        }
        std::memcpy(out.data(), &header, sizeof header);
        Elf64_Phdr note{};
        note.p_type = PT_NOTE;
        note.p_offset = notesAt;
        note.p_filesz = notes.size();
        append(out, std::span(&note, 1));
        for (Elf64_Phdr program : programs) {
            program.p_offset += dataAt;
            append(out, std::span(&program, 1));
        }
        append(out, std::span(notes));
        append(out, std::span(data));
        append(out, std::span(sections));
        return out;
    }

    template <class Values> static void append(std::vector<std::byte>& out, const Values& values) {
        const auto added = std::as_bytes(std::span(values));
        out.insert(out.end(), added.begin(), added.end());
    }
};

class CoreFileTest : public testing::Test {
protected:
    Result<std::unique_ptr<CoreFile>> open(HandMadeCore& core) { return open(core.bytes()); }
    Result<std::unique_ptr<CoreFile>> open(const std::vector<std::byte>& bytes) {
        test::writeFile(folder.file("core"), bytes);
        return CoreFile::open(folder.file("core"));
    }
    void expectCorrupt(const Result<std::unique_ptr<CoreFile>>& core, const std::string& why) {
        ASSERT_FALSE(core);
        EXPECT_EQ(core.error().code, ErrorCode::CorruptDump);
        EXPECT_THAT(core.error().why, HasSubstr(why));
        EXPECT_THAT(core.error().what, HasSubstr(folder.file("core")));
        EXPECT_FALSE(core.error().cure.empty());
    }
    TemporaryFolder folder;
};

TEST_F(CoreFileTest, kernelCoreWithUndumpedTail) {
    HandMadeCore made;
    made.load(0x10000, 0x1000, 0x4000);
    made.load(0x14000, 0, 0x1000, PF_R | PF_W);
    made.load(0x15000, 0x1000, 0x1000);
    const auto core = open(made);
    ASSERT_TRUE(core) << describe(core.error());
    EXPECT_EQ((*core)->pid(), 10); // no PRPSINFO: the process group is the next best
    EXPECT_FALSE((*core)->isOurs());
    EXPECT_TRUE((*core)->runtimeBase().isNull());
    std::vector<std::byte> buffer(0x6000);
    EXPECT_EQ((*core)->read(Address(0x10000), buffer),
              0x1000U); // what was not dumped is not zero: it is unknown
    EXPECT_EQ((*core)->read(Address(0x12000), buffer), 0U);
    EXPECT_EQ((*core)->read(Address(0x14000), buffer), 0U);
    EXPECT_EQ((*core)->read(Address(0x15800), buffer), 0x800U);
    EXPECT_EQ(buffer[0], std::byte{3});
    EXPECT_EQ((*core)->mappings().size(), 3U);
    const auto held = (*core)->privatePages({Address(0), Address(0x100000)});
    EXPECT_THAT(held, testing::ElementsAre(AddressRange{Address(0x10000), Address(0x11000)},
                                           AddressRange{Address(0x15000), Address(0x16000)}));
}

TEST_F(CoreFileTest, moreThan65534SegmentsByPnXnum) {
    HandMadeCore made;
    for (std::uint64_t i = 0; i < 66000; ++i) {
        made.load(0x10000 + i * 0x2000, i % 1000 == 0 ? 0x1000 : 0, 0x1000);
    }
    const auto core = open(made);
    ASSERT_TRUE(core) << describe(core.error());
    EXPECT_EQ((*core)->mappings().size(), 66000U);
    EXPECT_TRUE((*core)->readValue<std::uint64_t>(Address(0x10000 + 65000 * 0x2000)));
    EXPECT_FALSE((*core)->readValue<std::uint64_t>(Address(0x10000 + 65001 * 0x2000)));
}

TEST_F(CoreFileTest, pnXnumWithoutItsSection) {
    HandMadeCore made;
    made.load(0x10000, 0x1000, 0x1000);
    auto bytes = made.bytes();
    const Elf64_Half count = PN_XNUM;
    std::memcpy(bytes.data() + offsetof(Elf64_Ehdr, e_phnum), &count, sizeof count);
    expectCorrupt(open(bytes), "number of segments");
}

TEST_F(CoreFileTest, overlappingSegmentsKeepTheLower) {
    HandMadeCore made;
    made.load(0x10000, 0x3000, 0x3000);
    made.load(0x11000, 0x1000, 0x1000);
    made.load(0x12000, 0x2000, 0x2000);
    const auto core = open(made);
    ASSERT_TRUE(core) << describe(core.error());
    std::vector<std::byte> buffer(0x5000);
    EXPECT_EQ((*core)->read(Address(0x10000), buffer), 0x4000U);
    EXPECT_EQ(buffer[0x1000], std::byte{1});
    EXPECT_EQ(buffer[0x3000], std::byte{3});
}

TEST_F(CoreFileTest, mappedFilesAndDeletedOnes) {
    HandMadeCore made;
    const std::uint64_t table[] = {2, 4096, 0x10000, 0x12000, 3, 0x20000, 0x21000, 0};
    std::vector<std::byte> files;
    HandMadeCore::append(files, std::span(table));
    const std::string names("/lib/a.so\0/memfd:doublemapper (deleted)\0", 40);
    HandMadeCore::append(files, std::span(names));
    appendNote(made.notes, "CORE", NT_FILE, files);
    made.load(0xf000, 0x4000, 0x4000, PF_R | PF_X);
    const auto core = open(made);
    ASSERT_TRUE(core) << describe(core.error());
    ASSERT_EQ((*core)->mappings().size(), 4U);
    const Mapping* module = (*core)->findMapping(Address(0x11000));
    EXPECT_EQ(module->path, "/lib/a.so");
    EXPECT_EQ(module->fileOffset, 0x3000U);
    EXPECT_TRUE(module->executable);
    EXPECT_TRUE((*core)->findMapping(Address(0xf000))->path.empty());
    EXPECT_TRUE((*core)->findMapping(Address(0x12000))->path.empty());
    const Mapping* deleted = (*core)->findMapping(Address(0x20000));
    EXPECT_EQ(deleted->path, "/memfd:doublemapper");
    EXPECT_TRUE(deleted->deleted);
    EXPECT_TRUE(deleted->readable);
}

TEST_F(CoreFileTest, saysWhatIsWrong) {
    expectCorrupt(open(std::vector<std::byte>{}), "only 0 bytes");
    expectCorrupt(open(std::vector<std::byte>(4096, std::byte{7})), "not an ELF file");
    HandMadeCore notCore;
    notCore.header.e_type = ET_DYN;
    expectCorrupt(open(notCore), "not a core");
    HandMadeCore noThread;
    noThread.notes.clear();
    expectCorrupt(open(noThread), "no thread");
    HandMadeCore damagedNote;
    damagedNote.notes.resize(damagedNote.notes.size() - 100);
    expectCorrupt(open(damagedNote), "ends beyond its segment");
    HandMadeCore wrongSize;
    wrongSize.load(0x10000, 0x2000, 0x1000);
    expectCorrupt(open(wrongSize), "more bytes in the file than in memory");
    HandMadeCore cut;
    cut.load(0x10000, 0x2000, 0x2000);
    auto bytes = cut.bytes();
    bytes.resize(bytes.size() - 1);
    expectCorrupt(open(bytes), "it was cut off: " + std::to_string(bytes.size()) + " of " +
                                   std::to_string(bytes.size() + 1));
}

TEST_F(CoreFileTest, hostileSizesAreRefusedWithoutAllocatingThem) {
    HandMadeCore files;
    const std::uint64_t table[] = {UINT64_MAX / 24, 4096};
    appendNote(files.notes, "CORE", NT_FILE, std::as_bytes(std::span(table)));
    expectCorrupt(open(files), "more than it can hold");
    HandMadeCore huge;
    Elf64_Phdr program{};
    program.p_type = PT_LOAD;
    program.p_vaddr = UINT64_MAX - 10;
    program.p_memsz = 100;
    huge.programs.push_back(program);
    expectCorrupt(open(huge), "impossible size");
}

TEST_F(CoreFileTest, anotherArchitectureIsUnsupported) {
    HandMadeCore made;
    made.header.e_machine = made.header.e_machine == EM_X86_64 ? EM_AARCH64 : EM_X86_64;
    const auto core = open(made);
    ASSERT_FALSE(core);
    EXPECT_EQ(core.error().code, ErrorCode::Unsupported);
    EXPECT_THAT(core.error().why, HasSubstr("was taken on"));
}

TEST_F(CoreFileTest, plainZstdIsRefusedWithACure) {
    HandMadeCore made;
    test::writeFile(folder.file("core"), made.bytes());
    ASSERT_EQ(test::runCommand("zstd -q " + folder.file("core")).status, 0);
    const auto core = CoreFile::open(folder.file("core.zst"));
    ASSERT_FALSE(core);
    EXPECT_EQ(core.error().code, ErrorCode::CorruptDump);
    EXPECT_THAT(core.error().cure, HasSubstr("firstchance unpack"));
}

TEST_F(CoreFileTest, noFileAndNoRegularFile) {
    const auto missing = CoreFile::open(folder.file("missing"));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(missing.error().systemError, ENOENT);
    EXPECT_FALSE(CoreFile::open(folder.path()));
    ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
    EXPECT_FALSE(CoreFile::open(folder.file("pipe"))); // and does not wait for a writer
}

TEST_F(CoreFileTest, aDamagedFrameEndsTheReadInsteadOfReturningOtherBytes) {
    FakeImage image;
    image.map(0x10000000, 4 << 20);
    image.fill(0x10000000, 4 << 20);
    MemorySelection selection;
    selection.add(image.mappings()[0].range);
    CoreOptions options;
    options.path = folder.file("packed");
    ASSERT_TRUE(writeCore(image, selection, options));
    auto bytes = test::readFile(folder.file("packed"));
    bytes[bytes.size() / 2] ^= std::byte{0x10};
    const auto core = open(bytes);
    ASSERT_TRUE(core) << describe(core.error());
    std::vector<std::byte> expected(4 << 20);
    std::vector<std::byte> actual(4 << 20);
    image.read(Address(0x10000000), expected);
    const std::size_t got = (*core)->read(Address(0x10000000), actual);
    EXPECT_LT(got, actual.size());
    EXPECT_TRUE(
        std::equal(actual.begin(), actual.begin() + static_cast<std::ptrdiff_t>(got), expected.begin()));
}

TEST_F(CoreFileTest, aModuleFileOfAnotherBuildIsNotRead) {
    // A module whose headers in memory carry a build id that the file at its path does not have.
    FakeImage image;
    struct {
        Elf64_Ehdr header{};
        Elf64_Phdr programs[2]{};
        Elf64_Nhdr note{4, 8, NT_GNU_BUILD_ID};
        char owner[4] = {'G', 'N', 'U', 0};
        std::uint64_t id = 42;
    } module;
    std::memcpy(module.header.e_ident, ELFMAG, SELFMAG);
    module.header.e_ident[EI_CLASS] = ELFCLASS64;
    module.header.e_phentsize = sizeof(Elf64_Phdr);
    module.header.e_phnum = 2;
    module.header.e_phoff = sizeof(Elf64_Ehdr);
    module.programs[0].p_type = PT_LOAD;
    module.programs[0].p_flags = PF_R;
    module.programs[0].p_filesz = module.programs[0].p_memsz = 0x2000;
    module.programs[1].p_type = PT_NOTE;
    module.programs[1].p_offset = module.programs[1].p_vaddr = offsetof(decltype(module), note);
    module.programs[1].p_filesz = module.programs[1].p_memsz = 24;
    std::vector<std::byte> file(0x2000, std::byte{0x55});
    std::memcpy(file.data(), &module, sizeof module);
    const std::string path = folder.file("module.so");
    test::writeFile(path, file);
    image.map(0x10000, 0x2000, "r--p", path);
    image.poke(0x10000, &module, sizeof module);
    MemorySelection selection;
    selection.add(Address(0x10000), 1);
    CoreOptions options;
    options.path = folder.file("core");
    ASSERT_TRUE(writeCore(image, selection, options));

    const auto same = CoreFile::open(options.path);
    ASSERT_TRUE(same);
    EXPECT_EQ((*same)->readValue<unsigned char>(Address(0x11000)), 0x55);

    module.id = 43;
    std::memcpy(file.data(), &module, sizeof module);
    test::writeFile(path, file);
    const auto other = CoreFile::open(options.path);
    ASSERT_TRUE(other);
    EXPECT_FALSE((*other)->readValue<unsigned char>(Address(0x11000)));
}

//! \brief A managed image with one section, in which the metadata lies between other bytes.
struct ManagedFile {
    std::vector<std::byte> bytes = std::vector<std::byte>(0x4000, std::byte{0x55});

    ManagedFile() {
        std::fill(bytes.begin(), bytes.begin() + 0x400, std::byte{0});
        put<std::uint16_t>(0, 0x5A4D);
        put<std::uint32_t>(0x3C, 0x80);
        put<std::uint32_t>(0x80, 0x4550);
        put<std::uint16_t>(0x86, 1);           // sections
        put<std::uint32_t>(0x88, 0x12345678);  // time stamp
        put<std::uint16_t>(0x94, 0xF0);        // size of the optional header
        put<std::uint16_t>(0x98, 0x20B);       // PE32+
        put<std::uint32_t>(0x98 + 56, 0x8000); // size of the image
        put<std::uint32_t>(0x98 + 112 + 14 * 8, 0x2000);
        put<std::uint32_t>(0x98 + 112 + 14 * 8 + 4, 72);
        const std::size_t section = 0x98 + 0xF0;
        put<std::uint32_t>(section + 8, 0x3000);
        put<std::uint32_t>(section + 12, 0x2000); // mapped here, counted from the base
        put<std::uint32_t>(section + 16, 0x3000);
        put<std::uint32_t>(section + 20, 0x1000);
        put<std::uint32_t>(0x1000 + 8, 0x3000); // metadata, at 0x2000 of the file
        put<std::uint32_t>(0x1000 + 12, 0x1800);
    }
    template <class T> void put(std::size_t offset, T value) {
        std::memcpy(bytes.data() + offset, &value, sizeof value);
    }
};

TEST_F(CoreFileTest, metadataThatIsNotInTheCoreComesFromTheFileThatWasLoaded) {
    ManagedFile file;
    const std::string path = folder.file("Shop.dll");
    test::writeFile(path, file.bytes);
    FakeImage image;
    image.map(0x10000, 0x1000, "r--p", path);
    image.map(0x12000, 0x3000, "r-xp", path, 0x1000);
    image.poke(0x10000, file.bytes.data(), 0x1000);
    MemorySelection selection;
    selection.add(Address(0x10000), 1);
    CoreOptions options;
    options.path = folder.file("core");
    ASSERT_TRUE(writeCore(image, selection, options));

    const auto byteAt = [&](std::uint64_t address) {
        const auto core = CoreFile::open(options.path);
        EXPECT_TRUE(core);
        return (*core)->readValue<unsigned char>(Address(address));
    };
    EXPECT_EQ(byteAt(0x13000), 0x55);
    EXPECT_EQ(byteAt(0x147FF), 0x55);
    // Code may have been relocated when it was loaded: only the metadata is known to be the same.
    EXPECT_FALSE(byteAt(0x12FFF));
    EXPECT_FALSE(byteAt(0x14800));

    file.put<std::uint32_t>(0x88, 0x12345679);
    test::writeFile(path, file.bytes);
    EXPECT_FALSE(byteAt(0x13000)) << "another build";
    file.put<std::uint32_t>(0x88, 0x12345678);
    file.put<std::uint16_t>(0x86, 0xFFFF);
    file.put<std::uint32_t>(0x1000 + 12, 0xFFFFFFFF);
    test::writeFile(path, file.bytes);
    EXPECT_EQ(byteAt(0x13000), 0x55) << "a damaged table leads nowhere else";
    test::writeFile(path, std::vector<std::byte>(0x90, std::byte{0x4D}));
    EXPECT_FALSE(byteAt(0x13000)) << "no image at all";
}

} // namespace
} // namespace firstchance
