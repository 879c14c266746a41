#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/process_image.h"
#include "core/byte_source.h"
#include "core/note_reader.h"

namespace firstchance {

//! \brief What the notes of a core say about its process.
struct CoreNotes {
    bool ours = false;
    pid_t pid = 0;          //!< of PRPSINFO; 0 when there is none
    pid_t processGroup = 0; //!< of the first PRSTATUS
    std::string commandName;
    std::vector<std::byte> auxiliaryVector;
    std::vector<ThreadImage> threads;
    std::vector<Mapping> files; //!< of NT_FILE, in its order, permissions not known
    bool hasFiles = false;
};

//! \brief Takes in notes one by one. Bounded: content that is kept adds up to at most 512 MB (tens of
//! thousands of threads), and each kind has a limit of its own.
class CoreNotesReader {
public:
    explicit CoreNotesReader(const ByteSource& source) : source_(source) {}
    //! \brief Returns what is wrong with the note, empty when nothing.
    [[nodiscard]] std::string take(const Note& note);
    [[nodiscard]] CoreNotes& notes() { return notes_; }

private:
    [[nodiscard]] std::string takeCore(const Note& note);
    [[nodiscard]] std::string takeThread(const Note& note);
    [[nodiscard]] std::string takeProcess(const Note& note);
    [[nodiscard]] std::string takeFiles(const Note& note);
    [[nodiscard]] std::string takeRegisters(const Note& note);
    [[nodiscard]] std::string load(const Note& note, std::uint64_t limit, std::vector<std::byte>& out);

    const ByteSource& source_;
    CoreNotes notes_;
    std::uint64_t kept_ = 0;
};

} // namespace firstchance
