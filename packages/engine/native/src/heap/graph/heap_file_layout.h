#pragma once

#include <array>
#include <cstdint>

namespace firstchance {

//! \brief The fixed parts of a heap file, docs/heap-file.md. Little-endian, as the machines we run on are.
namespace heap_file {

inline constexpr std::array<char, 8> kMagic = {'F', 'C', 'H', 'E', 'A', 'P', '\0', '\1'};
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::uint64_t kAlignment = 8;

struct Header {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t sections;
    std::uint64_t fileBytes;
    std::uint64_t reserved;
};
static_assert(sizeof(Header) == 32);

enum class SectionId : std::uint32_t {
    Meta = 1,
    Strings = 2,
    Types = 3,
    MethodTables = 4,
    Address = 5,
    Type = 6,
    Size8 = 7,
    FirstEdge = 8,
    Edges = 9,
    RootNode = 10,
    RootKind = 11,
    RootName = 12,
    Idom = 13,
    Retained = 14,
    Unreachable = 15,
    Native = 16,
};

struct Section {
    SectionId id;
    std::uint32_t elementBytes;
    std::uint64_t offset;
    std::uint64_t count;
};
static_assert(sizeof(Section) == 24);

//! \brief Offset and length in the strings section.
struct Text {
    std::uint32_t offset;
    std::uint32_t length;
};
struct Type {
    Text name;
    Text module;
    std::uint32_t flags;
};
static_assert(sizeof(Type) == 20);
inline constexpr std::uint32_t kArray = 1;
inline constexpr std::uint32_t kString = 2;

struct Unreachable {
    std::uint32_t type;
    std::uint32_t reserved;
    std::uint64_t instances;
    std::uint64_t bytes;
};
static_assert(sizeof(Unreachable) == 24);

struct Native {
    std::uint32_t node;
    std::uint8_t kind; //!< NativeKind
    std::uint8_t depth;
    std::uint16_t reserved;
    std::uint64_t bytes;
};
static_assert(sizeof(Native) == 16);

} // namespace heap_file
} // namespace firstchance
