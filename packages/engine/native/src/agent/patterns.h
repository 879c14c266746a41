#pragma once

#include <cstdint>

#include "agent/text.h"

namespace firstchance::agent {

//! \brief A type as the patterns see it: its full name and the chain of its bases.
struct TypeNames {
    Text name;
    const TypeNames* base = nullptr;
};

//! \brief What the type alone says about a list of patterns.
enum class TypeVerdict : std::uint32_t {
    Unknown = 0,
    Matches = 1,    //!< whatever the message
    AskMessage = 2, //!< the text "Type: message" has to be looked at
    NoPattern = 3,  //!< the list is empty
};

//! \brief A list of patterns, NUL-terminated one after the other in memory that outlives it. docs/agent.md
//! has the rules.
class PatternList {
public:
    PatternList() = default;
    PatternList(const char* text, std::uint32_t count) : text_(text), count_(count) {}

    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] TypeVerdict judgeType(const TypeNames& type) const;
    //! \brief Whether a pattern that is not about types alone occurs in \p text, which is
    //! "Full.Type.Name: message"; judgeType() has said that none occurs in its first \p typeSize bytes.
    [[nodiscard]] bool matchesText(Text text, std::size_t typeSize) const;
    //! \brief Whether a pattern is the whole of \p text.
    [[nodiscard]] bool matchesWholeText(Text text) const;

private:
    const char* text_ = "";
    std::uint32_t count_ = 0;
};

} // namespace firstchance::agent
