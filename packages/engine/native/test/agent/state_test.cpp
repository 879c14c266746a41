#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "agent/address_map.h"
#include "agent/limits.h"
#include "agent/own_stack.h"
#include "agent/running_tests.h"
#include "agent/utf8.h"

namespace firstchance::agent {
namespace {

TEST(AddressMap, GrowsAndForgets) {
    auto map = std::make_unique<AddressMap>();
    constexpr std::uintptr_t kBase = 0x7f1234560000;
    for (std::uint64_t i = 1; i < 20000; ++i) {
        map->insert(kBase + i * 8, static_cast<std::uint32_t>(i));
    }
    for (std::uint64_t i = 1; i < 20000; ++i) {
        ASSERT_EQ(map->find(kBase + i * 8), i);
    }
    EXPECT_EQ(map->find(kBase + 160000), 0U);
    map->clear();
    EXPECT_EQ(map->find(kBase + 8), 0U);
    map->insert(kBase + 8, 77);
    EXPECT_EQ(map->find(kBase + 8), 77U);
}

// Readers see the right item or none, while the map grows, is emptied and filled with other addresses.
TEST(AddressMap, ReadersNeverSeeAnothersItem) {
    auto map = std::make_unique<AddressMap>();
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> wrong{0};
    std::thread reader([&] {
        for (std::uint64_t i = 1; !stop; i = i % 5000 + 1) {
            const std::uint32_t item = map->find(i * 64);
            wrong += item != 0 && item != i ? 1 : 0;
        }
    });
    for (int round = 0; round < 50; ++round) {
        for (std::uint64_t i = 1; i <= 5000; ++i) {
            map->insert(i * 64, static_cast<std::uint32_t>(i));
        }
        map->clear();
    }
    stop = true;
    reader.join();
    EXPECT_EQ(wrong, 0U);
}

TEST(Limits, TakeAllOrNothing) {
    auto control = std::make_unique<ControlLayout>();
    control->perPlace = 1;
    control->perType = 2;
    control->perSession = 4;
    std::atomic<std::uint32_t> test{0};
    control->perTest = 3;
    EXPECT_EQ(takeFromLimits(*control, 10, 1, &test), Limit::None);
    EXPECT_EQ(takeFromLimits(*control, 10, 1, &test), Limit::Place);
    EXPECT_EQ(takeFromLimits(*control, 11, 1, &test), Limit::None);
    EXPECT_EQ(takeFromLimits(*control, 12, 1, &test), Limit::Type);
    EXPECT_EQ(takeFromLimits(*control, 20, 2, &test), Limit::None);
    EXPECT_EQ(takeFromLimits(*control, 21, 2, &test), Limit::Test);
    EXPECT_EQ(takeFromLimits(*control, 21, 2, nullptr), Limit::None); // the refusal above took nothing
    EXPECT_EQ(takeFromLimits(*control, 30, 3, nullptr), Limit::Session);
    EXPECT_EQ(test, 3U);
    EXPECT_EQ(control->sessionCount, 4U);
    control->perSession = 0;
    EXPECT_EQ(takeFromLimits(*control, 30, 3, nullptr), Limit::None);
}

TEST(Limits, ThreadsTogetherTakeNoMoreThanTheLimit) {
    auto control = std::make_unique<ControlLayout>();
    control->perSession = 100;
    std::atomic<int> taken{0};
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (std::uint64_t i = 0; i < 200; ++i) {
                taken += takeFromLimits(*control, t * 1000 + i, t, nullptr) == Limit::None ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(taken, 100);
}

TEST(Limits, AFullTableDoesNotStopTheSession) {
    auto control = std::make_unique<ControlLayout>();
    control->perPlace = 1;
    for (std::uint64_t i = 0; i < kCounterSlots * 2; ++i) {
        ASSERT_EQ(takeFromLimits(*control, i, 1, nullptr), Limit::None);
    }
}

TEST(RunningTests, ThreadFirstThenTheOnlyOneThenTheirNumber) {
    auto tests = std::make_unique<RunningTests>();
    RunningTests::Match match;
    const auto name = [&] { return std::string(match.name, match.nameSize); };
    tests->match(1, match);
    EXPECT_EQ(match.candidates, 0U);
    tests->start("A", 1);
    tests->match(9, match);
    EXPECT_EQ(name(), "A");
    tests->start("B", 2);
    tests->match(2, match);
    EXPECT_EQ(name(), "B");
    tests->match(9, match);
    EXPECT_EQ(name(), "");
    EXPECT_EQ(match.candidates, 2U);
    EXPECT_EQ(match.askCount, nullptr);
    EXPECT_TRUE(tests->stop("A"));
    EXPECT_FALSE(tests->stop("A"));
    tests->match(9, match);
    EXPECT_EQ(name(), "B");
    for (int i = 0; i < 300; ++i) {
        tests->start(("T" + std::to_string(i)).c_str(), 3);
    }
    tests->match(9, match);
    EXPECT_EQ(match.candidates, 301U);
}

TEST(Utf8, WholeCharactersOnly) {
    const std::u16string text = u"a\u00fc\u20ac\U0001F600";
    char out[16];
    const auto convert = [&](const std::u16string& from, std::size_t capacity) {
        return std::string(out, toUtf8(from.data(), from.size(), out, capacity));
    };
    EXPECT_EQ(convert(text, 16), "a\u00fc\u20ac\U0001F600");
    EXPECT_EQ(convert(text, 9), "a\u00fc\u20ac");
    EXPECT_EQ(convert(text, 2), "a");
    EXPECT_EQ(convert({char16_t(0xD800), u'x'}, 16), "\uFFFDx");
    EXPECT_EQ(convert({char16_t(0xDC00)}, 16), "\uFFFD");
}

TEST(OwnStack, ThreadsRunOnTheirs) {
    EXPECT_TRUE(isOnOwnStack());
    bool onThread = false;
    std::thread([&] { onThread = isOnOwnStack(); }).join();
    EXPECT_TRUE(onThread);
}

} // namespace
} // namespace firstchance::agent
