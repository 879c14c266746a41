#pragma once

#include <cstddef>
#include <cstdint>

namespace firstchance::agent {

// One packet of the SEQPACKET socket is one message: u32 magic, u8 kind, then the fields named here, in the
// byte order of the machine (both ends run on it). Texts are UTF-8.
inline constexpr std::uint32_t kMessageMagic = 0x31414346; // "FCA1"
inline constexpr std::size_t kMaxMessageBytes = 0x4000;
inline constexpr std::size_t kMaxExceptionTextBytes = 4096; //!< of a message text
inline constexpr std::size_t kMaxNameBytes = 1024;          //!< of a type's or a test's name
inline constexpr std::size_t kMaxFrames = 32;
inline constexpr std::size_t kMaxMixedFrames = 62; //!< managed and native

enum class MessageKind : std::uint8_t {
    // From the agent. A connection of its own per ask: a late answer dies with it, and asks cannot disturb
    // each other.
    Hello = 1,  //!< u8 attached, text runtime
    Ask = 2,    //!< u64 sequence, u32 tid, u8 Trigger, text detail, exception, u32 frame count, {text module,
                //!< u32 token}…,
                //!< text test, u32 candidates
    Logged = 3, //!< u32 tid, u8 LoggedFlags, exception
    Test = 4,   //!< u32 tid, u8 TestState, text name
    Skipped = 5,   //!< u8 SkipReason, u32 count, text type
    Collected = 6, //!< u64 sequence, u32 HRESULT, u32 collections, u32 duration in us, u8 FinalizerState
    //! u64 sequence, text type, u32 samples, u64 bytes, u32 frame count, {text module path, u32 token, u32 IL
    //! offset or ~0, text method}…; before the Sampled that answers a report
    Survivors = 7,
    Sampled = 8, //!< u64 sequence, u32 HRESULT, u32 samples, u32 of them alive, u32 Survivors sent, u8 full
    //! u64 sequence, u8 Resource, u32 samples, u64 resources, u64 bytes, u32 frame count, {text module path,
    //! u32
    //! token or 0 of native code, u64 IL offset or ~0; of native code its address in the module, text
    //! method}…;
    //! before the Sampled that answers a report
    NativeSurvivors = 9,
    // From the engine
    Answer = 64,        //!< u64 sequence, u8 captured
    FilterChanged = 65, //!< nothing
    Collect = 66,       //!< u64 sequence, u32 how long to wait for finalizers in ms; answered by Collected
    Sample =
        67, //!< u64 sequence, u8 SampleAction, u32 how long to wait for finalizers in ms; answered by Sampled
    //! u64 sequence, u8 SampleAction, u32 how long to wait for finalizers in ms, u32 period in bytes;
    //! answered by Sampled
    SampleNative = 68,
};
// exception: u8 has message, text type, text message, u32 hresult, u64 object, u64 method table

enum class Trigger : std::uint8_t { FirstChance = 0, Unhandled = 1, Exit = 2 };
enum LoggedFlags : std::uint8_t { kRethrow = 1, kMatched = 2 };
enum class TestState : std::uint8_t { Started = 0, Passed = 1, Failed = 2, Skipped = 3, Ended = 4 };
enum class SkipReason : std::uint8_t { Place = 0, Type = 1, Test = 2, Session = 3, Busy = 4, Timeout = 5 };
inline constexpr std::size_t kSkipReasons = 6;
//! Of what was dead when a collection was asked for: finalizers have run and it is collected; the runtime
//! does not tell; they still ran at the end of the time.
enum class FinalizerState : std::uint8_t { Drained = 0, Unknown = 1, Timeout = 2 };

//! Of the sampling of allocations.
enum class SampleAction : std::uint8_t { Start = 0, Report = 1, Stop = 2 };

} // namespace firstchance::agent
