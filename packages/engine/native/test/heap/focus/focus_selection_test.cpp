#include "heap/focus/focus_selection.h"

#include <algorithm>
#include <map>
#include <set>

#include "clr/clr_fixture.h"
#include "clr/exceptions.h"
#include "clr/gc_heap.h"
#include "clr/objects.h"
#include "clr/stack_references.h"
#include "clr/stacks.h"
#include "clr/type_names.h"
#include "heap/object_walk.h"

namespace firstchance {
namespace {

class FocusTest : public ClrTest {
protected:
    static GcHeap heap() {
        const auto read = readGcHeap(dac());
        EXPECT_TRUE(read) << describe(read.error());
        return *read;
    }
    //! \brief All objects whose type has this name.
    static std::vector<Address> objectsOf(const GcHeap& heap, const std::string& type) {
        std::vector<Address> objects;
        std::map<Address, bool> known;
        const auto visit = [&](Address object, Address table) {
            const auto [entry, isNew] = known.try_emplace(table, false);
            if (isNew) {
                entry->second = typeName(dac(), table) == type;
            }
            if (entry->second) {
                objects.push_back(object);
            }
        };
        EXPECT_TRUE(visitObjects(image(), heap, nullptr, visit));
        return objects;
    }
    static std::map<std::string, std::size_t> typesOf(const FocusSelection& focus) {
        std::map<std::string, std::size_t> types;
        for (const Address object : focus.objects) {
            types[typeName(dac(), methodTableOf(dac(), object))] += 1;
        }
        return types;
    }
};

TEST_F(FocusTest, keepsAnExceptionWithItsInnerOnesAndTexts) {
    const auto threads = readThreads(dac());
    ASSERT_TRUE(threads);
    const auto thrower = std::find_if(threads->begin(), threads->end(), [](const ClrThread& thread) {
        const auto exception = readException(dac(), thread.lastThrownObject);
        return exception && !exception->inner.empty();
    });
    ASSERT_NE(thrower, threads->end());
    const auto exception = readException(dac(), thrower->lastThrownObject);
    const FocusSelection focus =
        selectFocus(image(), heap(), std::vector{thrower->lastThrownObject}, 16U << 20U);
    const std::set<Address> kept(focus.objects.begin(), focus.objects.end());
    ASSERT_FALSE(focus.objects.empty());
    EXPECT_EQ(focus.objects.front(), thrower->lastThrownObject);
    EXPECT_TRUE(kept.contains(exception->inner.front().address));
    EXPECT_GT(typesOf(focus)["System.String"], 0U);
    EXPECT_EQ(kept.size(), focus.objects.size());
}

TEST_F(FocusTest, keepsNoMorePagesThanTheBudget) {
    const GcHeap all = heap();
    const auto lists = objectsOf(all, "Subject.Linked");
    ASSERT_EQ(lists.size(), 200'000U);
    for (const std::uint64_t budget : {std::uint64_t{16384}, std::uint64_t{1} << 20U}) {
        const FocusSelection focus = selectFocus(image(), all, lists, budget);
        std::set<Address> pages;
        for (const AddressRange memory : focus.memory) {
            for (Address page = memory.begin.alignDown(4096); page < memory.end; page += 4096) {
                pages.insert(page);
            }
        }
        EXPECT_EQ(pages.size() * 4096, focus.bytes);
        EXPECT_LE(focus.bytes, budget);
        EXPECT_GT(focus.objects.size(), 0U);
        EXPECT_FALSE(focus.everything);
    }
}

TEST_F(FocusTest, followsReferencesThroughStructsInArrays) {
    const GcHeap all = heap();
    const auto dictionaries =
        objectsOf(all, "System.Collections.Generic.Dictionary<System.String, System.Object>+Entry[]");
    ASSERT_FALSE(dictionaries.empty());
    const FocusSelection focus = selectFocus(image(), all, std::vector{dictionaries.front()}, 64U << 20U);
    EXPECT_GT(typesOf(focus)["System.String"], 0U);
}

TEST_F(FocusTest, reachesAllOfAListAndNothingElse) {
    const GcHeap all = heap();
    const auto linked = objectsOf(all, "Subject.Linked");
    std::size_t longest = 0;
    for (const Address start : {linked.front(), linked.back()}) {
        const FocusSelection focus = selectFocus(image(), all, std::vector{start}, 64U << 20U);
        EXPECT_TRUE(focus.everything);
        EXPECT_EQ(typesOf(focus).size(), 1U);
        longest = std::max(longest, focus.objects.size());
    }
    EXPECT_EQ(longest, 200'000U);
}

TEST_F(FocusTest, passesOverWhatIsNoObject) {
    const GcHeap all = heap();
    const Address object = objectsOf(all, "Subject.Marker").front();
    const std::vector<Address> starts{Address(), Address(8), object + 4, object + 8, Address(UINT64_MAX - 7)};
    const FocusSelection focus = selectFocus(image(), all, starts, 16U << 20U);
    EXPECT_TRUE(focus.objects.empty());
    EXPECT_TRUE(focus.everything);
}

TEST_F(FocusTest, stacksOfThreadsReferToObjects) {
    const auto threads = readThreads(dac());
    ASSERT_TRUE(threads);
    std::size_t found = 0;
    for (const ClrThread& thread : *threads) {
        for (const Address object :
             stackObjects(dac(), thread.osId, std::chrono::steady_clock::now() + std::chrono::seconds(60))) {
            EXPECT_FALSE(methodTableOf(dac(), object).isNull());
            found += 1;
        }
    }
    EXPECT_GT(found, 0U);
    EXPECT_TRUE(stackObjects(dac(), 0, std::chrono::steady_clock::now()).empty());
}

} // namespace
} // namespace firstchance
