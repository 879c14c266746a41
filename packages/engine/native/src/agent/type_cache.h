#pragma once

#include <pthread.h>

#include <atomic>
#include <cstdint>

#include "agent/address_map.h"
#include "agent/arena.h"
#include "agent/clr_api.h"
#include "agent/control_file.h"
#include "agent/exception_layout.h"
#include "agent/patterns.h"
#include "agent/protocol.h"

namespace firstchance::agent {

//! \brief A type by its name and its bases' names. Kept for ever and shared by all types of that description,
//! so a collectible type that is loaded a thousand times takes room once.
struct TypeInfo {
    TypeNames names;
    TypeInfo* nextInBucket = nullptr;
    std::uint64_t hash = 0;
    bool isWrapper = false; //!< TargetInvocation-, Aggregate- or TypeInitializationException
    //! generation << 8 | verdict on include << 4 | verdict on exclude
    std::atomic<std::uint64_t> judgement;
    std::atomic<std::uint32_t> skipped[kSkipReasons]; //!< not told to the engine yet

    struct Verdicts {
        TypeVerdict include;
        TypeVerdict exclude;
    };
    //! \brief What the filter says of the type, judged again when its generation is new.
    [[nodiscard]] Verdicts judge(const Filter& filter);
};

//! \brief Types of exceptions by MethodTable.
class TypeCache {
public:
    //! \brief Known already, or null. No lock, no call into the runtime.
    [[nodiscard]] TypeInfo* find(std::uintptr_t methodTable) const {
        const std::uint32_t item = types_.find(methodTable);
        return item != 0 ? static_cast<TypeInfo*>(arena_.at(item)) : nullptr;
    }
    //! \brief Asks the runtime. Null when it does not tell or memory has run out.
    [[nodiscard]] TypeInfo* identify(void* profilerInfo, ObjectId exception, std::uintptr_t methodTable);
    //! \brief A module is being unloaded: its types' MethodTables may become others'.
    void forgetAddresses();
    [[nodiscard]] const ExceptionLayout& layout() const { return layout_; }

    //! \brief Visits all types without holding a lock: what is in a bucket never changes, new ones come in
    //! front.
    template <class Visitor> void forEach(Visitor visit) {
        for (TypeInfo*& bucket : buckets_) {
            TypeInfo* head = nullptr;
            {
                const Lock lock(mutex_);
                head = bucket;
            }
            for (TypeInfo* type = head; type != nullptr; type = type->nextInBucket) {
                visit(*type);
            }
        }
    }

private:
    TypeInfo* intern(Text name, TypeInfo* base);

    static constexpr std::size_t kBuckets = 1024;
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    Arena arena_;
    AddressMap types_;
    ExceptionLayout layout_;
    TypeInfo* buckets_[kBuckets] = {};
};

} // namespace firstchance::agent
