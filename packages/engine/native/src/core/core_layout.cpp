#include "core/core_layout.h"

#include <elf.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/append_value.h"
#include "core/core_notes.h"
#include "core/core_segments.h"

namespace firstchance {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#endif

constexpr std::uint64_t pageUp(std::uint64_t bytes) {
    return (bytes + kCorePage - 1) & ~(kCorePage - 1);
}

//! \brief createdump's SpecialDiagInfoHeader (src/coreclr/debug/dbgutil or debug/inc/specialdiaginfo.h),
//! version 2.
struct DiagnosticInfo {
    std::array<char, 16> signature;
    std::int32_t version;
    std::int32_t padding;
    std::uint64_t exceptionRecord;
    std::uint64_t runtimeBase;
};
static_assert(sizeof(DiagnosticInfo) == 40);

std::vector<std::byte> diagnosticPage(Address runtimeBase) {
    DiagnosticInfo info{};
    constexpr char kSignature[] = "DIAGINFOHEADER";
    std::memcpy(info.signature.data(), kSignature, sizeof kSignature);
    info.version = 2;
    info.runtimeBase = runtimeBase.value();
    std::vector<std::byte> page(kCorePage);
    std::memcpy(page.data(), &info, sizeof info);
    return page;
}

void addDiagnosticSegment(CoreLayout& layout, Address runtimeBase) {
    const AddressRange range{kDiagnosticInfoAddress, kDiagnosticInfoAddress + kCorePage};
    const auto next =
        std::find_if(layout.segments.begin(), layout.segments.end(),
                     [&](const CoreSegment& segment) { return segment.range.end > range.begin; });
    if (next != layout.segments.end() && next->range.begin < range.end) {
        return; // the process has memory there (a deep stack without address randomisation): that is worth
                // more
    }
    layout.segments.insert(next, CoreSegment{range, 0, PF_R});
    layout.diagnosticPage = diagnosticPage(runtimeBase);
}

Elf64_Ehdr fileHeader(std::size_t programHeaders) {
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_CORE;
    header.e_machine = kMachine;
    header.e_version = EV_CURRENT;
    header.e_phoff = sizeof(Elf64_Ehdr);
    header.e_ehsize = sizeof(Elf64_Ehdr);
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = static_cast<Elf64_Half>(programHeaders);
    return header;
}

void writeHeaders(CoreLayout& layout, const std::vector<std::byte>& notes) {
    const std::size_t count = layout.segments.size() + 1;
    const std::uint64_t notesAt = sizeof(Elf64_Ehdr) + count * sizeof(Elf64_Phdr);
    layout.headers.reserve(pageUp(notesAt + notes.size()));
    appendValue(layout.headers, fileHeader(count));

    Elf64_Phdr note{};
    note.p_type = PT_NOTE;
    note.p_offset = notesAt;
    note.p_filesz = notes.size();
    note.p_align = 4;
    appendValue(layout.headers, note);

    std::uint64_t offset = pageUp(notesAt + notes.size());
    for (CoreSegment& segment : layout.segments) {
        segment.fileOffset = offset;
        Elf64_Phdr load{};
        load.p_type = PT_LOAD;
        load.p_flags = segment.flags;
        load.p_offset = offset;
        load.p_vaddr = segment.range.begin.value();
        // ClrMD does not zero-fill a tail that is only in memory.
        load.p_filesz = segment.range.size();
        load.p_memsz = segment.range.size();
        load.p_align = kCorePage;
        appendValue(layout.headers, load);
        offset += segment.range.size();
    }
    layout.headers.insert(layout.headers.end(), notes.begin(), notes.end());
    layout.headers.resize(pageUp(layout.headers.size()));
    layout.fileSize = offset;
}

} // namespace

CoreLayout layOutCore(const ProcessImage& image, const MemorySelection& selection,
                      const CoreLayoutOptions& options) {
    // e_phnum has 16 bits; the escape from that (PN_XNUM) is not understood by ClrMD and older llvm tools.
    const std::size_t maxHeaders = std::clamp<std::size_t>(options.maxProgramHeaders, 3, PN_XNUM - 1);
    CoreSegments collected = collectSegments(image, selection, maxHeaders - 2); // PT_NOTE, diagnostic page
    CoreLayout layout;
    layout.segments = std::move(collected.segments);
    layout.readable = std::move(collected.readable);
    layout.closedGapBytes = collected.closedGapBytes;
    addDiagnosticSegment(layout, options.runtimeBase);
    writeHeaders(layout, buildNotes(image, options.firstThread));
    return layout;
}

} // namespace firstchance
