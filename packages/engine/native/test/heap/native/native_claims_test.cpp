#include "heap/native/native_claims.h"

#include <tuple>

#include <gmock/gmock.h>

namespace firstchance {
namespace {

constexpr std::uint64_t kChunk = 0x5000'0010;
constexpr std::uint64_t kMapping = 0x7f00'0000'0000;
constexpr std::uint64_t kBlockPage = 4096;

using Piece = std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>; // begin, pages or bytes, node

std::vector<Piece> piecesOf(const std::vector<OwnedPiece>& owned) {
    std::vector<Piece> pieces;
    pieces.reserve(owned.size());
    for (const OwnedPiece& one : owned) {
        pieces.emplace_back(one.range.begin.value(), one.range.size(), one.node);
    }
    return pieces;
}

//! \brief One block of malloc, one mapping of ten pages, six objects: of odd numbers a type that comes later.
class NativeClaimsTest : public testing::Test {
protected:
    std::vector<NativeBlock> blocks = {
        {{Address(kChunk), Address(kChunk + 0x100)}, NativeKind::Malloc},
        {{Address(kMapping), Address(kMapping + 10 * kBlockPage)}, NativeKind::Anonymous}};
    std::vector<std::uint32_t> types = {0, 1, 0, 1, 0, 1};
    std::vector<std::uint32_t> ranks = {0, 1};
    NativeClaims claims{blocks, types, ranks};
};

using testing::ElementsAre;

TEST_F(NativeClaimsTest, GiveABlockToWhoPointsNearestToItsBegin) {
    claims.claim(kChunk + 8, 0, 0, 1);
    claims.claim(kChunk, 0, 1, 1);
    claims.claim(kChunk + 16, 0, 2, 1);
    EXPECT_THAT(piecesOf(claims.settle()), ElementsAre(Piece(kChunk, 0x100, 1)));
    claims.claim(kChunk, 0, 0, 1);
    EXPECT_TRUE(claims.settle().empty());
}

TEST_F(NativeClaimsTest, OfOneLevelGoByRankOfTheTypeThenByNode) {
    claims.claim(kChunk, 0, 1, 1);
    claims.claim(kChunk, 0, 4, 1);
    claims.claim(kChunk, 0, 2, 1);
    claims.claim(kMapping, 1, 5, 1);
    claims.claim(kMapping, 1, 4, 1);
    EXPECT_THAT(piecesOf(claims.settle()),
                ElementsAre(Piece(kChunk, 0x100, 2), Piece(kMapping, 10 * kBlockPage, 4)));
}

TEST_F(NativeClaimsTest, SplitAMappingAtThePagesThatArePointedTo) {
    claims.claim(kMapping + 3 * kBlockPage, 1, 2, 1);
    claims.claim(kMapping + 3 * kBlockPage + 100, 1, 1, 1);
    claims.claim(kMapping + 7 * kBlockPage, 1, 3, 1);
    EXPECT_THAT(piecesOf(claims.settle()), ElementsAre(Piece(kMapping + 3 * kBlockPage, 4 * kBlockPage, 2),
                                                       Piece(kMapping + 7 * kBlockPage, 3 * kBlockPage, 3)));
    // What lay before is still to be had, the rest is not.
    claims.claim(kMapping + 8, 1, 0, 1);
    claims.claim(kMapping + 4 * kBlockPage, 1, 0, 1);
    EXPECT_THAT(piecesOf(claims.settle()), ElementsAre(Piece(kMapping, 3 * kBlockPage, 0)));
    claims.claim(kMapping + 8, 1, 1, 1);
    EXPECT_TRUE(claims.settle().empty());
}

TEST_F(NativeClaimsTest, IntoTheMiddleTakeTheWholeMapping) {
    claims.claim(kMapping + 5 * kBlockPage + 8, 1, 2, 1);
    EXPECT_THAT(piecesOf(claims.settle()), ElementsAre(Piece(kMapping, 10 * kBlockPage, 2)));
}

TEST_F(NativeClaimsTest, IntoTheMiddleAreWeakAndMayWait) {
    EXPECT_FALSE(claims.isWeak(kChunk, 0));
    EXPECT_FALSE(claims.isWeak(kChunk + 32, 0));
    EXPECT_TRUE(claims.isWeak(kChunk + 40, 0));
    EXPECT_FALSE(claims.isWeak(kMapping + kBlockPage, 1));
    EXPECT_TRUE(claims.isWeak(kMapping + kBlockPage + 8, 1));
    claims.defer(kChunk + 40, 0, 1, 2);
    claims.defer(kChunk + 80, 0, 4, 3);
    claims.defer(kMapping + 8, 1, 3, 2);
    EXPECT_TRUE(claims.settle().empty());
    claims.recall(1); // types of rank 0
    const auto first = claims.settle();
    EXPECT_THAT(piecesOf(first), ElementsAre(Piece(kChunk, 0x100, 4)));
    EXPECT_EQ(3, first.front().depth);
    claims.recall(2);
    EXPECT_THAT(piecesOf(claims.settle()), ElementsAre(Piece(kMapping, 10 * kBlockPage, 3)));
}

} // namespace
} // namespace firstchance
