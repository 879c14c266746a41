#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "agent/allocation_event.h"
#include "agent/sample_table.h"

namespace firstchance::agent {
namespace {

using Payload = std::vector<unsigned char>;

template <class T> void put(Payload& payload, T value) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(&value);
    payload.insert(payload.end(), bytes, bytes + sizeof value);
}

void putName(Payload& payload, const std::u16string& name) {
    for (const char16_t unit : name) {
        put(payload, unit);
    }
    put(payload, char16_t{0});
}

Payload sampledPayload(const std::u16string& name) {
    Payload payload;
    put(payload, std::uint32_t{0}); // kind
    put(payload, std::uint16_t{5}); // runtime
    put(payload, std::uint64_t{0x7f0011223340});
    putName(payload, name);
    put(payload, std::uint64_t{0x7e0000001000});
    put(payload, std::uint64_t{176});
    put(payload, std::uint64_t{33}); // place of the sample in the object
    return payload;
}

Payload tickPayload(const std::u16string& name, bool withSize) {
    Payload payload;
    put(payload, std::uint32_t{102400});
    put(payload, std::uint32_t{0});
    put(payload, std::uint16_t{5});
    put(payload, std::uint64_t{102400});
    put(payload, std::uint64_t{0x7f0011223340});
    putName(payload, name);
    put(payload, std::uint32_t{1}); // heap
    put(payload, std::uint64_t{0x7e0000001000});
    if (withSize) {
        put(payload, std::uint64_t{176});
    }
    return payload;
}

bool parse(std::uint32_t eventId, const Payload& payload, AllocationEvent& event) {
    return parseAllocationEvent(eventId, payload.data(), static_cast<std::uint32_t>(payload.size()), event);
}

TEST(AllocationEvent, TellsTypeObjectAndSizeWhateverTheNameIs) {
    for (const std::u16string name : {u"", u"Order", u"Página`1[Lab.Order]"}) {
        AllocationEvent sampled;
        ASSERT_TRUE(parse(kAllocationSampled, sampledPayload(name), sampled));
        AllocationEvent tick;
        ASSERT_TRUE(parse(kAllocationTick, tickPayload(name, true), tick));
        for (const AllocationEvent& event : {sampled, tick}) {
            EXPECT_EQ(event.type, 0x7f0011223340U);
            EXPECT_EQ(event.object, 0x7e0000001000U);
            EXPECT_EQ(event.bytes, 176U);
        }
    }
}

TEST(AllocationEvent, IsNoneWhenItIsAnotherOrTooShort) {
    AllocationEvent event;
    const Payload sampled = sampledPayload(u"Order");
    EXPECT_FALSE(parse(4, sampled, event));
    EXPECT_FALSE(parseAllocationEvent(kAllocationSampled, nullptr, 0, event));
    EXPECT_FALSE(parse(kAllocationTick, tickPayload(u"Order", false), event)); // .NET 7
    // The last field is not needed.
    for (std::size_t size = 0; size < sampled.size() - sizeof(std::uint64_t); ++size) {
        EXPECT_FALSE(parse(kAllocationSampled,
                           Payload(sampled.begin(), sampled.begin() + static_cast<std::ptrdiff_t>(size)),
                           event))
            << size;
    }
}

TEST(AllocationEvent, ReadsNothingBeyondItsEnd) {
    std::mt19937 random(4711); // NOLINT(bugprone-random-generator-seed): the same cases each time
    for (int i = 0; i < 20000; ++i) {
        // Exactly as large, so that a sanitizer sees a byte too many.
        const std::size_t size = random() % 80;
        const auto bytes = std::make_unique<unsigned char[]>(size);
        for (std::size_t k = 0; k < size; ++k) {
            bytes[k] = static_cast<unsigned char>(random() % 3 == 0 ? random() : 0);
        }
        AllocationEvent event;
        static_cast<void>(parseAllocationEvent(i % 2 == 0 ? kAllocationTick : kAllocationSampled, bytes.get(),
                                               static_cast<std::uint32_t>(size), event));
    }
}

struct Release {
    void operator()(SampleTable* table) const { SampleTable::destroy(table); }
};
using Table = std::unique_ptr<SampleTable, Release>;

TEST(SampleTable, FindsASiteOnceItIsPublished) {
    const Table table(SampleTable::create());
    AllocationSite* site = table->makeSite();
    ASSERT_NE(site, nullptr);
    site->hash = 42;
    EXPECT_EQ(table->findSite(42), nullptr);
    EXPECT_EQ(table->publish(site), site);
    EXPECT_EQ(table->findSite(42), site);
    AllocationSite* second = table->makeSite();
    second->hash = 42;
    EXPECT_EQ(table->publish(second), site); // it was there first
    EXPECT_FALSE(table->full());
}

TEST(SampleTable, IsFullAtItsEndAndKeepsWhatItHas) {
    const Table table(SampleTable::create());
    for (std::size_t i = 0; i < SampleTable::kMaxSamples; ++i) {
        ASSERT_TRUE(table->add({i + 1, 8, nullptr}));
    }
    EXPECT_FALSE(table->full());
    EXPECT_FALSE(table->add({7, 8, nullptr}));
    EXPECT_TRUE(table->full());
    EXPECT_EQ(table->size(), SampleTable::kMaxSamples);
    EXPECT_EQ(table->at(SampleTable::kMaxSamples - 1).handle, SampleTable::kMaxSamples);
}

TEST(SampleTable, HasNoRoomForMoreSitesThanItSays) {
    const Table table(SampleTable::create());
    for (std::size_t i = 0; i < SampleTable::kMaxSites; ++i) {
        AllocationSite* site = table->makeSite();
        ASSERT_NE(site, nullptr);
        site->hash = i * 0x9e3779b97f4a7c15ULL;
        ASSERT_EQ(table->publish(site), site);
    }
    EXPECT_EQ(table->makeSite(), nullptr);
    EXPECT_TRUE(table->full());
    for (std::size_t i = 0; i < SampleTable::kMaxSites; ++i) {
        ASSERT_NE(table->findSite(i * 0x9e3779b97f4a7c15ULL), nullptr);
    }
}

// Threads that meet the same new site agree on one, and no sample is lost.
TEST(SampleTable, ThreadsAgree) {
    const Table table(SampleTable::create());
    constexpr std::size_t kThreads = 4;
    constexpr std::size_t kEach = 10000;
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < kThreads; ++t) {
        threads.emplace_back([&] {
            for (std::size_t i = 0; i < kEach; ++i) {
                const std::uint64_t hash = i % 500 + 1;
                AllocationSite* site = table->findSite(hash);
                if (site == nullptr) {
                    site = table->makeSite();
                    site->hash = hash;
                    site = table->publish(site);
                }
                table->add({hash, 8, site});
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    ASSERT_EQ(table->size(), kThreads * kEach);
    for (std::size_t i = 0; i < table->size(); ++i) {
        ASSERT_EQ(table->at(i).site->hash, table->at(i).handle);
        ASSERT_EQ(table->at(i).site, table->findSite(table->at(i).handle));
    }
}

} // namespace
} // namespace firstchance::agent
