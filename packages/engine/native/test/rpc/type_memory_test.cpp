#include "rpc/type_memory.h"

#include <gtest/gtest.h>

namespace firstchance {
namespace {

using Json = nlohmann::json;

Json lesson(std::uint64_t base, std::uint64_t table, const std::string& name) {
    return {{"event", "types"}, {"runtimeBase", base}, {"types", {{table, name, "Shop.dll"}}}};
}

TEST(TypeMemory, GathersWhatItLearnsOfOneProcess) {
    TypeMemory memory;
    EXPECT_EQ(nullptr, memory.of({1, 100}));
    memory.learn({1, 100}, lesson(4096, 8, "Shop.Cart"));
    const auto first = memory.of({1, 100});
    memory.learn({1, 100}, lesson(4096, 16, "Shop.Order"));
    const auto both = memory.of({1, 100});
    ASSERT_TRUE(first && both);
    EXPECT_EQ(1U, first->labels.size()); // who reads it is not disturbed
    EXPECT_EQ(2U, both->labels.size());
    EXPECT_EQ("Shop.Cart", both->labels.at(8).name);
    EXPECT_EQ("Shop.dll", both->labels.at(16).module);
    EXPECT_EQ(Address(4096), both->runtimeBase);
}

TEST(TypeMemory, MixesNoProcesses) {
    TypeMemory memory;
    memory.learn({1, 100}, lesson(4096, 8, "Shop.Cart"));
    EXPECT_EQ(nullptr, memory.of({1, 101})); // the id was given to another process
    EXPECT_EQ(nullptr, memory.of({2, 100}));
}

TEST(TypeMemory, ForgetsTheRuntimeBeforeAnExec) {
    TypeMemory memory;
    memory.learn({1, 100}, lesson(4096, 8, "Shop.Cart"));
    memory.learn({1, 100}, lesson(8192, 16, "Shop.Order"));
    EXPECT_EQ(Address(8192), memory.of({1, 100})->runtimeBase);
    EXPECT_FALSE(memory.of({1, 100})->labels.contains(8));
}

TEST(TypeMemory, KeepsTheProcessesUsedLast) {
    TypeMemory memory;
    for (pid_t pid = 1; pid <= static_cast<pid_t>(TypeMemory::kMostProcesses); ++pid) {
        memory.learn({pid, 100}, lesson(4096, 8, "Shop.Cart"));
    }
    EXPECT_NE(nullptr, memory.of({1, 100})); // used again
    memory.learn({1000, 100}, lesson(4096, 8, "Shop.Cart"));
    EXPECT_NE(nullptr, memory.of({1, 100}));
    EXPECT_EQ(nullptr, memory.of({2, 100}));
    EXPECT_NE(nullptr, memory.of({1000, 100}));
}

TEST(TypeMemory, IsBounded) {
    TypeMemory memory;
    Json many = lesson(4096, 8, "Shop.Cart");
    for (std::uint64_t table = 16; many["types"].size() <= TypeMemory::kMostTypes; table += 8) {
        many["types"].push_back({table, "T", ""});
    }
    memory.learn({1, 100}, many);
    memory.learn({1, 100}, lesson(4096, 1U << 30U, "Shop.Last"));
    EXPECT_EQ(TypeMemory::kMostTypes, memory.of({1, 100})->labels.size());
}

} // namespace
} // namespace firstchance
