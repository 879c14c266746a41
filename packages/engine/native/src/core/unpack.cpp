#include "core/unpack.h"

#include <algorithm>
#include <memory>
#include <vector>

#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include "base/output_file.h"
#include "core/byte_source.h"
#include "core/memory_selection.h"
#include "core/progress_clock.h"
#include "core/zero_pages.h"
#include "core/zstd_contexts.h"

namespace firstchance {
namespace {

constexpr std::size_t kBuffer = 256U << 10;
constexpr int kMaxWindowLog = 27; // 128 MB: what the zstd command accepts without being told

class Unpacker {
public:
    Unpacker(const ByteSource& file, const std::string& path, OutputFile output)
        : file_(file), path_(path), output_(std::move(output)), context_(ZSTD_createDCtx()), packed_(kBuffer),
          plain_(kBuffer) {
        if (context_) {
            ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kMaxWindowLog);
        }
    }

    Result<std::uint64_t> run(const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                              const std::atomic<bool>* cancelled) {
        std::size_t pending = 0; // bytes that zstd still expects for the frame under way; 0 at its end
        for (std::uint64_t offset = 0; offset < file_.size();) {
            const std::size_t got = file_.read(offset, packed_);
            if (got == 0) {
                return corruptDump(path_, "it cannot be read at offset " + std::to_string(offset));
            }
            ZSTD_inBuffer in{packed_.data(), got, 0};
            do {
                if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
                    return fail({ErrorCode::Cancelled, "unpack " + path_, "cancelled", "", 0});
                }
                auto step = decompress(in, offset);
                if (!step) {
                    return tl::unexpected(step.error());
                }
                pending = *step;
            } while (in.pos < in.size || plainFull_);
            offset += got;
            if (progress && (clock_.isDue() || offset == file_.size())) {
                progress(offset, file_.size());
            }
        }
        if (pending != 0) {
            return corruptDump(path_, "it was cut off: the file ends at offset " +
                                          std::to_string(file_.size()) + " within a frame");
        }
        return output_.resize(size_).and_then([&] { return output_.publish(); }).map([&] { return size_; });
    }

private:
    Result<std::size_t> decompress(ZSTD_inBuffer& in, std::uint64_t offset) {
        if (!context_) {
            return fail(
                {ErrorCode::Internal, "unpack " + path_, "there is no memory to decompress it", "", 0});
        }
        ZSTD_outBuffer out{plain_.data(), plain_.size(), 0};
        const std::size_t pending = ZSTD_decompressStream(context_.get(), &out, &in);
        if (ZSTD_isError(pending) != 0) {
            return corruptDump(path_, "it is damaged near offset " + std::to_string(offset + in.pos) + " (" +
                                          ZSTD_getErrorName(pending) + ")");
        }
        plainFull_ = out.pos == out.size;
        auto stored = store(std::span(plain_).first(out.pos));
        if (!stored) {
            return tl::unexpected(stored.error());
        }
        return pending;
    }

    //! \brief Writes what is not zero, in pages; the rest stays a hole.
    Result<void> store(std::span<const std::byte> bytes) {
        const std::uint64_t start = size_;
        size_ += bytes.size();
        std::size_t from = 0;
        std::size_t at = 0;
        const auto flush = [&](std::size_t to) -> Result<void> {
            return to > from ? output_.writeAt(start + from, bytes.subspan(from, to - from)) : Result<void>();
        };
        while (at < bytes.size()) {
            const std::size_t size =
                std::min<std::size_t>(kCorePage - (start + at) % kCorePage, bytes.size() - at);
            const auto page = bytes.subspan(at, size);
            if (isZero(page)) {
                if (auto flushed = flush(at); !flushed) {
                    return flushed;
                }
                from = at + size;
            }
            at += size;
        }
        return flush(at);
    }

    const ByteSource& file_;
    const std::string& path_;
    OutputFile output_;
    DecompressionContext context_;
    std::vector<std::byte> packed_;
    std::vector<std::byte> plain_;
    std::uint64_t size_ = 0;
    bool plainFull_ = false;
    ProgressClock clock_;
};

} // namespace

Result<std::uint64_t> unpackCore(const std::string& file, const std::string& output,
                                 const std::function<void(std::uint64_t done, std::uint64_t total)>& progress,
                                 const std::atomic<bool>* cancelled) {
    auto source = openFileSource(file);
    if (!source) {
        return tl::unexpected(source.error());
    }
    if (!isZstd(**source)) {
        return fail({ErrorCode::InvalidArgument, "unpack " + file, "it is not compressed with zstd",
                     "A plain core can be opened as it is", 0});
    }
    auto target = OutputFile::create(output);
    if (!target) {
        return tl::unexpected(target.error());
    }
    return Unpacker(**source, file, std::move(*target)).run(progress, cancelled);
}

} // namespace firstchance
