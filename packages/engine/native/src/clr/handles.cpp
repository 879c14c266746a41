#include "clr/handles.h"

#include <algorithm>

#include "clr/dac_interfaces.h"
#include "clr/handle_slots.h"

namespace firstchance {
namespace {

constexpr std::uint32_t kHandleBatch = 4096;
constexpr std::uint64_t kMostHandles = 200'000'000;

bool keepsAlive(const dac::Handle& handle) {
    switch (static_cast<GcHandle::Kind>(handle.type)) {
    case GcHandle::Kind::Strong:
    case GcHandle::Kind::Pinned:
    case GcHandle::Kind::Dependent:
    case GcHandle::Kind::AsyncPinned:
    case GcHandle::Kind::SizedRef: return true;
    case GcHandle::Kind::RefCounted: return handle.strong != 0;
    }
    return false; // weak, and whatever a later runtime adds without making it strong
}

void add(Dac& dac, const dac::Handle& source, GcHandles& result) {
    result.all += 1;
    result.byKind[std::min<std::size_t>(source.type, result.byKind.size() - 1)] += 1;
    if (!keepsAlive(source) && source.strong == 0) {
        return;
    }
    const auto object = dac.readValue<std::uint64_t>(Address(source.handle));
    if (!object) {
        result.complete = false;
        result.why = "the object of a handle could not be read";
        return;
    }
    GcHandle handle;
    handle.kind = keepsAlive(source) ? static_cast<GcHandle::Kind>(source.type) : GcHandle::Kind::Strong;
    handle.object = Address(*object);
    handle.dependent =
        Address(handle.kind == GcHandle::Kind::Dependent ? source.secondary : std::uint64_t{0});
    if (*object != 0 && (handle.kind != GcHandle::Kind::Dependent || source.secondary != 0)) {
        result.handles.push_back(handle);
    }
}

} // namespace

GcHandles readHandles(Dac& dac) {
    GcHandles result;
    const AllHandleSlots slots(dac);
    com::Reference enumerator;
    if (dac.interfaces().call(dac::Sos::GetHandleEnum, enumerator.out()) < 0 || !enumerator) {
        result.complete = false;
        result.why = "the handles could not be listed";
        return result;
    }
    std::vector<dac::Handle> items(kHandleBatch);
    std::uint32_t fetched = 0;
    do {
        fetched = 0;
        if (com::call(enumerator.get(), dac::slot::kEnumNext, kHandleBatch, items.data(), &fetched) < 0) {
            result.complete = false;
            result.why = "the list of handles broke off";
            break;
        }
        for (std::uint32_t i = 0; i < fetched; ++i) {
            add(dac, items[i], result);
        }
    } while (fetched == kHandleBatch && result.all < kMostHandles);
    if (!slots.trouble().empty() && result.complete) {
        result.complete = false;
        result.why = slots.trouble();
    }
    return result;
}

} // namespace firstchance
