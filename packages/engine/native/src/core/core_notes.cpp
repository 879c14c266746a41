#include "core/core_notes.h"

#include <elf.h>
#include <sys/procfs.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <unordered_map>

#include "core/append_value.h"
#include "core/memory_selection.h"

namespace firstchance {
namespace {

void appendText(std::vector<std::byte>& out, std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void padTo4(std::vector<std::byte>& out) {
    out.resize((out.size() + 3) & ~std::size_t{3});
}

//! \brief The auxiliary vector up to and with AT_NULL: ClrMD reads on until it finds one.
std::vector<std::byte> terminatedAuxiliaryVector(const ProcessImage& image, Address* executableName) {
    std::vector<std::byte> out;
    const auto raw = image.auxiliaryVector();
    for (std::size_t at = 0; at + sizeof(Elf64_auxv_t) <= raw.size(); at += sizeof(Elf64_auxv_t)) {
        Elf64_auxv_t item;
        std::memcpy(&item, raw.data() + at, sizeof item);
        if (item.a_type == AT_NULL) {
            break;
        }
        if (item.a_type == AT_EXECFN) {
            *executableName = Address(item.a_un.a_val);
        }
        appendValue(out, item);
    }
    appendValue(out, Elf64_auxv_t{});
    return out;
}

template <std::size_t N> void copyText(char (&field)[N], const std::string& text) {
    std::memcpy(field, text.data(), std::min(text.size(), N - 1));
}

void appendProcess(std::vector<std::byte>& notes, const ProcessImage& image, Address executableName) {
    elf_prpsinfo info{};
    info.pr_sname = 'R';
    info.pr_pid = image.pid();
    info.pr_pgrp = image.pid();
    info.pr_sid = image.pid();
    copyText(info.pr_fname, image.commandName());
    const std::string executable =
        executableName.isNull() ? "" : image.readString(executableName, sizeof info.pr_psargs);
    copyText(info.pr_psargs, executable.empty() ? image.commandName() : executable);
    appendNote(notes, "CORE", NT_PRPSINFO, std::as_bytes(std::span(&info, 1)));
}

struct FileEntry {
    AddressRange range;
    std::uint64_t fileOffset;
    const std::string* path;
};

//! \brief Joins entries until there are few enough: first those that adjoin in memory and file, then all of a
//! path, since readers look for a module's first address and its path. The last resort is leaving out.
void limitEntries(std::vector<FileEntry>& entries) {
    for (int pass = 0; pass < 2 && entries.size() > kMaxFileEntries; ++pass) {
        std::vector<FileEntry> joined;
        std::unordered_map<std::string_view, std::size_t> last;
        for (const FileEntry& entry : entries) {
            const auto [known, isNew] = last.try_emplace(*entry.path, joined.size());
            if (!isNew) {
                FileEntry& before = joined[known->second];
                const bool adjoins = before.range.end == entry.range.begin &&
                                     before.fileOffset + before.range.size() == entry.fileOffset;
                if (adjoins) {
                    before.range.end = entry.range.end;
                    continue;
                }
                if (pass == 1) {
                    continue;
                }
                known->second = joined.size();
            }
            joined.push_back(entry);
        }
        entries = std::move(joined);
    }
    entries.resize(std::min(entries.size(), kMaxFileEntries));
}

void appendFiles(std::vector<std::byte>& notes, const ProcessImage& image) {
    std::vector<FileEntry> entries;
    for (const Mapping& mapping : image.mappings()) {
        // A deleted file is left out as createdump does: ClrMD would try to open it as a module.
        if (mapping.isFile()) {
            entries.push_back({mapping.range, mapping.fileOffset, &mapping.path});
        }
    }
    if (entries.size() > kMaxFileEntries) {
        limitEntries(entries);
    }
    std::vector<std::byte> content;
    appendValue(content, static_cast<std::uint64_t>(entries.size()));
    appendValue(content, kCorePage);
    for (const FileEntry& entry : entries) {
        appendValue(content, entry.range.begin.value());
        appendValue(content, entry.range.end.value());
        appendValue(content, entry.fileOffset / kCorePage);
    }
    for (const FileEntry& entry : entries) {
        appendText(content, *entry.path);
        content.push_back(std::byte{0});
    }
    appendNote(notes, "CORE", NT_FILE, content);
}

void appendThread(std::vector<std::byte>& notes, const ThreadImage& thread, pid_t process) {
    elf_prstatus status{};
    status.pr_info.si_signo = thread.signal;
    status.pr_cursig = static_cast<short>(thread.signal);
    status.pr_pid = thread.tid;
    // Not the process group: ClrMD takes this field of the first thread for the process id, as createdump
    // writes it.
    status.pr_pgrp = process;
    status.pr_sid = process;
    status.pr_fpvalid = thread.floatRegisters.empty() ? 0 : 1;
    std::memcpy(&status.pr_reg, thread.generalRegisters.data(),
                std::min(sizeof status.pr_reg, thread.generalRegisters.size()));
    appendNote(notes, "CORE", NT_PRSTATUS, std::as_bytes(std::span(&status, 1)));
    if (!thread.floatRegisters.empty()) {
        appendNote(notes, "CORE", NT_PRFPREG, thread.floatRegisters);
    }
    for (const auto& [type, content] : thread.extraRegisters) {
        appendNote(notes, "LINUX", type, content);
    }
}

std::vector<const ThreadImage*> orderedThreads(const ProcessImage& image, pid_t firstThread) {
    std::vector<const ThreadImage*> order;
    for (const ThreadImage& thread : image.threads()) {
        order.push_back(&thread);
    }
    const auto rank = [&](const ThreadImage* thread) {
        return thread->tid == firstThread ? 0 : thread->tid == image.pid() ? 1 : 2;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](const ThreadImage* a, const ThreadImage* b) { return rank(a) < rank(b); });
    return order;
}

} // namespace

void appendNote(std::vector<std::byte>& notes, std::string_view owner, std::uint32_t type,
                std::span<const std::byte> content) {
    const Elf64_Nhdr header{static_cast<Elf64_Word>(owner.size() + 1),
                            static_cast<Elf64_Word>(content.size()), type};
    appendValue(notes, header);
    appendText(notes, owner);
    notes.push_back(std::byte{0});
    padTo4(notes);
    notes.insert(notes.end(), content.begin(), content.end());
    padTo4(notes);
}

std::vector<std::byte> buildNotes(const ProcessImage& image, pid_t firstThread) {
    std::vector<std::byte> notes;
    Address executableName;
    const auto auxiliary = terminatedAuxiliaryVector(image, &executableName);
    appendProcess(notes, image, executableName);
    appendNote(notes, "CORE", NT_AUXV, auxiliary);
    appendFiles(notes, image);
    for (const ThreadImage* thread : orderedThreads(image, firstThread)) {
        appendThread(notes, *thread, image.pid());
    }
    const std::array<std::uint32_t, 2> own{1, 0}; // format version, reserved
    appendNote(notes, kOwnNoteOwner, kOwnNoteType, std::as_bytes(std::span(own)));
    return notes;
}

} // namespace firstchance
