#pragma once

#include <elf.h>
#include <sys/procfs.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/address_ranges.h"
#include "base/process_image.h"
#include "core/memory_selection.h"

namespace firstchance::test {

//! \brief A process that exists only here: sparse pages, mappings, threads.
class FakeImage : public ProcessImage {
public:
    FakeImage() {
        setAuxiliary({{AT_PAGESZ, 4096}, {AT_NULL, 0}});
        addThread(4711);
    }

    pid_t pid() const override { return 4711; }
    const std::string& commandName() const override { return name_; }
    std::span<const Mapping> mappings() const override { return mappings_; }
    std::span<const ThreadImage> threads() const override { return threads_; }
    std::span<const std::byte> auxiliaryVector() const override { return auxiliary_; }

    std::size_t read(Address address, std::span<std::byte> buffer) const override {
        std::size_t done = 0;
        while (done < buffer.size()) {
            const Address at = address + done;
            const Address page = at.alignDown(kCorePage);
            const Mapping* mapping = findMapping(at);
            if (dead || mapping == nullptr || !mapping->readable || unreadable.contains(page.value())) {
                break;
            }
            const std::size_t within = at - page;
            const std::size_t size = std::min<std::size_t>(kCorePage - within, buffer.size() - done);
            if (const auto known = pages_.find(page.value()); known != pages_.end()) {
                std::memcpy(buffer.data() + done, known->second.data() + within, size);
            } else if (generator) {
                generator(page, within, buffer.subspan(done, size));
            } else {
                std::memset(buffer.data() + done, 0, size);
            }
            done += size;
        }
        if (onRead) {
            onRead(address);
        }
        return done;
    }

    std::vector<AddressRange> privatePages(AddressRange range) const override {
        std::vector<AddressRange> ranges;
        for (auto page = pages_.lower_bound(range.begin.value());
             page != pages_.end() && page->first < range.end.value(); ++page) {
            ranges.push_back({Address(page->first), Address(page->first + kCorePage)});
        }
        joinRanges(ranges);
        return ranges;
    }

    //! \brief Adds a mapping; mappings must be added in ascending order.
    Mapping& map(std::uint64_t begin, std::uint64_t size, const char* permissions = "rw-p",
                 std::string path = {}, std::uint64_t offset = 0) {
        Mapping mapping;
        mapping.range = {Address(begin), Address(begin + size)};
        mapping.readable = permissions[0] == 'r';
        mapping.writable = permissions[1] == 'w';
        mapping.executable = permissions[2] == 'x';
        mapping.shared = permissions[3] == 's';
        mapping.path = std::move(path);
        mapping.fileOffset = offset;
        mappings_.push_back(mapping);
        return mappings_.back();
    }

    //! \brief Fills pages with bytes that depend on the address.
    void fill(std::uint64_t begin, std::uint64_t size) {
        for (std::uint64_t page = begin; page < begin + size; page += kCorePage) {
            std::vector<std::byte>& bytes = pages_[page];
            bytes.resize(kCorePage);
            std::uint64_t state = page * 0x9E3779B97F4A7C15ULL + 1;
            for (std::byte& byte : bytes) {
                state = state * 6364136223846793005ULL + 1442695040888963407ULL;
                byte = static_cast<std::byte>((state >> 56) & 0x1f);
            }
        }
    }

    void poke(std::uint64_t address, const void* data, std::size_t size) {
        for (std::size_t done = 0; done < size;) {
            const std::uint64_t at = address + done;
            std::vector<std::byte>& page = pages_[at & ~(kCorePage - 1)];
            page.resize(kCorePage);
            const std::size_t part = std::min<std::size_t>(kCorePage - at % kCorePage, size - done);
            std::memcpy(page.data() + at % kCorePage, static_cast<const char*>(data) + done, part);
            done += part;
        }
    }

    ThreadImage& addThread(pid_t tid) {
        ThreadImage thread;
        thread.tid = tid;
        thread.generalRegisters.resize(sizeof(elf_gregset_t)); // of this architecture
        for (std::size_t i = 0; i < thread.generalRegisters.size(); ++i) {
            thread.generalRegisters[i] = static_cast<std::byte>(i + static_cast<std::size_t>(tid));
        }
        thread.floatRegisters.assign(512, static_cast<std::byte>(tid));
        thread.extraRegisters.emplace_back(NT_X86_XSTATE,
                                           std::vector<std::byte>(2696, static_cast<std::byte>(tid + 1)));
        threads_.push_back(std::move(thread));
        return threads_.back();
    }

    void setAuxiliary(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& items) {
        auxiliary_.clear();
        for (const auto& [type, value] : items) {
            Elf64_auxv_t item{};
            item.a_type = type;
            item.a_un.a_val = value;
            const auto bytes = std::as_bytes(std::span(&item, 1));
            auxiliary_.insert(auxiliary_.end(), bytes.begin(), bytes.end());
        }
    }

    std::set<std::uint64_t> unreadable; //!< pages that fail to read
    std::atomic<bool> dead = false;     //!< nothing can be read any more
    std::function<void(Address page, std::size_t within, std::span<std::byte>)> generator;
    std::function<void(Address)> onRead;

private:
    std::string name_ = "fake";
    std::vector<Mapping> mappings_;
    std::vector<ThreadImage> threads_;
    std::vector<std::byte> auxiliary_;
    std::map<std::uint64_t, std::vector<std::byte>> pages_;
};

} // namespace firstchance::test
