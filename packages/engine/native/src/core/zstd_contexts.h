#pragma once

#include <memory>

#include <zstd.h>

namespace firstchance {

struct ZstdDeleter {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

//! \brief Null when there was no memory for one.
using CompressionContext = std::unique_ptr<ZSTD_CCtx, ZstdDeleter>;
using DecompressionContext = std::unique_ptr<ZSTD_DCtx, ZstdDeleter>;

} // namespace firstchance
