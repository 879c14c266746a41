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

} // namespace

bool matchesWhole(Text pattern, Text text) {
    return matchFrom(pattern, text, false);
}

bool matchesPart(Text pattern, Text text) {
    if (pattern.empty()) {
        return true;
    }
    const unsigned char firstByte = foldCase(pattern[0]);
    if (firstByte == '*') {
        return matchFrom(pattern, text, true);
    }
    for (std::size_t start = 0; start < text.size; ++start) {
        if ((firstByte == '?' || firstByte == foldCase(text[start])) &&
            matchFrom(pattern, text.from(start), true)) {
            return true;
        }
    }
    return false;
}

} // namespace firstchance::agent
