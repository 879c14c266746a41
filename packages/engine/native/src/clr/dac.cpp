#include "clr/dac.h"

#include <algorithm>

#include "clr/dac_guids.h"
#include "clr/dac_interfaces.h"
#include "clr/dac_library.h"
#include "clr/page_cache.h"
#include "clr/runtime_build.h"
#include "clr/utf16.h"

namespace firstchance {

struct Dac::State {
    State(const ProcessImage& processImage, const RuntimeLocation& location)
        : image(processImage), runtime(location), memory(processImage),
          target(processImage, memory, location.base) {}

    const ProcessImage& image;
    RuntimeLocation runtime;
    PageCache memory;
    DataTarget target;
    Interfaces interfaces; //!< last: released before the data target goes
};

namespace {

#if defined(__GLIBC__)
constexpr bool kWeAreMusl = false;
#else
constexpr bool kWeAreMusl = true;
#endif

tl::unexpected<Error> noLibrary(const RuntimeLocation& runtime) {
    const std::string what = "Looking for the debugging library of " + runtime.path;
    switch (runtime.kind) {
    case RuntimeKind::NativeAot:
        return fail(
            {ErrorCode::DacMissing, what, "NativeAOT programs have none", "Use gdb or lldb on the dump.", 0});
    case RuntimeKind::Mono: return fail({ErrorCode::DacMissing, what, "the Mono runtime has none", "", 0});
    case RuntimeKind::SingleFile:
        return fail({ErrorCode::DacMissing, what, "a single-file program carries none",
                     "Put libmscordaccore.so of runtime " + runtime.version + " beside the program.", 0});
    case RuntimeKind::CoreClr:
    case RuntimeKind::None: break;
    }
    return fail({ErrorCode::DacMissing, what, "there is no libmscordaccore.so in " + runtime.directory,
                 "It belongs to every .NET runtime package; install the runtime again.", 0});
}

} // namespace

Dac::Dac(std::unique_ptr<State> state) : state_(std::move(state)) {}
Dac::~Dac() = default;

Result<std::unique_ptr<Dac>> Dac::open(const ProcessImage& image, const RuntimeLocation& runtime) {
    if (runtime.dacPath.empty()) {
        return noLibrary(runtime);
    }
    if (runtime.musl != kWeAreMusl) {
        return fail({ErrorCode::DacMissing, "Loading the debugging library of " + runtime.path,
                     runtime.musl ? "it is built for musl, this program for glibc"
                                  : "it is built for glibc, this program for musl",
                     "Only native memory can be captured of it.", 0});
    }
    if (auto same = checkSameBuild(image, runtime); !same) {
        return fail(same.error());
    }
    const auto library = DacLibrary::load(runtime.dacPath);
    if (!library) {
        return fail(library.error());
    }
    auto state = std::make_unique<State>(image, runtime);
    auto process = (*library)->createProcess(state->target.interface());
    if (!process) {
        return fail(process.error());
    }
    Interfaces& interfaces = state->interfaces;
    interfaces.process = std::move(*process);
    interfaces.target = &state->target;
    interfaces.memory = &state->memory;
    interfaces.sos = interfaces.process.query(dac::kISOSDacInterface);
    interfaces.sos2 = interfaces.process.query(dac::kISOSDacInterface2);
    interfaces.sos6 = interfaces.process.query(dac::kISOSDacInterface6);
    interfaces.sos8 = interfaces.process.query(dac::kISOSDacInterface8);
    interfaces.sos12 = interfaces.process.query(dac::kISOSDacInterface12);
    interfaces.sos13 = interfaces.process.query(dac::kISOSDacInterface13);
    interfaces.sos14 = interfaces.process.query(dac::kISOSDacInterface14);
    if (!interfaces.sos || !interfaces.sos2 || !interfaces.sos8) {
        return fail({ErrorCode::DacFailed, "Opening the process with " + runtime.dacPath,
                     "it does not offer the interfaces of .NET 5 and later", "", 0});
    }
    return std::unique_ptr<Dac>(new Dac(std::move(state)));
}

const ProcessImage& Dac::image() const {
    return state_->image;
}
const RuntimeLocation& Dac::runtime() const {
    return state_->runtime;
}
std::vector<AddressRange> Dac::touchedPages() const {
    return state_->memory.touched();
}
void Dac::touch(AddressRange range) {
    state_->memory.touch(range);
}
std::size_t Dac::read(Address address, std::span<std::byte> buffer) {
    return state_->memory.read(address, buffer);
}
Dac::Interfaces& Dac::interfaces() {
    return state_->interfaces;
}

std::optional<std::string> Dac::Interfaces::text(dac::Sos slot, Address address) {
    constexpr std::uint32_t kLongest = 1U << 16U;
    std::u16string buffer(512, u'\0');
    std::uint32_t needed = 0;
    com::HResult result =
        call(slot, address.value(), static_cast<std::uint32_t>(buffer.size()), buffer.data(), &needed);
    if (result >= 0 && needed > buffer.size()) {
        // Some methods answer S_FALSE and cut, others S_OK: the needed size is what can be relied on.
        buffer.assign(std::min(needed, kLongest), u'\0');
        result =
            call(slot, address.value(), static_cast<std::uint32_t>(buffer.size()), buffer.data(), &needed);
    }
    if (result < 0) {
        return std::nullopt;
    }
    return toUtf8(std::u16string_view(buffer).substr(0, std::min(buffer.find(u'\0'), buffer.size())));
}

} // namespace firstchance
