#include "heap/native/native_claims.h"

#include <tuple>

#include <gmock/gmock.h>

namespace firstchance {
namespace {

constexpr std::uint64_t kChunk = 0x5000'0010;
constexpr std::uint64_t kMapping = 0x7f00'0000'0000;
constexpr std::uint64_t kPage = 4096;

using Piece = std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>; // begin, pages or bytes, node

std::vector<Piece> piecesOf(const std::vector<OwnedPiece>& owned) {
    std::vector<Piece> pieces;
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
        {{Address(kMapping), Address(kMapping + 10 * kPage)}, NativeKind::Anonymous}};
    std::vector<std::uint32_t> types = {0, 1, 0, 1, 0, 1};
    std::vector<std::uint32_t> ranks = {0, 1};
    NativeClaims claims{blocks, types, ranks};
};

using testing::ElementsAre;

TEST_F(NativeClaimsTest, GiveABlockToWhoPointsNearestToItsBegin) {
    claims.claim(kChunk + 8, 0, 0);
    claims.claim(kChunk, 0, 1);
    claims.claim(kChunk + 16, 0, 2);
    EXPECT_THAT(piecesOf(claims.settle(1)), ElementsAre(Piece(kChunk, 0x100, 1)));
    claims.claim(kChunk, 0, 0);
    EXPECT_TRUE(claims.settle(2).empty());
}

TEST_F(NativeClaimsTest, OfOneLevelGoByRankOfTheTypeThenByNode) {
    claims.claim(kChunk, 0, 1);
    claims.claim(kChunk, 0, 4);
    claims.claim(kChunk, 0, 2);
    claims.claim(kMapping, 1, 5);
    claims.claim(kMapping, 1, 4);
    EXPECT_THAT(piecesOf(claims.settle(1)),
                ElementsAre(Piece(kChunk, 0x100, 2), Piece(kMapping, 10 * kPage, 4)));
}

TEST_F(NativeClaimsTest, SplitAMappingAtThePagesThatArePointedTo) {
    claims.claim(kMapping + 3 * kPage, 1, 2);
    claims.claim(kMapping + 3 * kPage + 100, 1, 1);
    claims.claim(kMapping + 7 * kPage, 1, 3);
    EXPECT_THAT(piecesOf(claims.settle(1)), ElementsAre(Piece(kMapping + 3 * kPage, 4 * kPage, 2),
                                                        Piece(kMapping + 7 * kPage, 3 * kPage, 3)));
    // What lay before is still to be had, the rest is not.
    claims.claim(kMapping + 8, 1, 0);
    claims.claim(kMapping + 4 * kPage, 1, 0);
    EXPECT_THAT(piecesOf(claims.settle(2)), ElementsAre(Piece(kMapping, 3 * kPage, 0)));
    claims.claim(kMapping + 8, 1, 1);
    EXPECT_TRUE(claims.settle(3).empty());
}

TEST_F(NativeClaimsTest, IntoTheMiddleTakeTheWholeMapping) {
    claims.claim(kMapping + 5 * kPage + 8, 1, 2);
    EXPECT_THAT(piecesOf(claims.settle(1)), ElementsAre(Piece(kMapping, 10 * kPage, 2)));
}

} // namespace
} // namespace firstchance
