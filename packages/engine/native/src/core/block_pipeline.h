#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"

namespace firstchance {

//! \brief Bytes of the plain core in one block, and in one compressed frame. 64 pages: one bit each in a
//! word.
inline constexpr std::size_t kCoreBlock = 256U << 10;

//! \brief One block on its way: filled, packed, written, and used again.
struct Block {
    std::uint64_t index = 0;
    std::size_t size = 0;           //!< of the data; only the last block is shorter than kCoreBlock
    std::vector<std::byte> data;    //!< kCoreBlock bytes
    std::uint64_t nonZeroPages = 0; //!< bit n: page n of the data holds something
    std::uint64_t unreadable = 0;   //!< bytes of the data that could not be read
    std::vector<std::byte> packed;  //!< capacity for the packed form
    std::size_t packedSize = 0;     //!< 0: packing failed
};

//! \brief What is done with each block. fill runs on a thread of its own in the order of the blocks, pack on
//! as many threads as asked for in any order, write on the calling thread in order; write returns false to
//! stop.
struct PipelineStages {
    std::function<void(Block&)> fill;
    std::function<void(Block&, std::size_t worker)> pack; //!< may be empty: nothing is packed
    std::function<bool(const Block&)> write;
};

//! \brief Runs \p count blocks through the stages with \p packers packing threads. Returns when all threads
//! have ended; fails only when the system gives no threads.
//!
//! Memory: (packers + 3) blocks with their packed forms, allocated once.
[[nodiscard]] Result<void> runPipeline(std::uint64_t count, std::size_t packers, std::size_t packedCapacity,
                                       const PipelineStages& stages);

} // namespace firstchance
