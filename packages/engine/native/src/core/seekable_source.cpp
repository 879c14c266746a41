#include <algorithm>
#include <cstring>
#include <list>
#include <mutex>
#include <vector>

#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include "core/byte_source.h"
#include "core/seek_table.h"
#include "core/zstd_contexts.h"

namespace firstchance {
namespace {

constexpr std::size_t kCacheBytes = 8U << 20;

class SeekableSource final : public ByteSource {
public:
    SeekableSource(std::unique_ptr<ByteSource> file, SeekTable table)
        : file_(std::move(file)), table_(std::move(table)), context_(ZSTD_createDCtx()) {}

    [[nodiscard]] std::uint64_t size() const override { return table_.plainSize(); }

    [[nodiscard]] std::size_t read(std::uint64_t offset, std::span<std::byte> out) const override {
        const std::lock_guard lock(mutex_);
        std::size_t done = 0;
        while (done < out.size() && offset + done < table_.plainSize()) {
            const std::size_t index = table_.frameAt(offset + done);
            const std::vector<std::byte>* plain = frame(index);
            if (plain == nullptr) {
                break;
            }
            const std::uint64_t within = offset + done - table_.frame(index).plainOffset;
            const std::size_t size = std::min<std::size_t>(out.size() - done, plain->size() - within);
            std::memcpy(out.data() + done, plain->data() + within, size);
            done += size;
        }
        return done;
    }

private:
    struct CachedFrame {
        std::size_t index = 0;
        std::vector<std::byte> plain; //!< empty: damaged
    };

    //! \brief The frame's content, most recently used first; nullptr when it is damaged.
    const std::vector<std::byte>* frame(std::size_t index) const {
        auto cached =
            std::find_if(cache_.begin(), cache_.end(), [&](const auto& f) { return f.index == index; });
        if (cached == cache_.end()) {
            cache_.push_front({index, decompress(index)});
            cachedBytes_ += cache_.front().plain.size();
            while (cachedBytes_ > kCacheBytes && cache_.size() > 1) {
                cachedBytes_ -= cache_.back().plain.size();
                cache_.pop_back();
            }
            cached = cache_.begin();
        } else if (cached != cache_.begin()) {
            cache_.splice(cache_.begin(), cache_, cached);
        }
        return cached->plain.empty() ? nullptr : &cached->plain;
    }

    std::vector<std::byte> decompress(std::size_t index) const {
        const SeekTable::Frame frame = table_.frame(index);
        // A packed frame larger than zstd ever makes of that size is damage; the bound also limits the
        // buffer.
        if (context_ == nullptr || frame.packedSize > ZSTD_compressBound(frame.plainSize) + 1024) {
            return {};
        }
        packed_.resize(frame.packedSize);
        if (file_->read(frame.packedOffset, packed_) != packed_.size()) {
            return {};
        }
        std::vector<std::byte> plain(frame.plainSize);
        const std::size_t size =
            ZSTD_decompressDCtx(context_.get(), plain.data(), plain.size(), packed_.data(), packed_.size());
        if (ZSTD_isError(size) != 0 || size != plain.size()) {
            return {};
        }
        return plain;
    }

    std::unique_ptr<ByteSource> file_;
    SeekTable table_;
    mutable std::mutex mutex_;
    mutable DecompressionContext context_;
    mutable std::vector<std::byte> packed_;
    mutable std::list<CachedFrame> cache_;
    mutable std::size_t cachedBytes_ = 0;
};

} // namespace

Result<std::unique_ptr<ByteSource>> openSeekableSource(std::unique_ptr<ByteSource> file,
                                                       const std::string& path) {
    auto table = SeekTable::read(*file, path);
    if (!table) {
        return tl::unexpected(table.error());
    }
    return std::make_unique<SeekableSource>(std::move(file), std::move(*table));
}

} // namespace firstchance
