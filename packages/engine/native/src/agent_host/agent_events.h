#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace firstchance {

//! \brief A process of our user in which the agent is loaded.
struct AgentConnected {
    pid_t pid = 0;       //!< in our pid namespace, from the kernel
    std::string runtime; //!< e.g. "10.0.12"
    std::string how;     //!< "startup" or "attach"
};

//! \brief A thread stands still and waits for AgentHost::answer().
struct AgentAsk {
    struct Frame {
        std::string moduleName;  //!< file name, e.g. "Shop.dll"; empty for dynamic code
        std::uint32_t token = 0; //!< MethodDef, 0x06……; 0 for dynamic code
    };

    std::uint64_t askId = 0;
    pid_t pid = 0;          //!< in our pid namespace, from the kernel
    pid_t tid = 0;          //!< in our pid namespace; 0 when it could not be found
    pid_t namespaceTid = 0; //!< as the target's own pid namespace numbers it
    std::string trigger;    //!< "first-chance", "unhandled" or "exit"
    std::string detail;     //!< of unhandled: "unhandled exception", "abort", "SIGSEGV", …

    std::string type;                   //!< empty when no exception is known to be the cause
    std::optional<std::string> message; //!< the stored text (_message), cut at 4 KB; absent when it is null
    std::int32_t hresult = 0;
    std::uint64_t objectAddress =
        0; //!< valid while the thread waits; 0 when it may have moved since the throw
    std::uint64_t methodTableAddress = 0; //!< the word the object begins with; 0 as above
    std::vector<Frame> frames;            //!< managed, the throwing one first, at most 32

    std::string testName;         //!< empty when no test or none for certain
    std::uint32_t candidates = 0; //!< tests of which it is one: 0 none known, 1 certain, else one of so many
};

//! \brief One exception as it flies by (filter.log).
struct AgentException {
    pid_t pid = 0;
    pid_t tid = 0;
    std::string type;
    std::optional<std::string> message;
    bool rethrow = false;
    bool matched = false;
};

struct AgentTest {
    pid_t pid = 0;
    pid_t tid = 0;
    std::string state; //!< "started", "passed", "failed", "skipped" or, when the runner does not say, "ended"
    std::string name;
};

//! \brief Matches that were not asked for; one per type and reason, summed over some 200 ms.
struct AgentSkipped {
    pid_t pid = 0;
    std::string type;
    std::string why; //!< "per-place", "per-type", "per-test", "per-session", "busy" or "timeout"
    std::uint32_t count = 0;
};

//! \brief What AgentHost::collect() came to.
struct AgentCollected {
    pid_t pid = 0;
    std::uint64_t sequence = 0;
    std::int32_t result = 0; //!< HRESULT of the runtime; negative: it refused
    std::uint32_t collections = 0;
    double durationMs = 0;
    std::string finalizers; //!< "drained", "unknown" or "timeout"
};

//! \brief A stack whose allocations of one type survived.
struct AllocationSite {
    struct Frame {
        std::string modulePath;                //!< empty: made at run time, or unloaded
        std::uint32_t token = 0;               //!< MethodDef, 0x06……
        std::optional<std::uint32_t> ilOffset; //!< of the call
        std::string method;                    //!< "Shop.Store+Cache.Add"
    };

    std::string type;          //!< as the runtime writes it
    std::uint32_t samples = 0; //!< that survived
    std::uint64_t bytes = 0;   //!< of these objects, sum
    std::vector<Frame> frames; //!< managed, the allocating one first, at most 32
};

//! \brief A stack that took native memory, or another resource of the system, and has not given it back.
struct NativeSite {
    struct Frame {
        std::string modulePath;     //!< of native code empty for the executable
        std::uint32_t token = 0;    //!< MethodDef, 0x06……; 0: native code
        std::uint64_t position = 0; //!< of the call; managed: IL offset or ~0, native: its link address
        std::string method;         //!< managed: "Shop.Store+Cache.Add"; native: empty
    };

    std::string resource;      //!< "block", "anonymous", "mapped", "descriptor" or "socket"
    std::uint32_t samples = 0; //!< met and live
    std::uint64_t count = 0;   //!< what they stand for
    std::uint64_t bytes = 0;
    std::vector<Frame> frames; //!< the taking one first, at most 62
};

//! \brief What AgentHost::sample() and sampleNative() came to.
struct AgentSampled {
    pid_t pid = 0;
    std::uint64_t sequence = 0;
    std::int32_t result = 0;     //!< HRESULT; negative: refused
    std::uint32_t samples = 0;   //!< taken since the start
    std::uint32_t survivors = 0; //!< of these
    std::uint32_t siteCount = 0; //!< sites sent; fewer may have arrived
    bool full = false;           //!< there was no room for more samples
    std::vector<AllocationSite> sites;
    std::vector<NativeSite> nativeSites;
};

} // namespace firstchance
