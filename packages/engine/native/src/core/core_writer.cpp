#include "core/core_writer.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <optional>

#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include "base/output_file.h"
#include "core/block_pipeline.h"
#include "core/core_contents.h"
#include "core/core_layout.h"
#include "core/progress_clock.h"
#include "core/seek_table.h"
#include "core/zero_pages.h"
#include "core/zstd_contexts.h"

namespace firstchance {
namespace {

constexpr int kMaxLevel = 19;                     // above, windows of 128 MB and more
constexpr std::uint64_t kSmallCore = 32ULL << 20; // up to here the better level costs less than 0.1 s
constexpr std::size_t kMaxThreads = 8;
constexpr std::size_t kContextBudget = 14U
                                       << 20; // bytes for all compression contexts; the blocks take the rest
constexpr std::uint64_t kFreeSpaceCheck = 16ULL << 20;

std::uint64_t nonZeroPages(std::span<const std::byte> data) {
    std::uint64_t pages = 0;
    for (std::size_t page = 0; page * kCorePage < data.size(); ++page) {
        const auto bytes =
            data.subspan(page * kCorePage, std::min<std::size_t>(kCorePage, data.size() - page * kCorePage));
        if (!isZero(bytes)) {
            pages |= std::uint64_t{1} << page;
        }
    }
    return pages;
}

//! \brief Packs blocks into independent frames.
class Compressor {
public:
    Compressor(int level, int threads) : level_(std::clamp(level, ZSTD_minCLevel(), kMaxLevel)) {
        const std::size_t each = ZSTD_estimateCCtxSize_usingCParams(ZSTD_getCParams(level_, kCoreBlock, 0));
        const std::size_t fitting = std::max<std::size_t>(1, kContextBudget / std::max<std::size_t>(each, 1));
        const auto wanted = static_cast<std::size_t>(std::clamp(threads, 1, static_cast<int>(kMaxThreads)));
        contexts_.resize(std::min(wanted, fitting));
        for (CompressionContext& context : contexts_) {
            context.reset(ZSTD_createCCtx());
            if (context) {
                ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level_);
                // A frame that was damaged on the way is then refused instead of read as other memory.
                ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
            }
        }
        const std::vector<std::byte> zeros(kCoreBlock);
        zeroFrame_.resize(capacity());
        zeroFrame_.resize(compress(0, zeros, zeroFrame_));
    }

    [[nodiscard]] std::size_t threads() const { return contexts_.size(); }
    [[nodiscard]] static std::size_t capacity() { return ZSTD_compressBound(kCoreBlock); }

    void pack(Block& block, std::size_t worker) {
        if (block.nonZeroPages == 0 && block.size == kCoreBlock) {
            std::copy(zeroFrame_.begin(), zeroFrame_.end(), block.packed.begin());
            block.packedSize = zeroFrame_.size();
        } else {
            block.packedSize = compress(worker, std::span(block.data).first(block.size), block.packed);
        }
    }

private:
    std::size_t compress(std::size_t worker, std::span<const std::byte> from, std::span<std::byte> to) {
        if (!contexts_[worker]) {
            return 0;
        }
        const std::size_t size =
            ZSTD_compress2(contexts_[worker].get(), to.data(), to.size(), from.data(), from.size());
        return ZSTD_isError(size) != 0 ? 0 : size;
    }

    int level_;
    std::vector<CompressionContext> contexts_;
    std::vector<std::byte> zeroFrame_;
};

//! \brief One dump on its way to the disk.
class CoreWriter {
public:
    CoreWriter(const ProcessImage& image, const CoreOptions& options, CoreLayout layout, OutputFile output)
        : image_(image), options_(options), layout_(std::move(layout)), contents_(image, layout_),
          output_(std::move(output)) {}

    Result<WrittenCore> run() {
        const std::optional<Address> probe = readableProbe();
        auto written = checkFreeSpace().and_then([&] { return writeBlocks(); });
        if (written && probe && unreadable_ > 0 && !image_.readValue<char>(*probe)) {
            written =
                fail({ErrorCode::TargetGone, "read the memory of process " + std::to_string(image_.pid()),
                      "it stopped answering after " + megabytes(written_) + " were written",
                      "Take the dump again", 0});
        }
        if (!written) {
            return tl::unexpected(withMissing(written.error()));
        }
        WrittenCore result;
        result.bytes = options_.compressed ? position_ : output_.allocatedBytes();
        result.rawBytes = layout_.fileSize;
        result.segments = static_cast<std::uint32_t>(layout_.segments.size());
        result.unreadableBytes = unreadable_;
        result.closedGapBytes = layout_.closedGapBytes;
        if (auto published = output_.publish(); !published) {
            return tl::unexpected(published.error());
        }
        return result;
    }

private:
    //! \brief An address that answered before the writing began: asked again when memory could not be read.
    std::optional<Address> readableProbe() const {
        for (std::size_t i = 0; i < std::min<std::size_t>(layout_.readable.size(), 16); ++i) {
            if (image_.readValue<char>(layout_.readable[i].begin)) {
                return layout_.readable[i].begin;
            }
        }
        return std::nullopt;
    }

