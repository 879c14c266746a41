#pragma once

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "clr/dac.h"
#include "clr/dotnet_subject.h"
#include "clr/runtime_location.h"
#include "clr/stopped_process.h"

namespace firstchance {

//! \brief One subject for all tests of a suite: started once, stopped for the time of the tests, then ended.
//! That it ends with 0 shows that reading did it no harm.
class ClrTest : public testing::Test {
protected:
    static void SetUpTestSuite() { start({}); }
    static void TearDownTestSuite() {
        dac_.reset();
        image_.reset();
        EXPECT_EQ(0, subject_->finish());
        subject_.reset();
    }
    static void start(const std::vector<std::string>& environment) {
        subject_ = std::make_unique<DotnetSubject>(environment);
        image_ = std::make_unique<StoppedProcess>(subject_->pid());
        const auto runtime = locateRuntime(*image_);
        ASSERT_TRUE(runtime) << describe(runtime.error());
        runtime_ = *runtime;
        auto opened = Dac::open(*image_, runtime_);
        ASSERT_TRUE(opened) << describe(opened.error());
        dac_ = std::move(*opened);
    }

    static const StoppedProcess& image() { return *image_; }
    static const RuntimeLocation& runtime() { return runtime_; }
    static Dac& dac() { return *dac_; }
    static const std::map<std::string, std::uint64_t>& counts() { return subject_->counts(); }
    static const std::map<std::string, std::string>& facts() { return subject_->facts(); }

    static std::string readFile(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static void writeFile(const std::string& path, const std::string& bytes) {
        std::ofstream(path, std::ios::binary) << bytes;
    }

private:
    static inline std::unique_ptr<DotnetSubject> subject_;
    static inline std::unique_ptr<StoppedProcess> image_;
    static inline RuntimeLocation runtime_;
    static inline std::unique_ptr<Dac> dac_;
};

} // namespace firstchance
