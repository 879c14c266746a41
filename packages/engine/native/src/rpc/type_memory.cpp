#include "rpc/type_memory.h"

#include <algorithm>

namespace firstchance {

std::shared_ptr<const KnownTypes> TypeMemory::of(const Process& process) {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.process == process; });
    if (found == entries_.end()) {
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front().known;
}

void TypeMemory::learn(const Process& process, const nlohmann::json& message) {
    const auto before = of(process);
    const Address base(message.value("runtimeBase", std::uint64_t{0}));
    auto known = std::make_shared<KnownTypes>();
    if (before && before->runtimeBase == base) {
        *known = *before; // a census under way may still read the old one
    }
    known->runtimeBase = base;
    for (const nlohmann::json& type : message.value("types", nlohmann::json::array())) {
        if (known->labels.size() >= kMostTypes) {
            break;
        }
        known->labels.insert_or_assign(
            type.at(0).get<std::uint64_t>(),
            TypeLabel{type.at(1).get<std::string>(), type.at(2).get<std::string>()});
    }
    if (before) {
        entries_.front().known = std::move(known);
        return;
    }
    entries_.push_front({process, std::move(known)});
    if (entries_.size() > kMostProcesses) {
        entries_.pop_back();
    }
}

} // namespace firstchance
