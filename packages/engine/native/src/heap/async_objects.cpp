#include "heap/async_objects.h"

#include <algorithm>

#include "clr/dac_interfaces.h"
#include "clr/fields.h"
#include "clr/module_files.h"
#include "clr/objects.h"
#include "clr/type_names.h"

namespace firstchance {
namespace {

constexpr const char* kTask = "System.Threading.Tasks.Task";
constexpr std::uint32_t kCompletedFlags = 0x1600000; //!< TASK_STATE_RAN_TO_COMPLETION | FAULTED | CANCELED
constexpr std::size_t kMostContinuations = 1000;
constexpr int kDeepestStruct = 4;

//! \brief Reference-typed fields as the DAC gives them: string, class, object, array, vector, generic
//! instance, variable.
bool isReference(std::uint32_t element) {
    return element == 0x0E || element == 0x12 || element == 0x14 || element == 0x15 || element == 0x1C ||
           element == 0x1D || element == 0x13;
}

//! \brief "Shop.Cart+<LoadAsync>d__3<T>" to "Shop.Cart.LoadAsync"; of lambdas and local functions
//! "Shop.Cart+<>c+<<Run>b__0_1>d" to "Shop.Cart+<>c.<Run>b__0_1".
std::string methodOfMachine(const std::string& type) {
    const std::size_t at = type.rfind("+<", type.find(">d"));
    const std::size_t end = at == std::string::npos ? at : type.find(">d", at);
    if (end == std::string::npos) {
        return type;
    }
    std::string method = type.substr(0, at) + ".";
    return method.append(type, at + 2, end - at - 2);
}

bool isBox(const std::string& type) {
    for (const char* box : {"+AsyncStateMachineBox<", "+DebugFinalizableAsyncStateMachineBox<"}) {
        if (type.find(box) != std::string::npos) {
            return true;
        }
    }
    // Pooled boxes of ValueTask methods are no tasks.
    return type.find("ValueTaskMethodBuilder") != std::string::npos &&
           type.find("+StateMachineBox<") != std::string::npos;
}

} // namespace

std::optional<std::uint64_t> AsyncObjects::offsetIn(Address methodTable, std::string_view field) {
    const auto found = findField(dac_, methodTable, field);
    return found ? std::optional<std::uint64_t>(kObjectHeader + found->offset) : std::nullopt;
}

bool AsyncObjects::isInteresting(Address methodTable) {
    const auto known = interesting_.find(methodTable.value());
    if (known != interesting_.end()) {
        return known->second;
    }
    const bool is = derivesFrom(dac_, methodTable, kTask) || isBox(typeName(dac_, methodTable));
    return interesting_.emplace(methodTable.value(), is).first->second;
}

void AsyncObjects::addReferences(Address structType, std::uint64_t base, int depth,
                                 std::vector<std::uint64_t>& slots) {
    for (const InstanceField& field : declaredFields(dac_, structType)) {
        if (isReference(field.elementType)) {
            slots.push_back(base + field.offset);
        } else if (field.elementType == kStructElement && !field.type.isNull() && depth < kDeepestStruct) {
            addReferences(field.type, base + field.offset, depth + 1, slots);
        }
    }
}

std::optional<AsyncObjects::Machine> AsyncObjects::readMachine(Address boxType, Address box) {
    const auto field = findField(dac_, boxType, "StateMachine");
    if (!field) {
        return std::nullopt;
    }
    Machine machine;
    machine.offset = kObjectHeader + field->offset;
    machine.inlined = field->elementType == kStructElement;
    // A Debug build makes a class of it: the box is then of shared generic code, and only the object knows
    // its type.
    const Address type =
        machine.inlined ? field->type : methodTableOf(dac_, referenceAt(dac_, box + machine.offset));
    const auto state = type.isNull() ? std::nullopt : findField(dac_, type, "<>1__state");
    if (!state) {
        return std::nullopt;
    }
    const std::uint64_t base = machine.inlined ? 0 : kObjectHeader;
    machine.stateOffset = base + state->offset;
    machine.method = methodOfMachine(typeName(dac_, type));
    machine.token = declaredMethod(dac_, type, "MoveNext");
    if (const auto data = dac_.interfaces().get<dac::MethodTable>(dac::Sos::GetMethodTableData, type)) {
        machine.modulePath = moduleFile(dac_, Address(data->module));
        machine.module = fileName(machine.modulePath);
    }
    for (const InstanceField& awaiter : declaredFields(dac_, type)) {
        if (!awaiter.name.starts_with("<>u__")) {
            continue;
        }
        if (awaiter.elementType == kStructElement && !awaiter.type.isNull()) {
            addReferences(awaiter.type, base + awaiter.offset, 0, machine.awaiterSlots);
        } else if (isReference(awaiter.elementType)) {
            machine.awaiterSlots.push_back(base + awaiter.offset);
        }
    }
    return machine;
}

AsyncObjects::Type AsyncObjects::readType(Address methodTable, Address object) {
    Type type;
    type.isTask = derivesFrom(dac_, methodTable, kTask);
    if (isBox(typeName(dac_, methodTable))) {
        type.machine = readMachine(methodTable, object);
    }
    if (type.isTask && !type.machine) {
        for (const char* name : {"m_tasks", "_tasks"}) { // WhenAll, WhenAny
            if (const auto offset = offsetIn(methodTable, name)) {
                type.lists.push_back(*offset);
            }
        }
        for (const char* name : {"m_antecedent", "_task1", "_task2"}) { // ContinueWith, WhenAny of two
            if (const auto offset = offsetIn(methodTable, name)) {
                type.singles.push_back(*offset);
            }
        }
    }
    return type;
}

const AsyncObjects::Type& AsyncObjects::typeOf(Address methodTable, Address object) {
    const auto known = types_.find(methodTable.value());
    if (known != types_.end()) {
        return known->second;
    }
    Type type = readType(methodTable, object);
    // A box that is done with has let go of its machine: the next one may still have its own.
    if (!type.machine && isBox(typeName(dac_, methodTable))) {
        withoutMachine_ = std::move(type);
        return withoutMachine_;
    }
    return types_.emplace(methodTable.value(), std::move(type)).first->second;
}

void AsyncObjects::addContinuation(Address continuation, int depth, std::vector<Address>& out) {
    const Address type = methodTableOf(dac_, continuation);
    if (type.isNull() || depth > 6 || out.size() >= kMostContinuations) {
        return;
    }
    if (isInteresting(type)) {
        out.push_back(continuation);
        return;
    }
    const std::string name = typeName(dac_, type);
    if (name.starts_with("System.Collections.Generic.List<")) {
        for (const Address item :
             referenceArray(dac_, referenceAt(dac_, continuation + offsetIn(type, "_items").value_or(0)),
                            kMostContinuations)) {
            addContinuation(item, depth + 1, out);
        }
        return;
    }
    // Action.Target; TaskContinuation's action or task; the wrapper that keeps an Action with its async
    // method.
    for (const char* field : {"_target", "m_action", "m_task", "_invokeAction", "_innerTask"}) {
        if (const auto offset = offsetIn(type, field)) {
            const Address next = referenceAt(dac_, continuation + *offset);
            if (!next.isNull() && next != continuation) {
                addContinuation(next, depth + 1, out);
                return;
            }
        }
    }
}

void AsyncObjects::addAwaited(Address object, int depth, std::vector<Address>& out) {
    const Address type = methodTableOf(dac_, object);
    if (type.isNull()) {
        return;
    }
    auto known = awaited_.find(type.value());
    if (known == awaited_.end()) {
        Awaited awaited;
        awaited.isDelegate = derivesFrom(dac_, type, "System.Delegate");
        if (derivesFrom(dac_, type, "System.ValueType")) {
            addReferences(type, kObjectHeader, 0, awaited.slots);
        }
        known = awaited_.emplace(type.value(), std::move(awaited)).first;
    }
    if (known->second.isDelegate) {
        return;
    }
    if (known->second.slots.empty() || depth >= kDeepestStruct) {
        out.push_back(object);
        return;
    }
    for (const std::uint64_t slot : known->second.slots) {
        if (const Address inner = referenceAt(dac_, object + slot); !inner.isNull()) {
            addAwaited(inner, depth + 1, out);
        }
    }
}

bool AsyncObjects::locateTaskFields() {
    return flagsOffset_ != 0 && continuationOffset_ != 0;
}

std::optional<AsyncObject> AsyncObjects::read(Address object, Address methodTable) {
    const Type& type = typeOf(methodTable, object);
    AsyncObject result;
    result.address = object;
    if (type.isTask) {
        if (!locateTaskFields()) {
            flagsOffset_ = offsetIn(methodTable, "m_stateFlags").value_or(0);
            continuationOffset_ = offsetIn(methodTable, "m_continuationObject").value_or(0);
        }
        const auto flags =
            locateTaskFields() ? dac_.readValue<std::uint32_t>(object + flagsOffset_) : std::nullopt;
        if (!flags || (*flags & kCompletedFlags) != 0) {
            return std::nullopt;
        }
        addContinuation(referenceAt(dac_, object + continuationOffset_), 0, result.continuations);
    }
    if (type.machine) {
        const Machine& machine = *type.machine;
        const Address base =
            machine.inlined ? object + machine.offset : referenceAt(dac_, object + machine.offset);
        const auto state =
            base.isNull() ? std::nullopt : dac_.readValue<std::int32_t>(base + machine.stateOffset);
        if (!state || *state < 0) {
            return std::nullopt; // -1 is running, -2 done, less: not started; only 0 and up stand at an await
        }
        result.isMachine = true;
        if (!machine.inlined) {
            result.machine = base;
        }
        result.state = *state;
        result.method = machine.method;
        result.module = machine.module;
        result.modulePath = machine.modulePath;
        result.token = machine.token;
        for (const std::uint64_t slot : machine.awaiterSlots) {
            if (const Address awaited = referenceAt(dac_, base + slot); !awaited.isNull()) {
                addAwaited(awaited, 0, result.awaits);
            }
        }
        return result;
    }
    result.method = typeName(dac_, methodTable);
    result.module = typeModule(dac_, methodTable);
    for (const std::uint64_t slot : type.singles) {
        if (const Address awaited = referenceAt(dac_, object + slot); !awaited.isNull()) {
            result.awaits.push_back(awaited);
        }
    }
    for (const std::uint64_t slot : type.lists) {
        for (const Address awaited :
             referenceArray(dac_, referenceAt(dac_, object + slot), kMostContinuations)) {
            if (!awaited.isNull()) {
                result.awaits.push_back(awaited);
            }
        }
    }
    return result;
}

AsyncObject AsyncObjects::leaf(Address object) {
    AsyncObject result;
    result.address = object;
    const Address type = methodTableOf(dac_, object);
    result.method = type.isNull() ? std::string() : typeName(dac_, type);
    result.module = type.isNull() ? std::string() : typeModule(dac_, type);
    return result;
}

} // namespace firstchance
