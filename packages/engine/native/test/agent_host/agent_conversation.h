#pragma once

#include <sys/wait.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "agent_session.h"

namespace firstchance::test {

//! \brief A program with the agent in it that answers each line with a line, and "main 7" by ending with 7.
class AgentConversation : public testing::Test {
protected:
    void begin(std::unique_ptr<TargetProcess> program) {
        target = std::move(program);
        ASSERT_TRUE(
            target->runUntil([&] { return target->output() == "ready\n" && !session.connected.empty(); },
                             [&] { session.serve(); }))
            << session.log();
    }
    std::string tell(const std::string& line) {
        const std::size_t before = target->output().size();
        target->writeLine(line);
        const auto answered = [&] {
            return target->output().size() > before && target->output().back() == '\n';
        };
        EXPECT_TRUE(target->runUntil(answered, [&] { session.serve(); })) << session.log();
        return target->output().substr(before);
    }
    //! \brief The agent's answer to the request with the number \c sequence: the only one that comes.
    //! \param answers where the session keeps them
    template <class Answer> Answer answer(const std::vector<Answer>& answers) {
        const std::size_t before = answers.size();
        EXPECT_TRUE(target->runUntil([&] { return answers.size() > before; }, [&] { session.serve(); }))
            << session.log();
        if (answers.size() != before + 1) {
            ADD_FAILURE() << session.log();
            return {};
        }
        EXPECT_EQ(answers.back().sequence, sequence);
        EXPECT_EQ(answers.back().pid, target->pid());
        return answers.back();
    }
    //! \brief Its own way out with its own code: not harmed, not held up.
    void expectOrderlyEnd() {
        target->writeLine("main 7");
        EXPECT_TRUE(target->runToEnd([&] { session.serve(); }));
        EXPECT_EQ(target->errors(), "");
        EXPECT_TRUE(WIFEXITED(target->status()) && WEXITSTATUS(target->status()) == 7)
            << target->status() << '\n'
            << session.log();
    }

    AgentSession session{AgentFilter()};
    std::unique_ptr<TargetProcess> target;
    std::uint64_t sequence = 0;
};

} // namespace firstchance::test
