#include "clr/contract_descriptor.h"

#include <nlohmann/json.hpp>

#include "clr/elf_image.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kDescriptorMagic = 0x0043414443434E44; // "DNCCDAC\0"
constexpr std::uint32_t kLargest = 1U << 20U;

struct Descriptor {
    std::uint64_t magic;
    std::uint32_t flags, size;
    std::uint64_t text;
};

} // namespace

std::optional<std::uint64_t> contractField(Dac& dac, const std::string& type, const std::string& field) {
    const auto image = ElfImage::read(dac.image(), dac.runtime().base);
    const auto symbol = image ? image->findSymbol("DotNetRuntimeContractDescriptor") : std::nullopt;
    const auto descriptor = symbol ? dac.image().readValue<Descriptor>(*symbol) : std::nullopt;
    if (!descriptor || descriptor->magic != kDescriptorMagic || descriptor->size > kLargest) {
        return std::nullopt;
    }
    std::string text(descriptor->size, '\0');
    if (dac.image().read(Address(descriptor->text), std::as_writable_bytes(std::span(text))) != text.size()) {
        return std::nullopt;
    }
    // Comments and the lack of exceptions: the descriptor is JSON with comments, from memory we do not trust.
    const auto json = nlohmann::json::parse(text.c_str(), nullptr, false, true);
    if (!json.is_object() || !json.contains("types") || !json["types"].is_object() ||
        !json["types"].contains(type) || !json["types"][type].is_object() ||
        !json["types"][type].contains(field)) {
        return std::nullopt;
    }
    // "Field": offset, or [offset, "type"]
    auto value = json["types"][type][field];
    if (value.is_array() && !value.empty()) {
        value = value[0];
    }
    return value.is_number_unsigned() ? std::optional(value.get<std::uint64_t>()) : std::nullopt;
}

} // namespace firstchance
