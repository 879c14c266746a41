#include "clr/type_name_syntax.h"

#include <algorithm>
#include <vector>

namespace firstchance {
namespace {

constexpr int kDeepestNesting = 64;

//! \brief A cursor over the raw name; parsing stops for good at the first thing that does not fit.
struct Cursor {
    std::string_view text;
    std::size_t at = 0;
    bool broken = false;

    [[nodiscard]] bool done() const { return at >= text.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at + ahead < text.size() ? text[at + ahead] : '\0';
    }
    bool take(char c) {
        if (peek() != c) {
            return false;
        }
        ++at;
        return true;
    }
};

bool isNameEnd(char c) {
    return c == '[' || c == ']' || c == ',' || c == '(' || c == ')' || c == ' ' || c == '&' || c == '*';
}

std::string join(const std::vector<std::string>& parts) {
    std::string text = "<";
    for (const std::string& part : parts) {
        text += (text.size() > 1 ? ", " : "") + part;
    }
    return text + ">";
}

//! \brief "`N" at \p at in \p name: its value and length; length 0 if there is none.
std::pair<std::size_t, std::size_t> arity(std::string_view name, std::size_t at) {
    std::size_t end = at + 1;
    std::size_t value = 0;
    while (end < name.size() && name[end] >= '0' && name[end] <= '9' && value < 1000) {
        value = value * 10 + static_cast<std::size_t>(name[end] - '0');
        ++end;
    }
    return {value, end > at + 1 ? end - at : 0};
}

//! \brief Puts the arguments where the backticks stand; what is left (a generic method has no backtick) goes
//! to the end.
std::string distribute(std::string_view name, const std::vector<std::string>& arguments) {
    std::string out;
    std::size_t used = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto [count, length] = name[i] == '`' ? arity(name, i) : std::pair<std::size_t, std::size_t>{};
        if (length != 0 && i + length < name.size() && name[i + length] == '<') {
            i += length - 1; // in signatures the DAC writes "Span`1<Byte>": the arguments stand there already
            continue;
        }
        if (length == 0 || used + count > arguments.size()) {
            out += name[i];
            continue;
        }
        const auto first = arguments.begin() + static_cast<std::ptrdiff_t>(used);
        out += join({first, first + static_cast<std::ptrdiff_t>(count)});
        used += count;
        i += length - 1;
    }
    if (used < arguments.size()) {
        out += join({arguments.begin() + static_cast<std::ptrdiff_t>(used), arguments.end()});
    }
    return out;
}

std::string parseType(Cursor& cursor, int depth);

//! \brief "[[A, assembly],[B, assembly]]"; the assembly may be missing.
std::vector<std::string> parseArguments(Cursor& cursor, int depth) {
    std::vector<std::string> arguments;
    cursor.take('[');
    do {
        if (!cursor.take('[')) {
            cursor.broken = true;
            return arguments;
        }
        arguments.push_back(parseType(cursor, depth + 1));
        while (!cursor.done() && cursor.peek() != ']') { // ", assembly name"
            ++cursor.at;
        }
        cursor.broken = cursor.broken || !cursor.take(']');
    } while (!cursor.broken && cursor.take(','));
    cursor.broken = cursor.broken || !cursor.take(']');
    return arguments;
}

//! \brief "[]", "[,]", "[*]", "*", "&", repeated.
std::string parseSuffixes(Cursor& cursor) {
    std::string text;
    while (cursor.peek() == '[' || cursor.peek() == '*' || cursor.peek() == '&') {
        std::size_t end = cursor.at + 1;
        if (cursor.peek() == '[') {
            while (end < cursor.text.size() && (cursor.text[end] == ',' || cursor.text[end] == '*')) {
                ++end;
            }
            if (end >= cursor.text.size() || cursor.text[end] != ']') {
                break;
            }
            ++end;
        }
        text += cursor.text.substr(cursor.at, end - cursor.at);
        cursor.at = end;
    }
    return text;
}

std::string parseType(Cursor& cursor, int depth) {
    const std::size_t begin = cursor.at;
    while (!cursor.done() && !isNameEnd(cursor.peek())) {
        ++cursor.at;
    }
    const std::string_view name = cursor.text.substr(begin, cursor.at - begin);
    if (depth > kDeepestNesting) {
        cursor.broken = true;
        return std::string(name);
    }
    std::vector<std::string> arguments;
    if (cursor.peek() == '[' && cursor.peek(1) == '[') {
        arguments = parseArguments(cursor, depth);
    }
    return distribute(name, arguments) + parseSuffixes(cursor);
}

} // namespace

std::string readableName(std::string_view raw) {
    Cursor cursor{raw};
    std::string out;
    while (!cursor.done() && !cursor.broken) {
        const std::size_t before = cursor.at;
        out += parseType(cursor, 0);
        if (cursor.at == before) {
            out += cursor.peek();
            ++cursor.at;
        }
    }
    return cursor.broken ? std::string(raw) : out;
}

} // namespace firstchance
