#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/process_image.h"

namespace firstchance {

//! \brief The owner and type of our own note. Readers look notes up by type, so the type must be nobody
//! else's.
inline constexpr std::string_view kOwnNoteOwner = "firstchance";
inline constexpr std::uint32_t kOwnNoteType = 0x46434831; // "FCH1"
//! \brief Entries of NT_FILE that ClrMD 4 takes at most (DataTargetLimits.cs).
inline constexpr std::size_t kMaxFileEntries = 10000;

//! \brief The content of the PT_NOTE segment: process, auxiliary vector, mapped files, then each thread's
//! registers, \p firstThread (else the leader) first, since a debugger takes the first as the current one.
[[nodiscard]] std::vector<std::byte> buildNotes(const ProcessImage& image, pid_t firstThread);

//! \brief Appends one note, padded as ELF cores are (4 bytes).
void appendNote(std::vector<std::byte>& notes, std::string_view owner, std::uint32_t type,
                std::span<const std::byte> content);

} // namespace firstchance
