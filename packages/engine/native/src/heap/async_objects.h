#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/address.h"
#include "clr/dac.h"

namespace firstchance {

//! \brief What one awaitable object is: an async method's state machine, or a task that something else will
//! complete.
struct AsyncObject {
    Address address;
    std::string method; //!< of a state machine "N.Type.Method", else the object's type
    std::string module, modulePath;
    std::uint32_t token = 0;
    std::int32_t state = 0;
    bool isMachine = false;
    Address machine; //!< the state machine where it is an object of its own: who enumerates an async iterator
                     //!< awaits this one, not its box
    std::vector<Address> awaits;        //!< objects its awaiters, or a combinator's list, hold
    std::vector<Address> continuations; //!< objects that go on when this one completes
};

//! \brief Recognises tasks and boxed state machines by their types and reads them by field names.
//!
//! The names are those of System.Private.CoreLib of .NET 8 to 10 (Task.cs, AsyncTaskMethodBuilderT.cs,
//! TaskContinuation.cs) and of the C# compiler (<>1__state, <>u__N).
class AsyncObjects {
public:
    explicit AsyncObjects(Dac& dac) : dac_(dac) {}

    //! \brief True if objects of this type may be pending tasks or state machines. One question per type.
    [[nodiscard]] bool isInteresting(Address methodTable);
    //! \brief The object, if it is a task or state machine that has not completed.
    [[nodiscard]] std::optional<AsyncObject> read(Address object, Address methodTable);
    //! \brief Any other object that is awaited, as a leaf.
    [[nodiscard]] AsyncObject leaf(Address object);

private:
    struct Machine {
        std::uint64_t offset = 0; //!< of the state machine in the box, after the MethodTable pointer
        bool inlined =
            true; //!< a struct inside the box (Release builds) or an object of its own (Debug builds)
        std::string method, module, modulePath;
        std::uint32_t token = 0;
        std::uint64_t stateOffset = 0;
        std::vector<std::uint64_t> awaiterSlots; //!< references inside the awaiter fields
    };
    struct Type {
        bool isTask = false;
        std::optional<Machine> machine;
        std::vector<std::uint64_t> lists;   //!< arrays of tasks a combinator waits for
        std::vector<std::uint64_t> singles; //!< single tasks waited for
    };
    //! \brief How an awaiter's reference to an object of a type is to be read.
    struct Awaited {
        bool isDelegate = false;
        std::vector<std::uint64_t> slots; //!< of a boxed structure: its references
    };
    //! \param object one of the type
    const Type& typeOf(Address methodTable, Address object);
    Type readType(Address methodTable, Address object);
    std::optional<Machine> readMachine(Address boxType, Address box);
    void addReferences(Address structType, std::uint64_t base, int depth, std::vector<std::uint64_t>& slots);
    void addContinuation(Address continuation, int depth, std::vector<Address>& out);
    std::optional<std::uint64_t> offsetIn(Address methodTable, std::string_view field);
    //! \brief What an awaiter refers to and may be awaited: not the delegates that it calls; of a boxed
    //! awaiter what that refers to.
    void addAwaited(Address object, int depth, std::vector<Address>& out);
    bool locateTaskFields();

    Dac& dac_;
    std::unordered_map<std::uint64_t, Type> types_;
    Type withoutMachine_; //!< the last one that is not kept in types_
    std::unordered_map<std::uint64_t, bool> interesting_;
    std::unordered_map<std::uint64_t, Awaited> awaited_;
    std::unordered_map<std::string, std::optional<std::uint64_t>> offsets_;
    Address taskType_;
    std::uint64_t flagsOffset_ = 0;
    std::uint64_t continuationOffset_ = 0;
};

} // namespace firstchance
