#pragma once

#include <string>

#include "clr/dac.h"

namespace firstchance {

//! \brief While it lives, the DAC of a server GC process walks every slot of the handle table.
//!
//! A handle table bucket has one slot per processor the runtime saw at start, but the DAC walks as many as
//! there are heaps in use (n_heaps), which the GC of .NET 9 and later changes as it goes. So its reads of
//! n_heaps are answered with the number of slots that hold a handle table. Nothing in the target changes.
class AllHandleSlots {
public:
    explicit AllHandleSlots(Dac& dac);
    AllHandleSlots(const AllHandleSlots&) = delete;
    AllHandleSlots& operator=(const AllHandleSlots&) = delete;
    ~AllHandleSlots();

    //! \brief Why handles may be missing; empty if none are.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

private:
    Dac& dac_;
    bool active_ = false;
    std::string trouble_;
};

} // namespace firstchance
