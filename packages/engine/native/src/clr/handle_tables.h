#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief What comes first in a segment of GC handles (64 KB, aligned); dotnet/runtime
//! src/coreclr/gc/handletablepriv.h, .NET 8 to 10. Handles lie in blocks of 64 of one kind.
struct HandleSegment {
    static constexpr std::uint64_t kSize = 65536;
    static constexpr std::uint64_t kHandles = 4096; //!< where they begin
    static constexpr std::size_t kBlocks = 120;

    std::array<std::uint8_t, 4 * kBlocks> generations;
    std::array<std::uint8_t, kBlocks> allocationChain;
    std::array<std::uint64_t, kBlocks> freeMasks; //!< a set bit for each handle that is not given out
    std::array<std::uint8_t, kBlocks> kinds; //!< the runtime's HNDTYPE_…; 0xFF: the block is not in use
    std::array<std::uint8_t, kBlocks> userData;
    std::array<std::uint8_t, kBlocks> locks;
};
static_assert(sizeof(HandleSegment) == 1920);

//! \brief Where the parts of a handle table and of its segments lie. It depends on the number of kinds the
//! runtime was built with, which differs by version, so it is learnt from a table.
class HandleTableLayout {
public:
    //! \brief Nothing if with no number of kinds the first segment of \p table points back to it.
    static std::optional<HandleTableLayout> learn(Dac& dac, Address table);

    [[nodiscard]] bool fits(Dac& dac, Address table) const;
    //! \brief Kinds a handle can have; the runtime has one more, for blocks of its own data.
    [[nodiscard]] std::size_t kinds() const { return allKinds_ - 1; }
    //! \brief Offset in a table of the pointer to its first segment.
    [[nodiscard]] std::uint64_t segmentList() const { return (4 * allKinds_ + 7) / 8 * 8; }
    //! \brief Offset in a segment of the pointer to the next; that to its table follows. Not aligned.
    [[nodiscard]] std::uint64_t nextSegment() const { return sizeof(HandleSegment) + 6 * allKinds_; }

private:
    explicit HandleTableLayout(std::size_t allKinds) : allKinds_(allKinds) {}
    std::size_t allKinds_;
};

struct HandleTables {
    HandleTableLayout layout;
    //! The tables in use: with server GC one for each processor the runtime saw at start, else one.
    std::vector<Address> tables;
};

//! \brief The tables of the map at \p map (GcDacVars::handleTableMap); nothing if they look like none that we
//! know.
[[nodiscard]] std::optional<HandleTables> findHandleTables(Dac& dac, Address map);

} // namespace firstchance
