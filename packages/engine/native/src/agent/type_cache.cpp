#include "agent/type_cache.h"

#include <string.h>

#include <new>

#include "agent/clr_names.h"
#include "agent/limits.h"

namespace firstchance::agent {
namespace {

constexpr int kMaxBases = 32;

constexpr Text kWrappers[] = {"System.Reflection.TargetInvocationException", "System.AggregateException",
                              "System.TypeInitializationException"};

bool isWrapperName(Text name) {
    for (const Text wrapper : kWrappers) {
        if (equals(name, wrapper)) {
            return true;
        }
    }
    return false;
}

} // namespace

TypeInfo::Verdicts TypeInfo::judge(const Filter& filter) {
    std::uint64_t packed = judgement.load(std::memory_order_relaxed);
    if (packed >> 8 != filter.generation) {
        const auto include = static_cast<std::uint64_t>(filter.include.judgeType(names));
        const auto exclude = static_cast<std::uint64_t>(filter.exclude.judgeType(names));
        packed = static_cast<std::uint64_t>(filter.generation) << 8 | include << 4 | exclude;
        judgement.store(packed, std::memory_order_relaxed);
    }
    return {static_cast<TypeVerdict>(packed >> 4 & 0xf), static_cast<TypeVerdict>(packed & 0xf)};
}

TypeInfo* TypeCache::identify(void* profilerInfo, ObjectId exception, std::uintptr_t methodTable) {
    ClassId chain[kMaxBases];
    int count = 0;
    ClassId type = 0;
    if (call(profilerInfo, kInfoGetClassFromObject, exception, &type) < 0) {
        return nullptr;
    }
    // Names are asked for outside the lock: the runtime may take its own.
    NameBuffer name;
    while (type != 0 && count < kMaxBases) {
        chain[count++] = type;
        ClassId parent = 0;
        name.clear();
        if (!appendTypeName(profilerInfo, type, name, &parent)) {
            return nullptr;
        }
        type = parent;
    }
    TypeInfo* info = nullptr;
    for (int i = count - 1; i >= 0; --i) {
        name.clear();
        if (!appendTypeName(profilerInfo, chain[i], name, nullptr)) {
            return nullptr;
        }
        const Lock lock(mutex_);
        if (equals(name.text(), "System.Exception")) {
            layout_.learn(profilerInfo, chain[i]);
        }
        info = intern(name.text(), info);
        if (info == nullptr) {
            return nullptr;
        }
    }
    if (info != nullptr && layout_.known()) {
        const Lock lock(mutex_);
        types_.insert(methodTable, arena_.indexOf(info));
        return info;
    }
    return nullptr;
}

void TypeCache::forgetAddresses() {
    const Lock lock(mutex_);
    types_.clear();
}

TypeInfo* TypeCache::intern(Text name, TypeInfo* base) {
    const std::uint64_t hash = hashText(name);
    TypeInfo*& head = buckets_[hash % kBuckets];
    const TypeNames* baseNames = base != nullptr ? &base->names : nullptr;
    for (TypeInfo* type = head; type != nullptr; type = type->nextInBucket) {
        if (type->hash == hash && equals(type->names.name, name) && type->names.base == baseNames) {
            return type;
        }
    }
    void* memory = arena_.allocate(sizeof(TypeInfo) + name.size);
    if (memory == nullptr) {
        return nullptr;
    }
    auto* type = new (memory) TypeInfo();
    char* copy = static_cast<char*>(memory) + sizeof(TypeInfo);
    ::memcpy(copy, name.data, name.size);
    type->names = {{copy, name.size}, baseNames};
    type->hash = hash;
    type->isWrapper = isWrapperName(name);
    type->nextInBucket = head;
    head = type;
    return type;
}

} // namespace firstchance::agent
