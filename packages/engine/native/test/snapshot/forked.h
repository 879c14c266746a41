#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>

namespace firstchance::test {

//! \brief A piece of the test in a process of its own; killed at the end when it still runs.
class Forked {
public:
    //! \brief Two pipes, for words of one bit.
    class Channel {
    public:
        Channel(int in, int out) : in_(in), out_(out) {}
        void say(bool word) const { static_cast<void>(::write(out_, &word, 1)); }
        //! \brief False also when the other side has ended.
        bool waitForWord() const {
            bool word = false;
            return ::read(in_, &word, 1) == 1 && word;
        }

    private:
        int in_;
        int out_;
    };

    explicit Forked(const std::function<int(Channel&)>& work) {
        std::array<int, 2> to{};
        std::array<int, 2> from{};
        static_cast<void>(::pipe2(to.data(), O_CLOEXEC) + ::pipe2(from.data(), O_CLOEXEC));
        pid_ = ::fork();
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::close(to[1]);
            ::close(from[0]);
            Channel channel(to[0], from[1]);
            ::_exit(work(channel));
        }
        ::close(to[0]);
        ::close(from[1]);
        ends_ = {from[0], to[1]};
        channel_ = Channel(from[0], to[1]);
    }
    Forked(const Forked&) = delete;
    Forked& operator=(const Forked&) = delete;
    ~Forked() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        ::close(ends_[0]);
        ::close(ends_[1]);
    }

    [[nodiscard]] pid_t pid() const { return pid_; }
    Channel& channel() { return channel_; }
    //! \brief Its exit code, 128 + signal when it was killed.
    int wait() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

private:
    pid_t pid_ = 0;
    std::array<int, 2> ends_{};
    Channel channel_{-1, -1};
};

} // namespace firstchance::test
