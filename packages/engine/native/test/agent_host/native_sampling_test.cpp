#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <fstream>

#include "agent_session.h"
#include "linux/memory_map.h"
#include "linux/process_memory.h"

namespace firstchance {
namespace {

using test::AgentSession;
using testing::Contains;
using testing::Field;
using testing::IsEmpty;
using testing::Not;

//! The program "native" with the agent in it.
class NativeSampling : public testing::Test {
protected:
    void start() {
        auto environment = session.environment();
        environment["LD_LIBRARY_PATH"] = FIRSTCHANCE_SUBJECT_FOLDER;
        target = std::make_unique<test::TargetProcess>(test::throwerCommand({"native"}), environment);
        ASSERT_TRUE(
            target->runUntil([&] { return target->output() == "ready\n" && !session.connected.empty(); },
                             [&] { session.serve(); }))
            << session.log();
    }
    void tell(const std::string& line) {
        const std::size_t before = target->output().size();
        target->writeLine(line);
        const auto answered = [&] {
            return target->output().size() > before && target->output().back() == '\n';
        };
        ASSERT_TRUE(target->runUntil(answered, [&] { session.serve(); })) << session.log();
    }
    AgentSampled sample(SampleAction action, std::uint32_t period = 4096) {
        EXPECT_TRUE(session.host->sampleNative(target->pid(), action, ++sequence, 10'000, period));
        const std::size_t before = session.sampled.size();
        EXPECT_TRUE(
            target->runUntil([&] { return session.sampled.size() > before; }, [&] { session.serve(); }))
            << session.log();
        if (session.sampled.size() != before + 1) {
            ADD_FAILURE() << session.log();
            return {};
        }
        EXPECT_EQ(session.sampled.back().sequence, sequence);
        return session.sampled.back();
    }
    //! Bytes that live of all stacks with this method.
    static std::uint64_t bytesBy(const AgentSampled& report, const std::string& method) {
        std::uint64_t bytes = 0;
        for (const NativeSite& site : report.nativeSites) {
            const bool has = std::any_of(site.frames.begin(), site.frames.end(), [&](const auto& frame) {
                return frame.method == "Lab.NativeMemory." + method;
            });
            bytes += has ? site.bytes : 0;
        }
        return bytes;
    }
    void expectOrderlyEnd() {
        target->writeLine("main 7");
        EXPECT_TRUE(target->runToEnd([&] { session.serve(); }));
        EXPECT_EQ(target->errors(), "");
        EXPECT_TRUE(WIFEXITED(target->status()) && WEXITSTATUS(target->status()) == 7)
            << target->status() << '\n'
            << session.log();
    }

    //! Every page that libraries and the runtime keep addresses of functions in, by address.
    std::map<std::uint64_t, std::vector<std::byte>> importPages() const {
        std::map<std::uint64_t, std::vector<std::byte>> pages;
        auto map = readMemoryMap(target->pid());
        EXPECT_TRUE(map);
        // What is relocated and then read-only: nothing but a patch changes it.
        for (const Mapping& mapping : *map) {
            if (!mapping.path.ends_with(".so") && mapping.path.find(".so.") == std::string::npos) {
                continue;
            }
            protections[mapping.range.begin.value()] = {mapping.readable, mapping.writable, mapping.executable};
            if (mapping.readable && !mapping.writable && !mapping.executable && mapping.fileOffset > 0) {
                pages[mapping.range.begin.value()] = read(mapping.range);
            }
        }
        return pages;
    }
    std::vector<std::byte> read(const AddressRange& range) const {
        std::vector<std::byte> data(range.size());
        std::ifstream file("/proc/" + std::to_string(target->pid()) + "/mem", std::ios::binary);
        file.seekg(static_cast<std::streamoff>(range.begin.value()));
        file.read(reinterpret_cast<char*>(data.data()), static_cast<std::streamsize>(data.size()));
        EXPECT_TRUE(file);
        return data;
    }

    mutable std::map<std::uint64_t, std::array<bool, 3>> protections;
    AgentSession session{AgentFilter()};
    std::unique_ptr<test::TargetProcess> target;
    std::uint64_t sequence = 0;
};

void print(const AgentSampled& report) {
    for (const NativeSite& site : report.nativeSites) {
        std::printf("%s %u samples %lu %lu bytes\n", site.resource.c_str(), site.samples,
                    static_cast<unsigned long>(site.count), static_cast<unsigned long>(site.bytes));
        for (const auto& frame : site.frames) {
            std::printf("    %s %x %lx %s\n", frame.method.c_str(), frame.token,
                        static_cast<unsigned long>(frame.position), frame.modulePath.c_str());
        }
    }
    std::printf("%u samples %u live\n", report.samples, report.survivors);
}

TEST_F(NativeSampling, TellsWhoAllocatedWhatLives) {
    start();
    tell("work 20000");
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("work 20000");
    const AgentSampled report = sample(SampleAction::Report);
    print(report);
    std::printf("%s", session.log().c_str());
    const auto near = [](double bytes) { return testing::AllOf(testing::Gt(bytes * 0.8), testing::Lt(bytes * 1.2)); };
    EXPECT_EQ(bytesBy(report, "Invoiced"), 0);
    EXPECT_EQ(bytesBy(report, "Labelled"), 0);
    EXPECT_THAT(bytesBy(report, "Stamped"), near(20'000 * 400));
    EXPECT_THAT(bytesBy(report, "Weighed"), near(20'000 * 700));
    EXPECT_THAT(bytesBy(report, "Opened"), near(20'000 * 900));
    EXPECT_THAT(bytesBy(report, "Made"), near(20'000 * 500));
    EXPECT_EQ(bytesBy(report, "Mapped"), 2'500 * 4096); // one page of four is written to
    expectOrderlyEnd();
}

} // namespace
} // namespace firstchance
