#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "agent_conversation.h"
#include "linux/memory_map.h"

namespace firstchance {
namespace {

using testing::Contains;
using testing::Field;
using testing::Not;

//! The program "native" with the agent in it.
class NativeSampling : public test::AgentConversation {
protected:
    void start(const std::map<std::string, std::string>& more = {}) {
        auto environment = session.environment();
        environment.insert(more.begin(), more.end());
        environment["LD_LIBRARY_PATH"] = FIRSTCHANCE_SUBJECT_FOLDER;
        begin(std::make_unique<test::TargetProcess>(test::throwerCommand({"native"}), environment));
    }
    AgentSampled sample(SampleAction action, std::uint32_t period = 4096) {
        EXPECT_TRUE(session.host->sampleNative(target->pid(), action, ++sequence, 10'000, period));
        return answer(session.sampled);
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
    //! Calls in optimised code that the last arming has changed.
    [[nodiscard]] int callsChanged() const {
        const std::string log = session.log();
        const std::size_t found = log.rfind("P/Invokes, ");
        return found == std::string::npos ? 0 : std::atoi(log.c_str() + found + std::strlen("P/Invokes, "));
    }

    //! What patching could change and nothing else does: memory of libraries that is read-only after
    //! relocation and all protections of their mappings; and every word of the process that is an address of
    //! ours.
    struct Traces {
        std::map<std::string, std::vector<std::byte>> readOnly; //!< by "path@offset"
        std::map<std::string, std::string> protections;
        std::multiset<std::string> hooks; //!< where the runtime's data or an import names the agent
        std::size_t calls = 0;            //!< calls in code that could be changed and name the agent
    };
    [[nodiscard]] Traces traces() const {
        Traces found;
        auto map = readMemoryMap(target->pid());
        if (!map) {
            ADD_FAILURE() << describe(map.error());
            return found;
        }
        AddressRange agent{};
        for (const Mapping& mapping : *map) {
            if (mapping.executable && mapping.path.ends_with("libfirstchance_agent.so")) {
                agent = mapping.range;
            }
        }
        for (const Mapping& mapping : *map) {
            const bool library = mapping.path.find(".so") != std::string::npos && mapping.path.front() == '/';
            const bool code = mapping.path.find("doublemapper") != std::string::npos;
            if ((!library && !code) || mapping.path.ends_with("libfirstchance_agent.so") ||
                !mapping.readable) {
                continue;
            }
            const std::string name = mapping.path + "@" + std::to_string(mapping.fileOffset);
            const std::vector<std::byte> data = read(mapping.range);
            if (library) {
                found.protections[name] =
                    std::string(mapping.writable ? "w" : "-") + (mapping.executable ? "x" : "-");
                if (!mapping.writable && !mapping.executable) {
                    found.readOnly[name] = data;
                }
            }
            // Calls in code are at any place, words are aligned.
            for (std::size_t i = 0; i + 8 <= data.size(); i += code && mapping.executable ? 1 : 8) {
                std::uint64_t value = 0;
                std::memcpy(&value, data.data() + i, sizeof value);
                if (agent.contains(Address(value))) {
                    if (!code || !mapping.executable) {
                        found.hooks.insert(name + "+" + std::to_string(i));
                    } else if (i % 64 <= 64 - sizeof value) {
                        // Those across a cache line must not be written; what was compiled meanwhile may have
                        // some.
                        ++found.calls;
                    }
                }
            }
        }
        return found;
    }
    [[nodiscard]] std::vector<std::byte> read(const AddressRange& range) const {
        std::vector<std::byte> data(range.size());
        const int fd =
            ::open(("/proc/" + std::to_string(target->pid()) + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
        const ssize_t size = ::pread(fd, data.data(), data.size(), static_cast<off_t>(range.begin.value()));
        ::close(fd);
        data.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return data;
    }
};

//! A method of the program.
auto method(const std::string& name) {
    return Field("method", &NativeSite::Frame::method, "Lab.NativeMemory." + name);
}

TEST_F(NativeSampling, TellsWhoAllocatedWhatLives) {
    // Compiled anew, a method calls by address; where that address crosses a cache line, which is chance, the
    // call is left alone.
    start({{"DOTNET_TieredCompilation", "0"}});
    tell("work 20000");
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    tell("work 20000");
    const AgentSampled report = sample(SampleAction::Report);
    const auto near = [](double bytes) {
        return testing::AllOf(testing::Gt(bytes * 0.8), testing::Lt(bytes * 1.2));
    };
    EXPECT_EQ(bytesBy(report, "Invoiced"), 0);
    EXPECT_EQ(bytesBy(report, "Labelled"), 0);
    EXPECT_THAT(bytesBy(report, "Stamped"), near(20'000 * 400));
    EXPECT_THAT(bytesBy(report, "Weighed"), near(20'000 * 700));
    EXPECT_THAT(bytesBy(report, "Opened"), near(20'000 * 900));
    EXPECT_THAT(bytesBy(report, "Made"), near(20'000 * 500));
    // One page of four is written to; some kernels give its neighbours along with it.
    EXPECT_THAT(bytesBy(report, "Mapped"),
                testing::AllOf(testing::Ge(2'500 * 4096), testing::Le(2'500 * 16384)));
    for (const NativeSite& site : report.nativeSites) {
        EXPECT_THAT(site.frames, Not(Contains(Field(&NativeSite::Frame::modulePath,
                                                    testing::EndsWith("libfirstchance_agent.so")))));
    }
    const auto descriptors = [&](const std::string& name) {
        std::uint64_t count = 0;
        for (const NativeSite& site : report.nativeSites) {
            const bool by = std::any_of(site.frames.begin(), site.frames.end(), [&](const auto& frame) {
                return frame.method == "Lab.NativeMemory." + name;
            });
            count += by && site.resource == "descriptor" ? site.count : 0;
        }
        return count;
    };
    EXPECT_EQ(descriptors("Lent"), (20'000 + 63) / 64);
    EXPECT_EQ(descriptors("Copied"), (20'000 + 63) / 64);
    EXPECT_EQ(descriptors("Piped"), (20'000 + 63) / 64 * 2);
    EXPECT_EQ(descriptors("Read"), 0);
    EXPECT_EQ(descriptors("Listed"), 0);
    expectOrderlyEnd();
}

TEST_F(NativeSampling, NamesTheLibraryThatAllocatesThoughItKeepsNoFramePointers) {
    start();
    tell("work 100");
    EXPECT_GE(sample(SampleAction::Start, 1).result, 0);
    tell("work 100");
    const AgentSampled report = sample(SampleAction::Report);
    const auto site =
        std::find_if(report.nativeSites.begin(), report.nativeSites.end(), [](const NativeSite& one) {
            return std::any_of(one.frames.begin(), one.frames.end(),
                               [](const auto& frame) { return frame.method == "Lab.NativeMemory.Opened"; });
        });
    ASSERT_NE(site, report.nativeSites.end());
    EXPECT_EQ(site->count, 100); // every block, not a part
    EXPECT_EQ(site->bytes, 100 * 900);
    EXPECT_THAT(site->frames.front().modulePath, testing::EndsWith("libsubject_native.so"));
    EXPECT_EQ(site->frames.front().token, 0);
    EXPECT_THAT(site->frames, testing::IsSupersetOf({method("Opened"), method("Work"), method("Talk")}));
    expectOrderlyEnd();
}

// Optimised code calls a resolved function by its address.
TEST_F(NativeSampling, SeesCallsThatOptimisedCodeMakesByAddress) {
    start({{"DOTNET_TC_CallCountingDelayMs", "0"}});
    tell("work 300");
    EXPECT_GE(sample(SampleAction::Start, 1).result, 0);
    // Until the methods are compiled anew, which happens beside.
    while (callsChanged() == 0 && sample(SampleAction::Stop).result >= 0) {
        tell("work 300");
        EXPECT_GE(sample(SampleAction::Start, 1).result, 0);
    }
    tell("work 800");
    const AgentSampled report = sample(SampleAction::Report);
    EXPECT_EQ(bytesBy(report, "Stamped"), 800 * 400);
    EXPECT_GT(bytesBy(report, "Mapped") + bytesBy(report, "Weighed"), 0) << session.log();
    expectOrderlyEnd();
}

TEST_F(NativeSampling, LeavesNothingBehind) {
    start();
    tell("work 2000");
    EXPECT_GE(sample(SampleAction::Start).result, 0); // what the runtime loads for it stays
    tell("work 2000");
    EXPECT_GE(sample(SampleAction::Report).result, 0);
    const Traces before = traces();
    EXPECT_FALSE(before.readOnly.empty());
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    const Traces during = traces();
    tell("work 2000");
    EXPECT_GE(sample(SampleAction::Report).result, 0);
    const Traces after = traces();
    EXPECT_GT(during.hooks.size(), before.hooks.size() + 20);
    EXPECT_NE(during.readOnly, before.readOnly);
    EXPECT_EQ(after.readOnly, before.readOnly);
    EXPECT_EQ(after.protections, before.protections);
    EXPECT_EQ(during.protections, before.protections);
    EXPECT_EQ(after.hooks, before.hooks);
    EXPECT_EQ(after.calls, 0);
    expectOrderlyEnd();
}

TEST_F(NativeSampling, ManyCyclesUnderLoadHarmNobody) {
    start({{"DOTNET_TC_CallCountingDelayMs", "0"}});
    tell("threads 6");
    for (int i = 0; i < 40; ++i) {
        ASSERT_GE(sample(SampleAction::Start, i % 3 == 0 ? 1 : 4096).result, 0) << session.log();
        tell("work 300");
        if (i % 8 == 0) {
            tell("fork");
        }
        const auto action = i % 4 == 0 ? SampleAction::Report : SampleAction::Stop;
        ASSERT_GE(sample(action).result, 0) << session.log();
    }
    tell("quiet");
    EXPECT_THAT(target->output(), Not(testing::HasSubstr("wrong 1")));
    EXPECT_THAT(traces().hooks,
                testing::Each(testing::HasSubstr("libcoreclr.so"))); // of exceptions, always there
    expectOrderlyEnd();
}

TEST_F(NativeSampling, EndsWithTheEngineThatWantedIt) {
    start();
    tell("work 100");
    const Traces before = traces();
    EXPECT_GE(sample(SampleAction::Start).result, 0);
    EXPECT_LT(sample(SampleAction::Start).result, 0); // one at a time
    EXPECT_GT(traces().hooks.size(), before.hooks.size());
    session.host.reset();
    EXPECT_TRUE(target->runUntil([&] { return session.log().find("taken out") != std::string::npos; },
                                 [&] { session.serve(); }));
    EXPECT_EQ(traces().hooks, before.hooks);
    expectOrderlyEnd();
}

} // namespace
} // namespace firstchance
