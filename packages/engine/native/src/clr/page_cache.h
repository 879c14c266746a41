#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/address.h"
#include "base/process_image.h"

namespace firstchance {

//! \brief A bounded cache of a process image's pages, and the record of which pages were asked for.
//!
//! The DAC makes thousands of reads of a few bytes (8,300 reads touch 550 pages); without the cache
//! enumerating handles takes 10 to 20 times longer. It never goes stale because the image stands still.
class PageCache {
public:
    explicit PageCache(const ProcessImage& image);

    //! \brief Returns the bytes read from the start of \p buffer.
    [[nodiscard]] std::size_t read(Address address, std::span<std::byte> buffer);
    //! \brief Records a range without reading it.
    void touch(AddressRange range);
    //! \brief While not null, the number of each 4096-byte block recorded for the first time is appended to
    //! \p journal.
    void journalInto(std::vector<std::uint64_t>* journal) { journal_ = journal; }
    //! \brief Size of a block, in bytes: the smallest page size there is.
    static constexpr std::uint64_t kBlock = 4096;
    //! \brief What was read or touched: whole pages, sorted, merged.
    [[nodiscard]] std::vector<AddressRange> touched() const;

private:
    static constexpr std::size_t kBlocks = 2048; //!< 8 MB at most, whatever is read
    struct Block {
        std::uint64_t number = UINT64_MAX;
        std::size_t valid = 0; //!< bytes from the start that could be read
        std::array<std::byte, kBlock> bytes;
    };
    const Block& load(std::uint64_t number);

    const ProcessImage& image_;
    std::vector<std::unique_ptr<Block>> blocks_;
    std::unordered_set<std::uint64_t> touched_;
    std::vector<std::uint64_t>* journal_ = nullptr;
};

} // namespace firstchance
