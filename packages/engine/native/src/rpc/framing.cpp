#include "rpc/framing.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace firstchance {
namespace {

constexpr std::string_view kHeaderEnd = "\r\n\r\n";
constexpr std::size_t kHeaderLimit = 4096;

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::optional<std::size_t> contentLength(std::string_view header) {
    while (!header.empty()) {
        const auto lineEnd = header.find("\r\n");
        const auto line = header.substr(0, lineEnd);
        header.remove_prefix(lineEnd == std::string_view::npos ? header.size() : lineEnd + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !equalsIgnoringCase(line.substr(0, colon), "content-length")) {
            continue;
        }
        auto digits = line.substr(colon + 1);
        digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
        std::size_t length = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
        if (error == std::errc() && end == digits.data() + digits.size()) {
            return length;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> FrameReader::next() {
    const auto headerEnd = buffer_.find(kHeaderEnd);
    if (headerEnd == std::string::npos) {
        broken_ = broken_ || buffer_.size() > kHeaderLimit;
        return std::nullopt;
    }
    const auto length = contentLength(std::string_view(buffer_).substr(0, headerEnd));
    if (!length || *length > kLimit) {
        broken_ = true;
        return std::nullopt;
    }
    const std::size_t begin = headerEnd + kHeaderEnd.size();
    if (buffer_.size() - begin < *length) {
        return std::nullopt;
    }
    std::string body = buffer_.substr(begin, *length);
    buffer_.erase(0, begin + *length);
    return body;
}

std::string frame(std::string_view body) {
    std::string text = "Content-Length: " + std::to_string(body.size());
    text += kHeaderEnd;
    text += body;
    return text;
}

} // namespace firstchance
