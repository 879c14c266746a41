#include "core/core_parser.h"

#include <elf.h>

#include <algorithm>
#include <cstring>

#include "core/core_layout.h"

namespace firstchance {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kOwnMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kOwnMachine = EM_AARCH64;
#endif

//! \brief More segments than a process can have mappings, whatever vm.max_map_count was raised to.
constexpr std::uint64_t kMaxProgramHeaderCount = 4ULL << 20;

const char* machineName(Elf64_Half machine) {
    return machine == EM_X86_64 ? "x64" : machine == EM_AARCH64 ? "arm64" : "another architecture";
}

class Parser {
public:
    Parser(const ByteSource& source, const std::string& path)
        : source_(source), path_(path), notes_(source) {}

    Result<ParsedCore> run() {
        if (auto checked = readHeader(); !checked) {
            return tl::unexpected(checked.error());
        }
        if (auto read = readSegments(); !read) {
            return tl::unexpected(read.error());
        }
        core_.notes = std::move(notes_.notes());
        if (core_.notes.threads.empty()) {
            return corruptDump(path_, "it has no thread");
        }
        core_.machine = kOwnMachine == EM_X86_64 ? Machine::X64 : Machine::Arm64;
        sortSegments();
        buildMappings();
        return std::move(core_);
    }

private:
    Result<void> readHeader() {
        if (source_.size() < sizeof header_) {
            return corruptDump(path_, "it has only " + std::to_string(source_.size()) + " bytes");
        }
        if (source_.read(0, std::as_writable_bytes(std::span(&header_, 1))) != sizeof header_) {
            return corruptDump(path_, "its beginning cannot be read");
        }
        if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0) {
            return corruptDump(path_, "it is not an ELF file");
        }
        if (header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_ident[EI_DATA] != ELFDATA2LSB) {
            return unsupported("it is not a 64-bit little-endian ELF file",
                               "Open it on the system it came from");
        }
        if (header_.e_type != ET_CORE) {
            return corruptDump(path_, "it is an ELF file, but not a core (type " +
                                          std::to_string(header_.e_type) + ")");
        }
        if (header_.e_machine != kOwnMachine) {
            return unsupported(std::string("it was taken on ") + machineName(header_.e_machine) +
                                   ", this machine is " + machineName(kOwnMachine),
                               "Open it on a machine of that architecture");
        }
        if (header_.e_phentsize != sizeof(Elf64_Phdr)) {
            return corruptDump(path_, "its program headers have " + std::to_string(header_.e_phentsize) +
                                          " bytes each instead of " + std::to_string(sizeof(Elf64_Phdr)));
        }
        return readHeaderCount();
    }

    //! \brief With 65,535 and more segments the count stands in section header 0 (elf(5), PN_XNUM).
    Result<void> readHeaderCount() {
        headerCount_ = header_.e_phnum;
        if (header_.e_phnum == PN_XNUM) {
            Elf64_Shdr section{};
            if (header_.e_shoff == 0 || header_.e_shentsize != sizeof section ||
                source_.read(header_.e_shoff, std::as_writable_bytes(std::span(&section, 1))) !=
                    sizeof section) {
                return corruptDump(path_, "the section header with its number of segments is missing");
            }
            headerCount_ = section.sh_info;
        }
        const std::uint64_t bytes = headerCount_ * sizeof(Elf64_Phdr);
        if (headerCount_ == 0 || headerCount_ > kMaxProgramHeaderCount) {
            return corruptDump(path_, "it claims to have " + std::to_string(headerCount_) + " segments");
        }
        if (header_.e_phoff > source_.size() || bytes > source_.size() - header_.e_phoff) {
            return corruptDump(path_, "it ends before its program headers do: it was cut off");
        }
        return {};
    }

    Result<void> readSegments() {
        std::uint64_t end = 0;
        std::vector<Elf64_Phdr> chunk(std::min<std::uint64_t>(headerCount_, 1024));
        std::vector<Elf64_Phdr> noteHeaders;
        for (std::uint64_t done = 0; done < headerCount_; done += chunk.size()) {
            chunk.resize(std::min<std::uint64_t>(chunk.size(), headerCount_ - done));
            const auto bytes = std::as_writable_bytes(std::span(chunk));
            if (source_.read(header_.e_phoff + done * sizeof(Elf64_Phdr), bytes) != bytes.size()) {
                return corruptDump(path_, "its program headers cannot be read");
            }
            for (const Elf64_Phdr& header : chunk) {
                if (header.p_type != PT_LOAD && header.p_type != PT_NOTE) {
                    continue;
                }
                if (header.p_offset > UINT64_MAX - header.p_filesz ||
                    header.p_vaddr > UINT64_MAX - header.p_memsz) {
                    return corruptDump(path_, "a segment has an impossible size");
                }
                end = header.p_filesz > 0 ? std::max(end, header.p_offset + header.p_filesz) : end;
                if (header.p_type == PT_NOTE) {
                    noteHeaders.push_back(header);
                } else if (header.p_filesz > header.p_memsz) {
                    return corruptDump(path_, "a segment has more bytes in the file than in memory");
                } else if (header.p_memsz > 0) {
                    core_.segments.push_back(
                        {{Address(header.p_vaddr), Address(header.p_vaddr + header.p_memsz)},
                         header.p_offset,
                         header.p_filesz,
                         header.p_flags});
                }
            }
        }
        if (end > source_.size()) {
            return corruptDump(path_, "it was cut off: " + std::to_string(source_.size()) + " of " +
                                          std::to_string(end) + " bytes are there");
        }
        return readNotes(noteHeaders);
    }

