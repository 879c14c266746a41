#include "core/image_parts.h"

#include <sys/auxv.h>

#include <algorithm>
#include <cstring>

#include "base/pe_headers.h"
#include "core/core_segments.h"
#include "core/elf_module.h"
#include "core/module_symbols.h"

namespace firstchance {
namespace {

//! \brief Leaf functions may use 128 bytes below the stack pointer (x86-64 ABI); a little more costs nothing.
constexpr std::uint64_t kBelowStackPointer = 256;
constexpr std::uint64_t kAroundProgramCounter = 256;
//! \brief Arguments, environment and auxiliary strings lie at the top of the first stack.
constexpr std::uint64_t kStackTop = 8192;
//! \brief Loader and C library keep thread lists and module lists in their .bss; only a huge one is left out.
constexpr std::uint64_t kMaxZeroData = 256ULL << 10;

struct AuxiliaryPointers {
    Address programHeaders;
    std::uint64_t programHeaderBytes = 0;
    Address executableName;
    Address random;
    Address platform;
};

AuxiliaryPointers readAuxiliary(const ProcessImage& image) {
    AuxiliaryPointers found;
    std::uint64_t count = 0;
    const auto raw = image.auxiliaryVector();
    for (std::size_t at = 0; at + sizeof(Elf64_auxv_t) <= raw.size(); at += sizeof(Elf64_auxv_t)) {
        Elf64_auxv_t item;
        std::memcpy(&item, raw.data() + at, sizeof item);
        const Address value(item.a_un.a_val);
        switch (item.a_type) {
        case AT_PHDR: found.programHeaders = value; break;
        case AT_PHNUM: count = std::min<std::uint64_t>(item.a_un.a_val, 512); break;
        case AT_EXECFN: found.executableName = value; break;
        case AT_RANDOM: found.random = value; break;
        case AT_PLATFORM: found.platform = value; break;
        default: break;
        }
    }
    found.programHeaderBytes = count * sizeof(Elf64_Phdr);
    return found;
}

class PartsSelector {
public:
    PartsSelector(const ProcessImage& image, MemorySelection& selection, const ImagePartsOptions& options)
        : image_(image), selection_(selection), options_(options), auxiliary_(readAuxiliary(image)),
          read_([&](Address address, std::span<std::byte> out) { return image.read(address, out); }) {}

    void run() {
        for (const Mapping& mapping : image_.mappings()) {
            if (mapping.path == "[vdso]") {
                selection_.add(mapping.range);
            }
            // A writable shared file is data; anything the kernel calls deleted is no module.
            if (mapping.isFile() && isDumpable(mapping) && !(mapping.shared && mapping.writable)) {
                selectFileMapping(mapping);
            }
        }
        if (options_.stacks) {
            selectStacks();
        }
        selectProcessStart();
    }

private:
    void selectFileMapping(const Mapping& mapping) {
        if (mapping.fileOffset == 0) {
            managedImage_ = isManagedImage(mapping) ? mapping.path : std::string();
        }
        // Written data of a managed image are addresses that precompiled code looked up: nobody reads them
        // but the DAC, whose reads are known.
        const bool managedData = mapping.writable && mapping.path == managedImage_;
        if (!mapping.shared && !managedData) {
            for (const AddressRange& changed : image_.privatePages(mapping.range)) {
                selection_.add(changed);
            }
        }
        if (mapping.fileOffset != 0) {
            return;
        }
        selection_.add(mapping.range.begin, kCorePage); // file header; of a managed image the PE headers
        if (const auto module = readElfModule(read_, mapping.range.begin)) {
            selectModule(*module, mapping.path);
        }
    }

    //! \brief A PE image: on Linux only managed assemblies are. Its headers are mapped below its sections.
    [[nodiscard]] bool isManagedImage(const Mapping& mapping) const {
        return image_.readValue<std::uint16_t>(mapping.range.begin) == PeHeaders::kDosMagic;
    }

    void selectModule(const ElfModule& module, const std::string& path) {
        bool isMain = false;
        selection_.add(module.base + module.headerTable, module.programHeaders.size() * sizeof(Elf64_Phdr));
        for (const Elf64_Phdr& header : module.programHeaders) {
            const AddressRange memory = module.memoryOf(header);
            switch (header.p_type) {
            case PT_DYNAMIC:
            case PT_NOTE: selection_.add(memory); break;
            case PT_GNU_EH_FRAME:
                if (options_.unwindTables) {
                    selection_.add(memory);
                }
                break;
            case PT_LOAD:
                isMain = isMain || memory.contains(auxiliary_.programHeaders);
                if (header.p_memsz > header.p_filesz && header.p_memsz - header.p_filesz <= kMaxZeroData) {
                    selectZeroData({memory.begin + header.p_filesz, memory.end});
                }
                break;
            default: break;
            }
        }
        const DynamicSection dynamic = readDynamicSection(read_, module);
        if (isMain || path == options_.runtimeModule) {
            selectSymbolTables(read_, dynamic, selection_);
        }
        if (isMain) {
            selectLinkMaps(image_, dynamic.debug, selection_);
        }
    }

    void selectZeroData(AddressRange range) {
        for (const AddressRange& part :
             image_.privatePages({range.begin.alignUp(kCorePage), range.end.alignUp(kCorePage)})) {
            selection_.add(part);
        }
    }

    void selectStacks() {
        for (const ThreadImage& thread : image_.threads()) {
            const Address top = thread.stackPointer();
            if (const Mapping* stack = image_.findMapping(top); stack != nullptr && isDumpable(*stack)) {
                const std::uint64_t below = std::min(kBelowStackPointer, top - stack->range.begin);
                const std::uint64_t size = std::min(options_.stackLimit, stack->range.end - top);
                selection_.add(top - below, below + size);
            }
            const Address code = thread.programCounter();
            if (code.value() >= kAroundProgramCounter) {
                selection_.add(code - kAroundProgramCounter, 2 * kAroundProgramCounter);
            }
        }
    }

    //! \brief What the kernel gave the process at its start: debuggers find the executable and the loader by
    //! it.
    void selectProcessStart() {
        selection_.add(auxiliary_.programHeaders, auxiliary_.programHeaderBytes);
        if (!auxiliary_.random.isNull()) {
            selection_.add(auxiliary_.random, 16);
        }
        for (const Address text : {auxiliary_.executableName, auxiliary_.platform}) {
            if (!text.isNull()) {
                selection_.add(text, image_.readString(text).size() + 1);
            }
        }
        if (const Mapping* stack = image_.findMapping(auxiliary_.executableName)) {
            const std::uint64_t size = std::min(kStackTop, stack->range.size());
            selection_.add(stack->range.end - size, size);
        }
    }

    const ProcessImage& image_;
    MemorySelection& selection_;
    const ImagePartsOptions& options_;
    AuxiliaryPointers auxiliary_;
    MemoryReader read_;
    std::string managedImage_; //!< path of the image whose sections come next; empty when it is none
};

} // namespace

void selectImageParts(const ProcessImage& image, MemorySelection& selection,
                      const ImagePartsOptions& options) {
    PartsSelector(image, selection, options).run();
}

} // namespace firstchance
