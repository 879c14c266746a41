#include "clr/modules.h"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "clr/clr_fixture.h"
#include "clr/metadata_tables.h"
#include "clr/pe_image.h"

namespace firstchance {
namespace {

class ModulesTest : public ClrTest {
protected:
    static ClrModule module(const std::string& name) {
        const auto modules = readModules(dac());
        EXPECT_TRUE(modules);
        const auto found = std::find_if(modules->begin(), modules->end(),
                                        [&](const ClrModule& m) { return m.name == name; });
        EXPECT_NE(modules->end(), found) << name;
        return found == modules->end() ? ClrModule{} : *found;
    }
};

TEST_F(ModulesTest, IdentifiesTheProgramsModule) {
    const ClrModule subject = module("Subject.dll");
    EXPECT_EQ(DotnetSubject::assemblyPath(), subject.path);
    EXPECT_EQ(facts().at("mvid"), subject.mvid);
    EXPECT_FALSE(subject.dynamic);
    EXPECT_FALSE(subject.imageBase.isNull());
    EXPECT_GT(subject.imageSize, subject.metadataSize);
    ASSERT_TRUE(subject.pdb);
    EXPECT_TRUE(subject.pdb->path.ends_with("Subject.pdb"));
    EXPECT_EQ(1U, subject.pdb->age);
}

//! \brief The portable PDB's own id is in its #Pdb stream; searched as bytes, independent of our parser.
TEST_F(ModulesTest, TheReferenceLeadsToThePdb) {
    const ClrModule subject = module("Subject.dll");
    ASSERT_TRUE(subject.pdb);
    std::string pdb = readFile(DotnetSubject::folder() + "/Subject.pdb");
    std::string guid = subject.pdb->guid;
    std::erase(guid, '-');
    std::string bytes;
    for (const int index : {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}) {
        bytes +=
            static_cast<char>(std::stoi(guid.substr(static_cast<std::size_t>(index) * 2, 2), nullptr, 16));
    }
    EXPECT_NE(std::string::npos, pdb.find(bytes));
}

TEST_F(ModulesTest, ReadsPrecompiledImagesToo) {
    const ClrModule library = module("System.Private.CoreLib.dll");
    EXPECT_EQ(runtime().directory + "/System.Private.CoreLib.dll", library.path);
    ASSERT_TRUE(library.pdb);
    EXPECT_TRUE(library.pdb->path.ends_with("System.Private.CoreLib.pdb"));
    const auto file = ImageBytes::file(library.path);
    ASSERT_TRUE(file);
    const auto onDisk = PeImage::parse(*file, PeImage::Layout::File);
    ASSERT_TRUE(onDisk);
    EXPECT_EQ(library.pdb->guid, onDisk->pdb()->guid);
    const auto metadata = onDisk->metadata();
    ASSERT_TRUE(metadata);
    const auto tables = MetadataTables::parse(*metadata);
    ASSERT_TRUE(tables);
    EXPECT_EQ(library.mvid, tables->mvid());
}

} // namespace
} // namespace firstchance
