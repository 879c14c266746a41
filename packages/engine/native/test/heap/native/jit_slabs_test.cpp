#include "memory/jit_slabs.h"

#include <gtest/gtest.h>

#include "../heap_subject.h"
#include "clr/stopped_process.h"

namespace firstchance {
namespace {

/* The layout is the runtime's: a version that changes it makes this fail, where the test of the memory layer,
 * whose program lays them out by itself, would not. */
TEST(JitSlabs, OfARuntimeThatHasCompiledAreFound) {
    HeapSubject subject;
    {
        const StoppedProcess image(subject.pid());
        const auto arenas = readGlibcArenas(image);
        ASSERT_TRUE(arenas);
        const std::uint64_t bytes = readJitSlabBytes(image, *arenas);
        EXPECT_GE(bytes, 65536U);
        EXPECT_LT(bytes, arenas->inUseBytes);
    }
    EXPECT_EQ(0, subject.finish());
}

} // namespace
} // namespace firstchance
