#include "clr/loader_allocators.h"

#include "clr/dac_interfaces.h"
#include "clr/objects.h"

namespace firstchance {

Address loaderAllocator(Dac& dac, Address methodTable) {
    dac::CollectibleData data{};
    com::Reference& sos6 = dac.interfaces().sos6;
    if (!sos6 ||
        com::call(sos6.get(), dac::slot::kSos6GetMethodTableCollectibleData, methodTable.value(), &data) <
            0 ||
        data.collectible == 0) {
        return {};
    }
    return referenceAt(dac, Address(data.loaderAllocatorHandle));
}

} // namespace firstchance
