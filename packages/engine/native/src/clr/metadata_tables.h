#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "clr/image_bytes.h"

namespace firstchance {

//! \brief The few facts we need of a module's ECMA-335 metadata (partition II, sections 22 and 24), read in
//! place: a few pages of it, where the DAC's own metadata reader would copy all of it (CoreLib: 3 MB).
class MetadataTables {
public:
    [[nodiscard]] static std::optional<MetadataTables> parse(const ImageBytes& source);

    //! \brief The module's version id, lower case with dashes; empty if unreadable.
    [[nodiscard]] std::string mvid() const;
    //! \brief Name of a field by its token 0x04......; empty if there is none.
    [[nodiscard]] std::string fieldName(std::uint32_t token) const;
    //! \brief Token of the method \p name of the type with token 0x02......; 0 if there is none.
    [[nodiscard]] std::uint32_t methodToken(std::uint32_t typeToken, std::string_view name) const;

private:
    enum Table : std::size_t { Module, TypeRef, TypeDef, FieldPtr, Field, MethodPtr, MethodDef, TableCount };

    explicit MetadataTables(ImageBytes source) : source_(std::move(source)) {}
    bool locateStreams();
    bool locateTables();
    void computeRowSizes();
    [[nodiscard]] std::optional<std::uint64_t> row(Table table, std::uint32_t number) const;
    [[nodiscard]] std::optional<std::uint32_t> index(std::uint64_t offset, std::uint32_t size) const;
    [[nodiscard]] std::string string(std::uint64_t offset) const;

    struct Stream {
        std::uint32_t offset = 0, size = 0;
    };
    ImageBytes source_;
    Stream tables_, strings_, guids_;
    std::array<std::uint32_t, 64> rows_{};
    std::array<std::uint64_t, TableCount> starts_{};
    std::array<std::uint32_t, TableCount> rowSizes_{};
    std::uint32_t stringIndex_ = 2, guidIndex_ = 2, blobIndex_ = 2;
};

} // namespace firstchance
