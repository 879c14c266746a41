#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"

namespace firstchance {

//! \brief Writes the plain core of \p file (zstd, with or without a seek table) to \p output, sparse, mode
//! 0600. Returns its size in bytes.
//!
//! \p output must not exist and appears only when it is whole. Errors as writeCore(), CorruptDump with the
//! offset where the file ends or does not decompress, InvalidArgument when \p file is not compressed. \p
//! progress gets compressed bytes done and in all.
[[nodiscard]] Result<std::uint64_t>
unpackCore(const std::string& file, const std::string& output,
           const std::function<void(std::uint64_t done, std::uint64_t total)>& progress = {},
           const std::atomic<bool>* cancelled = nullptr);

} // namespace firstchance
