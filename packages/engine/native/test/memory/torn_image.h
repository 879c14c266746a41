#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/process_image.h"

namespace firstchance {

//! \brief Another image with its break damaged: \p tear may change what was read there.
class TornImage : public ProcessImage {
public:
    using Tear = std::function<void(Address, std::span<std::byte>)>;
    TornImage(const ProcessImage& whole, Tear tear) : whole_(whole), tear_(std::move(tear)) {}

    [[nodiscard]] pid_t pid() const override { return whole_.pid(); }
    [[nodiscard]] const std::string& commandName() const override { return whole_.commandName(); }
    [[nodiscard]] std::span<const Mapping> mappings() const override { return whole_.mappings(); }
    [[nodiscard]] std::span<const ThreadImage> threads() const override { return whole_.threads(); }
    [[nodiscard]] std::span<const std::byte> auxiliaryVector() const override { return {}; }
    [[nodiscard]] std::vector<AddressRange> privatePages(AddressRange range) const override {
        return whole_.privatePages(range);
    }
    [[nodiscard]] std::size_t read(Address address, std::span<std::byte> buffer) const override {
        const std::size_t got = whole_.read(address, buffer);
        const Mapping* mapping = findMapping(address);
        if (mapping != nullptr && mapping->path == "[heap]") {
            tear_(address, buffer.first(got));
        }
        return got;
    }

private:
    const ProcessImage& whole_;
    Tear tear_;
};

} // namespace firstchance
