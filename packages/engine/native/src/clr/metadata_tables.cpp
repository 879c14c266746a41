#include "clr/metadata_tables.h"

#include <algorithm>

#include "clr/pe_image.h"

namespace firstchance {
namespace {

constexpr std::uint32_t kMetadataMagic = 0x424A5342; // "BSJB"
constexpr std::uint32_t kMostStreams = 16;
constexpr std::uint32_t kRowMask = 0x00FFFFFF;
constexpr std::uint32_t kMethodToken = 0x06000000;

// Tables that coded indexes point to, by number (II.22).
constexpr std::size_t kModuleRef = 0x1A;
constexpr std::size_t kTypeSpec = 0x1B;
constexpr std::size_t kAssemblyRef = 0x23;

} // namespace

std::optional<MetadataTables> MetadataTables::parse(const ImageBytes& source) {
    MetadataTables tables(source);
    return tables.locateStreams() && tables.locateTables() ? std::optional<MetadataTables>(std::move(tables))
                                                           : std::nullopt;
}

bool MetadataTables::locateStreams() {
    const auto versionLength = source_.value<std::uint32_t>(12);
    if (source_.value<std::uint32_t>(0) != kMetadataMagic || !versionLength || *versionLength > 256) {
        return false;
    }
    std::uint64_t at = 16 + std::uint64_t{*versionLength} + 2;
    const std::uint32_t count =
        std::min<std::uint32_t>(source_.value<std::uint16_t>(at).value_or(0), kMostStreams);
    at += 2;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto stream = source_.value<Stream>(at);
        if (!stream) {
            return false;
        }
        const std::string name = source_.text(at + 8, 32);
        if (name == "#~") {
            tables_ = *stream;
        } else if (name == "#Strings") {
            strings_ = *stream;
        } else if (name == "#GUID") {
            guids_ = *stream;
        }
        at += 8 + ((name.size() + 4) & ~std::size_t{3});
    }
    return tables_.size != 0;
}

bool MetadataTables::locateTables() {
    const auto heapSizes = source_.value<std::uint8_t>(std::uint64_t{tables_.offset} + 6);
    const auto valid = source_.value<std::uint64_t>(std::uint64_t{tables_.offset} + 8);
    if (!heapSizes || !valid) {
        return false;
    }
    stringIndex_ = (*heapSizes & 1U) != 0 ? 4 : 2;
    guidIndex_ = (*heapSizes & 2U) != 0 ? 4 : 2;
    blobIndex_ = (*heapSizes & 4U) != 0 ? 4 : 2;
    std::uint64_t at = std::uint64_t{tables_.offset} + 24;
    for (std::size_t table = 0; table < rows_.size(); ++table) {
        if ((*valid >> table & 1U) != 0) {
            const auto count = source_.value<std::uint32_t>(at);
            if (!count || *count > kRowMask) {
                return false;
            }
            rows_[table] = *count;
            at += 4;
        }
    }
    computeRowSizes();
    for (std::size_t table = 0; table < TableCount; ++table) {
        starts_[table] = at;
        at += std::uint64_t{rows_[table]} * rowSizes_[table];
    }
    return true;
}

void MetadataTables::computeRowSizes() {
    const auto simple = [&](std::size_t table) { return rows_[table] > 0xFFFF ? 4U : 2U; };
    const auto coded = [&](unsigned tagBits, std::initializer_list<std::size_t> tables) {
        const bool large = std::any_of(tables.begin(), tables.end(),
                                       [&](std::size_t t) { return rows_[t] >= (1U << (16 - tagBits)); });
        return large ? 4U : 2U;
    };
    const std::uint32_t resolutionScope = coded(2, {Module, kModuleRef, kAssemblyRef, TypeRef});
    const std::uint32_t typeDefOrRef = coded(2, {TypeDef, TypeRef, kTypeSpec});
    rowSizes_[Module] = 2 + stringIndex_ + 3 * guidIndex_;
    rowSizes_[TypeRef] = resolutionScope + 2 * stringIndex_;
    rowSizes_[TypeDef] = 4 + 2 * stringIndex_ + typeDefOrRef + simple(Field) + simple(MethodDef);
    rowSizes_[FieldPtr] = simple(Field);
    rowSizes_[Field] = 2 + stringIndex_ + blobIndex_;
    rowSizes_[MethodPtr] = simple(MethodDef);
    rowSizes_[MethodDef] = 4 + 2 + 2 + stringIndex_ + blobIndex_ + simple(0x08);
}

std::optional<std::uint64_t> MetadataTables::row(Table table, std::uint32_t number) const {
    if (number == 0 || number > rows_[table]) {
        return std::nullopt;
    }
    return starts_[table] + std::uint64_t{number - 1} * rowSizes_[table];
}

std::optional<std::uint32_t> MetadataTables::index(std::uint64_t offset, std::uint32_t size) const {
    if (size == 4) {
        return source_.value<std::uint32_t>(offset);
    }
    const auto value = source_.value<std::uint16_t>(offset);
    return value ? std::optional<std::uint32_t>(*value) : std::nullopt;
}

std::string MetadataTables::string(std::uint64_t offset) const {
    const auto at = index(offset, stringIndex_);
    return at && *at < strings_.size ? source_.text(std::uint64_t{strings_.offset} + *at, 1024)
                                     : std::string();
}

std::string MetadataTables::mvid() const {
    const auto module = row(Module, 1);
    const auto number = module ? index(*module + 2 + stringIndex_, guidIndex_) : std::nullopt;
    std::array<std::byte, 16> guid{};
    if (!number || *number == 0 || std::uint64_t{*number} * 16 > guids_.size ||
        !source_.read(std::uint64_t{guids_.offset} + (std::uint64_t{*number} - 1) * 16, guid)) {
        return {};
    }
    return guidText(guid);
}

std::string MetadataTables::fieldName(std::uint32_t token) const {
    // A FieldPtr table exists only in edit-and-continue builds, where rows are not in order.
    const auto field = rows_[FieldPtr] == 0 ? row(Field, token & kRowMask) : std::nullopt;
    return field ? string(*field + 2) : std::string();
}

std::uint32_t MetadataTables::methodToken(std::uint32_t typeToken, std::string_view name) const {
    const auto type = rows_[MethodPtr] == 0 ? row(TypeDef, typeToken & kRowMask) : std::nullopt;
    if (!type) {
        return 0;
    }
    const std::uint32_t size = rows_[MethodDef] > 0xFFFF ? 4U : 2U;
    const auto first = index(*type + rowSizes_[TypeDef] - size, size);
    const auto next = row(TypeDef, (typeToken & kRowMask) + 1);
    const auto end = next ? index(*next + rowSizes_[TypeDef] - size, size)
                          : std::optional<std::uint32_t>(rows_[MethodDef] + 1);
    for (std::uint32_t number = first.value_or(0);
         number != 0 && number < std::min(end.value_or(0), rows_[MethodDef] + 1); ++number) {
        const auto method = row(MethodDef, number);
        if (method && string(*method + 8) == name) {
            return kMethodToken | number;
        }
    }
    return 0;
}

} // namespace firstchance
