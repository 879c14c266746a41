#include "clr/data_target.h"

#include <algorithm>
#include <cstring>

#include "clr/dac_guids.h"
#include "clr/thread_context.h"

namespace firstchance {
namespace {

//! \brief The DAC asks for images by plain ASCII file names.
std::string asciiName(const char16_t* name) {
    constexpr std::size_t kLongest = 4096;
    std::string text;
    for (std::size_t i = 0; i < kLongest && name[i] != 0; ++i) {
        text += static_cast<char>(name[i] < 0x80 ? name[i] : '?');
    }
    return text.substr(text.rfind('/') + 1);
}

} // namespace

DataTarget::DataTarget(const ProcessImage& image, PageCache& memory, Address runtimeBase)
    : image_(image), memory_(memory), runtimeBase_(runtimeBase) {}

com::HResult DataTarget::query(const com::Guid& id, void** out) {
    if (id == com::kIUnknown || id == dac::kICLRDataTarget) {
        *out = &target_;
        return com::kOk;
    }
    if (id == dac::kICLRRuntimeLocator) {
        *out = &locator_;
        return com::kOk;
    }
    *out = nullptr;
    return com::kNoInterface;
}

Address DataTarget::imageBase(const std::string& name) const {
    if (name == "libcoreclr.so") {
        return runtimeBase_; // in a single file the runtime has another file name
    }
    for (const Mapping& mapping : image_.mappings()) {
        const std::string& path = mapping.path;
        if (mapping.fileOffset == 0 && path.size() > name.size() && path.ends_with(name) &&
            path[path.size() - name.size() - 1] == '/') {
            return mapping.range.begin;
        }
    }
    return {};
}

com::HResult DataTarget::Locator::getRuntimeBase(std::uint64_t* base) {
    *base = owner_.runtimeBase_.value();
    return com::kOk;
}

com::HResult DataTarget::Target::getMachineType(std::uint32_t* machine) {
    *machine = ContextLayout::kMachine;
    return com::kOk;
}

com::HResult DataTarget::Target::getPointerSize(std::uint32_t* size) {
    *size = sizeof(std::uint64_t);
    return com::kOk;
}

com::HResult DataTarget::Target::getImageBase(const char16_t* name, std::uint64_t* base) {
    const Address found = owner_.imageBase(asciiName(name));
    *base = found.value();
    return found.isNull() ? com::kFail : com::kOk;
}

com::HResult DataTarget::Target::readVirtual(std::uint64_t address, std::uint8_t* buffer, std::uint32_t size,
                                             std::uint32_t* done) {
    if (owner_.trace_ != nullptr) {
        owner_.trace_->push_back({Address(address), size});
    }
    const auto bytes = std::as_writable_bytes(std::span(buffer, size));
    const std::size_t got = owner_.memory_.read(Address(address), bytes);
    if (size == sizeof owner_.answer_ && !owner_.answered_.isNull() && owner_.answered_ == Address(address)) {
        std::memcpy(buffer, &owner_.answer_, size);
    }
    if (done != nullptr) {
        *done = static_cast<std::uint32_t>(got);
    }
    return got > 0 || size == 0 ? com::kOk : com::kFail;
}

com::HResult DataTarget::Target::writeVirtual(std::uint64_t, std::uint8_t*, std::uint32_t, std::uint32_t*) {
    return com::kNotImplemented;
}
com::HResult DataTarget::Target::getTlsValue(std::uint32_t, std::uint32_t, std::uint64_t*) {
    return com::kNotImplemented;
}
com::HResult DataTarget::Target::setTlsValue(std::uint32_t, std::uint32_t, std::uint64_t) {
    return com::kNotImplemented;
}
com::HResult DataTarget::Target::getCurrentThreadId(std::uint32_t*) {
    return com::kNotImplemented;
}

com::HResult DataTarget::Target::getThreadContext(std::uint32_t thread, std::uint32_t, std::uint32_t size,
                                                  std::uint8_t* context) {
    const auto threads = owner_.image_.threads();
    const auto found = std::find_if(threads.begin(), threads.end(), [&](const ThreadImage& image) {
        return static_cast<std::uint32_t>(image.tid) == thread;
    });
    const bool filled =
        found != threads.end() && fillContext(*found, std::as_writable_bytes(std::span(context, size)));
    return filled ? com::kOk : com::kFail;
}

com::HResult DataTarget::Target::setThreadContext(std::uint32_t, std::uint32_t, std::uint8_t*) {
    return com::kNotImplemented;
}
com::HResult DataTarget::Target::request(std::uint32_t, std::uint32_t, std::uint8_t*, std::uint32_t,
                                         std::uint8_t*) {
    return com::kNotImplemented;
}

} // namespace firstchance
