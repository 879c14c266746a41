#include "core/core_notes_reader.h"

#include <elf.h>
#include <sys/procfs.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "core/core_notes.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kKeptLimit = 512ULL << 20;
constexpr std::uint64_t kRegisterLimit = 1ULL << 20; // SVE at the longest vector takes 0.3 MB
constexpr std::uint64_t kAuxiliaryLimit = 64ULL << 10;
constexpr std::uint64_t kFilesLimit = 256ULL << 20;
constexpr std::string_view kDeleted = " (deleted)";

struct FileTableHeader {
    std::uint64_t count;
    std::uint64_t pageSize;
};
struct FileTableEntry {
    std::uint64_t begin;
    std::uint64_t end;
    std::uint64_t pageOffset;
};

template <class T> T valueAt(std::span<const std::byte> bytes, std::size_t offset) {
    T value{};
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

} // namespace

std::string CoreNotesReader::take(const Note& note) {
    if (note.owner == "CORE") {
        return takeCore(note);
    }
    if (note.owner == "LINUX") {
        return takeRegisters(note);
    }
    if (note.owner == kOwnNoteOwner && note.type == kOwnNoteType) {
        notes_.ours = true;
    }
    return {};
}

std::string CoreNotesReader::takeCore(const Note& note) {
    switch (note.type) {
    case NT_PRSTATUS: return takeThread(note);
    case NT_PRPSINFO: return takeProcess(note);
    case NT_FILE: return notes_.hasFiles ? std::string() : takeFiles(note);
    case NT_AUXV:
        return notes_.auxiliaryVector.empty() ? load(note, kAuxiliaryLimit, notes_.auxiliaryVector)
                                              : std::string();
    case NT_PRFPREG:
        return notes_.threads.empty() ? std::string()
                                      : load(note, kRegisterLimit, notes_.threads.back().floatRegisters);
    default: return {};
    }
}

std::string CoreNotesReader::load(const Note& note, std::uint64_t limit, std::vector<std::byte>& out) {
    if (note.size > limit || kept_ + note.size > kKeptLimit) {
        return "has " + std::to_string(note.size) + " bytes, more than is believable";
    }
    kept_ += note.size;
    out.resize(note.size);
    if (source_.read(note.offset, out) != out.size()) {
        return "cannot be read";
    }
    return {};
}

std::string CoreNotesReader::takeThread(const Note& note) {
    std::vector<std::byte> content;
    if (note.size < sizeof(elf_prstatus)) {
        return "is too short for a thread's registers";
    }
    if (std::string fault = load(note, kRegisterLimit, content); !fault.empty()) {
        return fault;
    }
    const auto status = valueAt<elf_prstatus>(content, 0);
    if (notes_.threads.empty()) {
        notes_.processGroup = status.pr_pgrp;
    }
    ThreadImage thread;
    thread.tid = status.pr_pid;
    thread.signal = status.pr_cursig;
    const auto registers = std::as_bytes(std::span(&status.pr_reg, 1));
    thread.generalRegisters.assign(registers.begin(), registers.end());
    notes_.threads.push_back(std::move(thread));
    return {};
}

std::string CoreNotesReader::takeProcess(const Note& note) {
    std::vector<std::byte> content;
    if (note.size < sizeof(elf_prpsinfo)) {
        return "is too short to describe a process";
    }
    if (std::string fault = load(note, kAuxiliaryLimit, content); !fault.empty()) {
        return fault;
    }
    const auto info = valueAt<elf_prpsinfo>(content, 0);
    notes_.pid = info.pr_pid;
    notes_.commandName.assign(info.pr_fname, ::strnlen(info.pr_fname, sizeof info.pr_fname));
    return {};
}

std::string CoreNotesReader::takeRegisters(const Note& note) {
    if (notes_.threads.empty()) {
        return {};
    }
    std::vector<std::byte> content;
    std::string fault = load(note, kRegisterLimit, content);
    if (fault.empty()) {
        notes_.threads.back().extraRegisters.emplace_back(note.type, std::move(content));
    }
    return fault;
}

std::string CoreNotesReader::takeFiles(const Note& note) {
    std::vector<std::byte> content;
    if (std::string fault = load(note, kFilesLimit, content); !fault.empty()) {
        return fault;
    }
    if (content.size() < sizeof(FileTableHeader)) {
        return "is too short for the list of mapped files";
    }
    const auto header = valueAt<FileTableHeader>(content, 0);
    if (header.count > (content.size() - sizeof header) / sizeof(FileTableEntry)) {
        return "lists " + std::to_string(header.count) + " mapped files, more than it can hold";
    }
    const std::size_t namesAt = sizeof header + header.count * sizeof(FileTableEntry);
    std::string_view names(reinterpret_cast<const char*>(content.data()) + namesAt, content.size() - namesAt);
    notes_.files.reserve(header.count);
    for (std::uint64_t i = 0; i < header.count; ++i) {
        const auto entry = valueAt<FileTableEntry>(content, sizeof header + i * sizeof(FileTableEntry));
        const std::size_t length = names.find('\0');
        if (entry.begin >= entry.end || length == std::string_view::npos) {
            return "has a damaged entry " + std::to_string(i) + " in its list of mapped files";
        }
        Mapping mapping;
        mapping.range = {Address(entry.begin), Address(entry.end)};
        mapping.fileOffset = entry.pageOffset * header.pageSize;
        mapping.path = names.substr(0, length);
        if (mapping.path.ends_with(kDeleted)) {
            mapping.path.resize(mapping.path.size() - kDeleted.size());
            mapping.deleted = true;
        }
        names.remove_prefix(length + 1);
        notes_.files.push_back(std::move(mapping));
    }
    notes_.hasFiles = true;
    return {};
}

} // namespace firstchance