    Result<void> readNotes(const std::vector<Elf64_Phdr>& headers) {
        for (const Elf64_Phdr& header : headers) {
            std::string fault = forEachNote(source_, header.p_offset, header.p_filesz,
                                            [&](const Note& note) { return notes_.take(note); });
            if (!fault.empty()) {
                return corruptDump(path_, std::move(fault));
            }
        }
        return {};
    }

    //! \brief Cores of different writers describe memory twice now and then (createdump's diagnostic page in
    //! a deep stack): the lower segment keeps it.
    void sortSegments() {
        std::stable_sort(core_.segments.begin(), core_.segments.end(),
                         [](const auto& a, const auto& b) { return a.memory.begin < b.memory.begin; });
        std::size_t kept = 0;
        for (LoadedSegment segment : core_.segments) {
            if (kept > 0 && segment.memory.begin < core_.segments[kept - 1].memory.end) {
                const std::uint64_t cut = core_.segments[kept - 1].memory.end - segment.memory.begin;
                if (cut >= segment.memory.size()) {
                    continue;
                }
                segment.memory.begin += cut;
                segment.fileOffset += std::min(cut, segment.fileBytes);
                segment.fileBytes -= std::min(cut, segment.fileBytes);
            }
            core_.segments[kept++] = segment;
        }
        core_.segments.resize(kept);
    }

    static void addFlags(Mapping& mapping, std::uint32_t flags) {
        mapping.readable |= (flags & PF_R) != 0;
        mapping.writable |= (flags & PF_W) != 0;
        mapping.executable |= (flags & PF_X) != 0;
    }

    void buildMappings() {
        std::vector<Mapping> files = std::move(core_.notes.files);
        std::stable_sort(files.begin(), files.end(),
                         [](const Mapping& a, const Mapping& b) { return a.range.begin < b.range.begin; });
        Address covered;
        auto segment = core_.segments.begin();
        for (Mapping& file : files) {
            if (file.range.begin < covered) { // cannot be: the kernel has one mapping per address
                if (file.range.end <= covered) {
                    continue;
                }
                file.fileOffset += covered - file.range.begin;
                file.range.begin = covered;
            }
            for (; segment != core_.segments.end() && segment->memory.begin < file.range.end; ++segment) {
                addAnonymous(*segment, {std::max(covered, segment->memory.begin),
                                        std::min(segment->memory.end, file.range.begin)});
                if (segment->memory.end > file.range.begin) {
                    addFlags(file, segment->flags);
                }
                if (segment->memory.end > file.range.end) {
                    break;
                }
            }
            // Without a segment the permissions are not known; a file was mapped to be read at least.
            file.readable |= !file.writable && !file.executable;
            covered = file.range.end;
            core_.mappings.push_back(std::move(file));
        }
        for (; segment != core_.segments.end(); ++segment) {
            addAnonymous(*segment, {std::max(covered, segment->memory.begin), segment->memory.end});
        }
    }

    void addAnonymous(const LoadedSegment& segment, AddressRange range) {
        if (range.empty() || range.begin == kDiagnosticInfoAddress) { // that page is no memory of the process
            return;
        }
        Mapping mapping;
        mapping.range = range;
        addFlags(mapping, segment.flags);
        core_.mappings.push_back(std::move(mapping));
    }

    tl::unexpected<Error> unsupported(std::string why, std::string cure) const {
        return fail({ErrorCode::Unsupported, "read the dump " + path_, std::move(why), std::move(cure), 0});
    }

    const ByteSource& source_;
    const std::string& path_;
    CoreNotesReader notes_;
    ParsedCore core_;
    Elf64_Ehdr header_{};
    std::uint64_t headerCount_ = 0;
};

} // namespace

Result<ParsedCore> parseCore(const ByteSource& source, const std::string& path) {
    return Parser(source, path).run();
}

} // namespace firstchance