    Result<void> writeBlocks() {
        const std::uint64_t count = (layout_.fileSize + kCoreBlock - 1) / kCoreBlock;
        PipelineStages stages;
        stages.fill = [&](Block& block) {
            const std::uint64_t offset = block.index * kCoreBlock;
            block.size = std::min<std::uint64_t>(kCoreBlock, layout_.fileSize - offset);
            const auto data = std::span(block.data).first(block.size);
            block.unreadable = contents_.fill(offset, data);
            block.nonZeroPages = nonZeroPages(data);
        };
        Result<void> outcome;
        stages.write = [&](const Block& block) {
            outcome = consume(block);
            return outcome.has_value();
        };
        if (!options_.compressed) {
            return output_.resize(layout_.fileSize)
                .and_then([&] { return runPipeline(count, 0, 0, stages); })
                .and_then([&] { return outcome; });
        }
        const int automatic = layout_.fileSize <= kSmallCore ? 6 : 1;
        Compressor compressor(options_.level.value_or(automatic), options_.threads);
        stages.pack = [&](Block& block, std::size_t worker) { compressor.pack(block, worker); };
        return runPipeline(count, compressor.threads(), Compressor::capacity(), stages)
            .and_then([&] { return outcome; })
            .and_then([&] { return output_.writeAt(position_, table_.encode()); })
            .map([&] { position_ += table_.encode().size(); });
    }

    Result<void> consume(const Block& block) {
        if (options_.cancelled != nullptr && options_.cancelled->load(std::memory_order_relaxed)) {
            return fail({ErrorCode::Cancelled, "write " + options_.path, "cancelled", "", 0});
        }
        if (auto space = checkFreeSpace(); !space) {
            return space;
        }
        if (auto stored = options_.compressed ? storeFrame(block) : storePages(block); !stored) {
            return stored;
        }
        unreadable_ += block.unreadable;
        written_ += block.size;
        if (options_.progress && (clock_.isDue() || written_ == layout_.fileSize)) {
            options_.progress(written_, layout_.fileSize);
        }
        return {};
    }

    Result<void> storeFrame(const Block& block) {
        if (block.packedSize == 0) {
            return fail(
                {ErrorCode::Internal, "compress " + options_.path, "zstd failed", "Write a plain dump", 0});
        }
        table_.append(static_cast<std::uint32_t>(block.packedSize), static_cast<std::uint32_t>(block.size));
        auto stored = output_.writeAt(position_, std::span(block.packed).first(block.packedSize));
        position_ += block.packedSize;
        return stored;
    }

    //! \brief Writes the runs of pages that hold something; the others stay holes.
    Result<void> storePages(const Block& block) {
        std::uint64_t rest = block.nonZeroPages;
        while (rest != 0) {
            const int first = std::countr_zero(rest);
            const int count = std::countr_one(rest >> first);
            const std::size_t from = static_cast<std::size_t>(first) * kCorePage;
            const std::size_t size = std::min(static_cast<std::size_t>(count) * kCorePage, block.size - from);
            auto stored =
                output_.writeAt(block.index * kCoreBlock + from, std::span(block.data).subspan(from, size));
            if (!stored) {
                return stored;
            }
            position_ += size;
            rest = count == 64 ? 0 : rest & ~(((std::uint64_t{1} << count) - 1) << first);
        }
        return {};
    }

    Result<void> checkFreeSpace() {
        if (options_.minFreeBytes == 0 || position_ < nextSpaceCheck_) {
            return {};
        }
        nextSpaceCheck_ = position_ + kFreeSpaceCheck;
        const std::uint64_t free = output_.freeBytes();
        if (free >= options_.minFreeBytes) {
            return {};
        }
        return fail({ErrorCode::DiskFull, "write " + options_.path,
                     "only " + megabytes(free) + " are free on its file system and " +
                         megabytes(options_.minFreeBytes) + " are to stay free",
                     "Free disk space, or choose another folder", 0});
    }

    //! \brief Says how much more room the dump would have needed, by the ratio so far; before there is one,
    //! at most.
    Error withMissing(Error error) const {
        if (error.code == ErrorCode::DiskFull) {
            const std::uint64_t rest = layout_.fileSize - written_;
            const double ratio =
                written_ == 0 ? 1.0 : static_cast<double>(position_) / static_cast<double>(written_);
            const auto more = static_cast<std::uint64_t>(static_cast<double>(rest) * ratio);
            error.why += written_ == 0 ? "; the dump has at most " : "; about ";
            error.why += megabytes(more) + (written_ == 0 ? "" : " more were needed");
        }
        return error;
    }

    const ProcessImage& image_;
    const CoreOptions& options_;
    CoreLayout layout_;
    CoreContents contents_;
    OutputFile output_;
    SeekTable table_;
    ProgressClock clock_;
    std::uint64_t position_ = 0; //!< bytes written to the disk
    std::uint64_t written_ = 0;  //!< bytes of the plain core done
    std::uint64_t unreadable_ = 0;
    std::uint64_t nextSpaceCheck_ = 0;
};

} // namespace

Result<WrittenCore> writeCore(const ProcessImage& image, const MemorySelection& selection,
                              const CoreOptions& options) {
    auto output = OutputFile::create(options.path);
    if (!output) {
        return tl::unexpected(output.error());
    }
    CoreLayoutOptions layoutOptions;
    layoutOptions.firstThread = options.firstThread;
    layoutOptions.runtimeBase = options.runtimeBase;
    CoreLayout layout = layOutCore(image, selection, layoutOptions);
    return CoreWriter(image, options, std::move(layout), std::move(*output)).run();
}

} // namespace firstchance
