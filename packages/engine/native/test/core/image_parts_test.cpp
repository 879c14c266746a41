#include "core/image_parts.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <link.h>

#include "core/core_segments.h"
#include "core/elf_module.h"
#include "core/module_symbols.h"
#include "fake_image.h"
#include "stopped_child.h"

namespace firstchance {
namespace {

using test::FakeImage;
using test::StoppedChild;

bool holds(const MemorySelection& selection, AddressRange range) {
    for (const AddressRange& kept : selection.ranges()) {
        if (kept.begin <= range.begin && range.end <= kept.end) {
            return true;
        }
    }
    return false;
}

bool holds(const MemorySelection& selection, Address address) {
    return holds(selection, {address, address + 1});
}

TEST(ImageParts, stacksFromBelowTheStackPointerUp) {
    StoppedChild child;
    MemorySelection selection;
    selectImageParts(child, selection);
    MemorySelection without;
    ImagePartsOptions options;
    options.stacks = false;
    selectImageParts(child, without, options);
    for (const ThreadImage& thread : child.threads()) {
        const Mapping* stack = child.findMapping(thread.stackPointer());
        ASSERT_NE(stack, nullptr);
        EXPECT_TRUE(holds(selection, {thread.stackPointer() - 128, stack->range.end}));
        EXPECT_TRUE(holds(selection, thread.programCounter()));
    }
    EXPECT_FALSE(holds(without, child.threads().back().stackPointer()));
    EXPECT_EQ(child.finish(), 0);
}

TEST(ImageParts, stackLimitIsKept) {
    StoppedChild child;
    MemorySelection selection;
    ImagePartsOptions options;
    options.stackLimit = 1;
    selectImageParts(child, selection, options);
    const Address top = child.threads().back().stackPointer();
    const Mapping* stack = child.findMapping(top);
    EXPECT_TRUE(holds(selection, top));
    EXPECT_FALSE(holds(selection, {top, stack->range.end}));
}

TEST(ImageParts, modulesKeepHeadersBuildIdAndTheLoadersList) {
    StoppedChild child;
    MemorySelection selection;
    selectImageParts(child, selection);
    const MemoryReader read = [&](Address address, std::span<std::byte> out) {
        return child.read(address, out);
    };
    int modules = 0;
    for (const Mapping& mapping : child.mappings()) {
        if (!mapping.isFile() || mapping.fileOffset != 0) {
            continue;
        }
        const auto module = readElfModule(read, mapping.range.begin);
        if (!module) {
            continue;
        }
        ++modules;
        EXPECT_FALSE(buildIdOf(read, *module).empty()) << mapping.path;
        EXPECT_TRUE(holds(selection, mapping.range.begin));
        for (const Elf64_Phdr& header : module->programHeaders) {
            if (header.p_type == PT_NOTE || header.p_type == PT_DYNAMIC || header.p_type == PT_GNU_EH_FRAME) {
                EXPECT_TRUE(holds(selection, module->memoryOf(header))) << mapping.path;
            }
        }
        const DynamicSection dynamic = readDynamicSection(read, *module);
        if (!dynamic.debug.isNull()) {
            EXPECT_TRUE(holds(selection, dynamic.debug));
            const auto state = child.readValue<r_debug>(dynamic.debug);
            ASSERT_TRUE(state);
            EXPECT_TRUE(holds(selection, Address(reinterpret_cast<std::uint64_t>(state->r_map))));
        }
    }
    EXPECT_GE(modules, 3); // program, libc, loader
    const auto vdso = std::find_if(child.mappings().begin(), child.mappings().end(),
                                   [](const Mapping& mapping) { return mapping.path == "[vdso]"; });
    ASSERT_NE(vdso, child.mappings().end());
    EXPECT_TRUE(holds(selection, vdso->range));
}

TEST(ImageParts, symbolTablesOnlyOfTheRuntimeAndTheProgram) {
    StoppedChild child;
    std::string libc;
    for (const Mapping& mapping : child.mappings()) {
        if (mapping.path.find("libc.so.6") != std::string::npos) {
            libc = mapping.path;
        }
    }
    MemorySelection plain;
    selectImageParts(child, plain);
    ImagePartsOptions options;
    options.runtimeModule = libc;
    MemorySelection withLibc;
    selectImageParts(child, withLibc, options);
    const MemoryReader read = [&](Address address, std::span<std::byte> out) {
        return child.read(address, out);
    };
    const auto base = std::find_if(child.mappings().begin(), child.mappings().end(),
                                   [&](const Mapping& mapping) { return mapping.path == libc; });
    const auto module = readElfModule(read, base->range.begin);
    ASSERT_TRUE(module);
    const DynamicSection dynamic = readDynamicSection(read, *module);
    const AddressRange strings{dynamic.strings, dynamic.strings + dynamic.stringBytes};
    EXPECT_FALSE(holds(plain, strings));
    EXPECT_TRUE(holds(withLibc, strings));
    // libc's symbol table lies directly before its strings, so the count can be checked.
    EXPECT_TRUE(holds(withLibc, {dynamic.symbols, dynamic.strings}));
}

TEST(ImageParts, aDamagedModuleIsNoFailure) {
    FakeImage image;
    image.map(0x10000, 0x2000, "r--p", "/lib/a.so");
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 512;
    header.e_phoff = UINT64_MAX - 100;
    image.poke(0x10000, &header, sizeof header);
    MemorySelection selection;
    selectImageParts(image, selection);
    EXPECT_TRUE(holds(selection, Address(0x10000)));
}

TEST(PrivateMemory, heapsWholeReservationsOnlyWhatExists) {
    FakeImage image;
    image.map(0x10000000, 4 << 20, "rw-p");  // a heap, hardly used yet
    image.map(0x20000000, 64 << 20, "rw-p"); // a reservation
    image.map(0x40000000, 1 << 20, "rw-p");  // never touched
    image.map(0x50000000, 0x10000, "r-xp", "/lib/a.so");
    image.fill(0x10010000, 0x1000);
    image.fill(0x20010000, 0x1000);
    image.fill(0x50002000, 0x1000);
    MemorySelection selection;
    selectPrivateMemory(image, selection);
    EXPECT_TRUE(holds(selection, {Address(0x10000000), Address(0x10400000)}));
    EXPECT_TRUE(holds(selection, {Address(0x20010000), Address(0x20011000)}));
    EXPECT_FALSE(holds(selection, Address(0x20012000)));
    EXPECT_FALSE(holds(selection, Address(0x40000000)));
    EXPECT_TRUE(holds(selection, Address(0x50002000)));
    EXPECT_FALSE(holds(selection, Address(0x50000000)));
}

TEST(FullMemory, everythingReadableButDevices) {
    FakeImage image;
    image.map(0x10000000, 0x2000, "r-xp", "/lib/a.so");
    image.map(0x20000000, 0x2000, "rw-s", "/dev/dri/card0");
    image.map(0x30000000, 0x2000, "rw-s", "/dev/shm/data");
    image.map(0x40000000, 0x2000, "---p");
    image.map(0x50000000, 0x2000, "r--p", "[vvar]");
    image.map(0x50002000, 0x2000, "r--p", "[vvar_vclock]");
    image.map(0x60000000, 0x2000, "rw-p");
    MemorySelection selection;
    selectFull(image, selection);
    EXPECT_TRUE(holds(selection, Address(0x10000000)));
    EXPECT_FALSE(holds(selection, Address(0x20000000)));
    EXPECT_TRUE(holds(selection, Address(0x30000000)));
    EXPECT_FALSE(holds(selection, Address(0x40000000)));
    EXPECT_FALSE(holds(selection, Address(0x50000000)));
    EXPECT_FALSE(holds(selection, Address(0x50002000)));
    EXPECT_TRUE(holds(selection, Address(0x60000000)));
}

TEST(ImageParts, writtenDataOfManagedImagesIsLeftOut) {
    FakeImage image;
    const std::uint16_t magic = 0x5A4D;
    image.map(0x10000, 0x1000, "r--p", "/app/Shop.dll");
    image.map(0x11000, 0x1000, "r-xp", "/app/Shop.dll", 0x1000);
    image.map(0x12000, 0x1000, "rw-p", "/app/Shop.dll", 0x2000);
    image.map(0x20000, 0x1000, "r--p", "/lib/native.so");
    image.map(0x21000, 0x1000, "rw-p", "/lib/native.so", 0x1000);
    image.fill(0x11000, 0x2000);
    image.fill(0x21000, 0x1000);
    image.poke(0x10000, &magic, sizeof magic);
    MemorySelection selection;
    selectImageParts(image, selection);
    EXPECT_TRUE(holds(selection, Address(0x10000)));
    EXPECT_TRUE(holds(selection, Address(0x11000))) << "code that was relocated";
    EXPECT_FALSE(holds(selection, Address(0x12000)));
    EXPECT_TRUE(holds(selection, Address(0x21000)));
}

TEST(ImageParts, unwindTablesAreLeftOutWhenAsked) {
    StoppedChild child;
    MemorySelection all;
    MemorySelection without;
    ImagePartsOptions options;
    options.unwindTables = false;
    selectImageParts(child, all);
    selectImageParts(child, without, options);
    EXPECT_LT(without.bytes(), all.bytes());
    for (const ThreadImage& thread : child.threads()) {
        EXPECT_TRUE(holds(without, thread.stackPointer()));
        EXPECT_TRUE(holds(without, thread.programCounter()));
    }
}

} // namespace
} // namespace firstchance
