#include "agent/wildcard.h"

namespace firstchance::agent {
namespace {

// Greedy with one point of return: linear in practice, quadratic at worst, no recursion. With `open` the text
// may go on after the pattern's end.
bool matchFrom(Text pattern, Text text, bool open) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t starPattern = 0;
    std::size_t starText = 0;
    bool haveStar = false;
    while (true) {
        if (p < pattern.size && pattern[p] == '*') {
            haveStar = true;
            starPattern = ++p;
            starText = t;
            continue;
        }
        if (p == pattern.size && (open || t == text.size)) {
            return true;
        }
        if (t < text.size && p < pattern.size &&
            (pattern[p] == '?' || foldCase(pattern[p]) == foldCase(text[t]))) {
            ++p;
            ++t;
            continue;
        }
        if (!haveStar || starText >= text.size) {
            return false;
        }
        p = starPattern;
        t = ++starText;
    }
}

bool isLiteral(Text pattern) {
    for (std::size_t i = 0; i < pattern.size; ++i) {
        if (pattern[i] == '*' || pattern[i] == '?') {
            return false;
        }
    }
    return true;
}

// Every exception's message is searched like this, so the common case, another first byte, is one comparison.
bool findLiteral(Text pattern, Text text) {
    if (pattern.size > text.size) {
        return false;
    }
    const unsigned char lower = foldCase(pattern[0]);
    const bool isLetter = lower >= 'a' && lower <= 'z';
    const unsigned char caseBit = isLetter ? 0x20 : 0;
    const std::size_t last = text.size - pattern.size;
    for (std::size_t start = 0; start <= last; ++start) {
        if ((static_cast<unsigned char>(text[start]) | caseBit) == lower &&
            equalsIgnoreCase(pattern, text.from(start).first(pattern.size))) {
            return true;
        }
    }
    return false;
}

} // namespace

bool matchesWhole(Text pattern, Text text) {
    return matchFrom(pattern, text, false);
}

bool matchesPart(Text pattern, Text text, std::size_t judged) {
    // At the ends of a pattern that may lie anywhere stars say nothing.
    while (!pattern.empty() && pattern[0] == '*') {
        pattern = pattern.from(1);
    }
    while (!pattern.empty() && pattern[pattern.size - 1] == '*') {
        pattern = pattern.first(pattern.size - 1);
    }
    if (pattern.empty()) {
        return true;
    }
    if (isLiteral(pattern)) {
        return findLiteral(pattern, text.from(judged >= pattern.size ? judged - pattern.size + 1 : 0));
    }
    const unsigned char firstByte = foldCase(pattern[0]);
    for (std::size_t start = 0; start < text.size; ++start) {
        if ((firstByte == '?' || firstByte == foldCase(text[start])) &&
            matchFrom(pattern, text.from(start), true)) {
            return true;
        }
    }
    return false;
}

} // namespace firstchance::agent
