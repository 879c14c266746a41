#include "agent/patterns.h"

#include "agent/wildcard.h"

namespace firstchance::agent {
namespace {

template <class Predicate> bool anyPattern(const char* text, std::uint32_t count, Predicate predicate) {
    for (std::uint32_t i = 0; i < count; ++i) {
        const Text pattern(text);
        if (predicate(pattern)) {
            return true;
        }
        text += pattern.size + 1;
    }
    return false;
}

bool isTypePattern(Text pattern) {
    return pattern.size > 1 && pattern[0] == '+';
}

bool matchesByType(Text pattern, const TypeNames& type) {
    if (isTypePattern(pattern)) {
        for (const TypeNames* t = &type; t != nullptr; t = t->base) {
            if (matchesWhole(pattern.from(1), t->name)) {
                return true;
            }
        }
        return false;
    }
    for (const TypeNames* t = type.base; t != nullptr; t = t->base) {
        if (equalsIgnoreCase(pattern, t->name)) {
            return true;
        }
    }
    // What occurs in the name occurs in "name: message" too, whatever the message.
    return matchesPart(pattern, type.name);
}

} // namespace

TypeVerdict PatternList::judgeType(const TypeNames& type) const {
    if (count_ == 0) {
        return TypeVerdict::NoPattern;
    }
    if (anyPattern(text_, count_, [&](Text pattern) { return matchesByType(pattern, type); })) {
        return TypeVerdict::Matches;
    }
    // A pattern about types alone is settled; every other may still occur in the message.
    return TypeVerdict::AskMessage;
}

bool PatternList::matchesText(Text text, std::size_t typeSize) const {
    return anyPattern(text_, count_, [&](Text pattern) {
        return !isTypePattern(pattern) && matchesPart(pattern, text, typeSize);
    });
}

bool PatternList::matchesWholeText(Text text) const {
    return anyPattern(text_, count_, [&](Text pattern) { return matchesWhole(pattern, text); });
}

} // namespace firstchance::agent
