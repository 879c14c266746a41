#include "linux/elf_functions.h"

#include <cxxabi.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

#include "base/unique_fd.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kMaxTableBytes = 64U << 20U;
constexpr std::size_t kMaxNameBytes = 512; // demangled names of templates are pages long

class ElfFile {
public:
    explicit ElfFile(const std::string& path)
        : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}

    //! \brief Anything but a file may never end, or block.
    [[nodiscard]] bool isRegular() const {
        struct stat status {};
        return fd_.valid() && ::fstat(fd_.get(), &status) == 0 && S_ISREG(status.st_mode);
    }
    [[nodiscard]] std::vector<std::byte> read(std::uint64_t offset, std::uint64_t bytes) const {
        if (!isRegular() || bytes > kMaxTableBytes || offset > INT64_MAX - bytes) {
            return {};
        }
        std::vector<std::byte> data(bytes);
        const ssize_t size = ::pread(fd_.get(), data.data(), data.size(), static_cast<off_t>(offset));
        data.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return data;
    }
    template <class T> [[nodiscard]] std::vector<T> table(std::uint64_t offset, std::uint64_t bytes) const {
        const std::vector<std::byte> data = read(offset, bytes);
        std::vector<T> items(data.size() / sizeof(T));
        if (!items.empty()) {
            std::memcpy(items.data(), data.data(), items.size() * sizeof(T));
        }
        return items;
    }

private:
    UniqueFd fd_;
};

template <class T> std::optional<T> valueAt(std::span<const std::byte> data, std::size_t offset) {
    if (offset > data.size() || data.size() - offset < sizeof(T)) {
        return std::nullopt;
    }
    T value{};
    std::memcpy(&value, data.data() + offset, sizeof value);
    return value;
}

std::string textAt(std::span<const std::byte> strings, std::size_t offset) {
    if (offset >= strings.size()) {
        return "";
    }
    const auto* begin = reinterpret_cast<const char*>(strings.data() + offset);
    return {begin, ::strnlen(begin, strings.size() - offset)};
}

//! \brief Beginnings of functions from the sorted table of .eh_frame_hdr (Linux Standard Base, 10.6.2).
std::vector<std::uint64_t> readUnwindTable(const ElfFile& file, const Elf64_Phdr& header) {
    constexpr auto kDataRelative4 = std::uint8_t{0x3b}; // DW_EH_PE_datarel | DW_EH_PE_sdata4
    constexpr auto kUnsigned4 = std::uint8_t{0x03};     // DW_EH_PE_udata4
    const std::vector<std::byte> data = file.read(header.p_offset, header.p_filesz);
    const auto countFormat = valueAt<std::uint8_t>(data, 2);
    const auto tableFormat = valueAt<std::uint8_t>(data, 3);
    const auto count = valueAt<std::uint32_t>(data, 8);
    std::vector<std::uint64_t> beginnings;
    if (countFormat != kUnsigned4 || tableFormat != kDataRelative4 || !count) {
        return beginnings;
    }
    for (std::uint32_t i = 0; i < *count; ++i) {
        const auto offset = valueAt<std::int32_t>(data, 12 + std::size_t{i} * 8);
        if (!offset) {
            break;
        }
        beginnings.push_back(header.p_vaddr + static_cast<std::uint64_t>(std::int64_t{*offset}));
    }
    std::sort(beginnings.begin(), beginnings.end());
    return beginnings;
}

std::string demangled(const std::string& name) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text(
        abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
    std::string result = status == 0 && text != nullptr ? text.get() : name;
    if (result.size() > kMaxNameBytes) {
        result.resize(kMaxNameBytes);
    }
    return result;
}

} // namespace

ElfFunctions ElfFunctions::read(const std::string& path) {
    ElfFunctions functions;
    const ElfFile file(path);
    const auto headers = file.table<Elf64_Ehdr>(0, sizeof(Elf64_Ehdr));
    if (headers.empty() || std::memcmp(headers[0].e_ident, ELFMAG, SELFMAG) != 0 ||
        headers[0].e_ident[EI_CLASS] != ELFCLASS64) {
        return functions;
    }
    const Elf64_Ehdr& header = headers[0];
    for (const Elf64_Phdr& part :
         file.table<Elf64_Phdr>(header.e_phoff, std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr))) {
        if (part.p_type == PT_GNU_EH_FRAME) {
            functions.beginnings_ = readUnwindTable(file, part);
        }
    }
    const auto sections =
        file.table<Elf64_Shdr>(header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr));
    for (const Elf64_Shdr& section : sections) {
        if ((section.sh_type != SHT_SYMTAB && section.sh_type != SHT_DYNSYM) ||
            section.sh_link >= sections.size()) {
            continue;
        }
        const Elf64_Shdr& names = sections[section.sh_link];
        const std::vector<std::byte> strings = file.read(names.sh_offset, names.sh_size);
        for (const Elf64_Sym& symbol : file.table<Elf64_Sym>(section.sh_offset, section.sh_size)) {
            if (ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_shndx != SHN_UNDEF &&
                symbol.st_size <= UINT64_MAX - symbol.st_value) {
                functions.named_.emplace(symbol.st_value, Function{symbol.st_value + symbol.st_size,
                                                                   textAt(strings, symbol.st_name)});
            }
        }
    }
    return functions;
}

std::optional<std::string> ElfFunctions::nameAt(std::uint64_t address) const {
    auto after = named_.upper_bound(address);
    if (after != named_.begin()) {
        const auto& [begin, function] = *std::prev(after);
        if (address < function.end && !function.name.empty()) {
            return demangled(function.name);
        }
    }
    const auto beginning = std::upper_bound(beginnings_.begin(), beginnings_.end(), address);
    if (beginning == beginnings_.begin()) {
        return std::nullopt;
    }
    char text[32];
    std::snprintf(text, sizeof text, "fn_%" PRIx64, *std::prev(beginning));
    return text;
}

} // namespace firstchance
