#include "clr/shared_metadata.h"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "clr/clr_fixture.h"
#include "clr/modules.h"

namespace firstchance {
namespace {

class SharedMetadataTest : public ClrTest {};

bool overlaps(const std::vector<AddressRange>& ranges, AddressRange wanted) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const AddressRange& range) { return !range.intersect(wanted).empty(); });
}

TEST_F(SharedMetadataTest, IsThatOfTheRuntimesOwnAssembliesByteForByte) {
    const auto shared = sharedRuntimeMetadata(dac());
    const auto modules = readModules(dac());
    ASSERT_TRUE(modules);
    for (const ClrModule& module : *modules) {
        const AddressRange metadata{module.metadata, module.metadata + module.metadataSize};
        if (module.name == "Subject.dll") {
            EXPECT_FALSE(overlaps(shared, metadata)) << "the program's own may be nowhere else";
        }
        if (module.name == "System.Private.CoreLib.dll") {
            EXPECT_TRUE(overlaps(shared, metadata));
        }
    }
    for (const AddressRange& range : shared) {
        const Mapping* mapping = image().findMapping(range.begin);
        ASSERT_NE(nullptr, mapping);
        ASSERT_LE(range.end, mapping->range.end);
        std::vector<std::byte> memory(range.size());
        std::vector<std::byte> file(range.size());
        ASSERT_EQ(memory.size(), image().read(range.begin, memory));
        std::ifstream stream(mapping->path, std::ios::binary);
        stream.seekg(static_cast<std::streamoff>(mapping->fileOffset + (range.begin - mapping->range.begin)));
        stream.read(reinterpret_cast<char*>(file.data()), static_cast<std::streamsize>(file.size()));
        EXPECT_EQ(memory, file) << mapping->path;
    }
}

//! \brief The same process as if its runtime lay in the program's own folder: trimmed files exist only there.
TEST_F(SharedMetadataTest, IsEmptyWhereTheRuntimeIsNotAnInstalledOne) {
    RuntimeLocation elsewhere = runtime();
    elsewhere.directory = "/srv/shop";
    const auto dac = Dac::open(image(), elsewhere);
    ASSERT_TRUE(dac) << describe(dac.error());
    EXPECT_TRUE(sharedRuntimeMetadata(**dac).empty());
}

} // namespace
} // namespace firstchance
