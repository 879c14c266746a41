#include "clr/handle_slots.h"

#include "clr/dac_interfaces.h"
#include "clr/gc_dac_vars.h"
#include "clr/handle_tables.h"

namespace firstchance {

AllHandleSlots::AllHandleSlots(Dac& dac) : dac_(dac) {
    Dac::Interfaces& interfaces = dac.interfaces();
    dac::GcHeapData data{};
    if (interfaces.call(dac::Sos::GetGCHeapData, &data) < 0 || data.serverMode == 0) {
        return;
    }
    const auto vars = findGcDacVars(dac);
    const auto found = vars ? findHandleTables(dac, vars->handleTableMap) : std::nullopt;
    if (!found) {
        trouble_ = "the handle tables of heaps that are not in use could not be found";
        return;
    }
    if (const auto slots = static_cast<std::uint32_t>(found->tables.size()); slots > data.heapCount) {
        com::call(interfaces.process.get(), dac::slot::kProcessFlush);
        interfaces.target->answerWith(vars->heapCount, slots);
        active_ = true;
    }
}

AllHandleSlots::~AllHandleSlots() {
    if (active_) {
        dac_.interfaces().target->answerWith(Address(), 0);
        com::call(dac_.interfaces().process.get(), dac::slot::kProcessFlush);
    }
}

} // namespace firstchance
