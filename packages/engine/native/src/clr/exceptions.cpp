#include "clr/exceptions.h"

#include <algorithm>
#include <unordered_set>

#include "clr/dac_interfaces.h"
#include "clr/fields.h"
#include "clr/methods.h"
#include "clr/objects.h"
#include "clr/type_names.h"

namespace firstchance {
namespace {

constexpr std::size_t kMostExceptions = 100; //!< in one tree of inner exceptions
constexpr int kDeepestInner = 20;
constexpr std::size_t kMostFrames = 1000;
constexpr std::size_t kMostMessage = 1U << 16U;

//! \brief An element of Exception._stackTrace (dotnet/runtime src/coreclr/vm/clrex.h), the same from .NET 5
//! to 10.
struct TraceElement {
    std::uint64_t ip, sp, methodDesc;
    std::uint32_t flags, padding;
};
static_assert(sizeof(TraceElement) == 32);
constexpr std::uint32_t kIpAdjusted = 2; //!< ip is inside the call already

//! \brief The byte array with the frames. From .NET 9 on it may stand first in an object[] that keeps dynamic
//! methods alive.
Address traceBytes(Dac& dac, Address stackTrace) {
    const auto elements = referenceArray(dac, stackTrace, 1);
    return elements.empty() ? stackTrace : elements.front();
}

std::vector<ClrFrame> readTrace(Dac& dac, Address stackTrace) {
    std::vector<ClrFrame> frames;
    const Address bytes = traceBytes(dac, stackTrace);
    const auto data =
        bytes.isNull() ? std::nullopt : dac.interfaces().get<dac::Object>(dac::Sos::GetObjectData, bytes);
    constexpr std::uint64_t kArrayHeader =
        16; // u32 frames (u64 before .NET 9), u32 kept objects, owning Thread*
    const auto count = data && data->componentSize == 1
                           ? dac.readValue<std::uint32_t>(Address(data->arrayData))
                           : std::nullopt;
    if (!count || data->components < kArrayHeader) {
        return frames;
    }
    const std::size_t fits = (data->components - kArrayHeader) / sizeof(TraceElement);
    for (std::size_t i = 0; i < std::min({static_cast<std::size_t>(*count), fits, kMostFrames}); ++i) {
        const auto element =
            dac.readValue<TraceElement>(Address(data->arrayData) + kArrayHeader + i * sizeof(TraceElement));
        if (!element) {
            break;
        }
        ClrFrame frame;
        frame.ip = Address(element->ip);
        frame.sp = Address(element->sp);
        describeMethod(dac, Address(element->methodDesc), frame);
        const bool adjusted = (element->flags & kIpAdjusted) != 0;
        frame.ilOffset =
            element->ip == 0 ? std::nullopt : ilOffsetAt(dac, adjusted ? frame.ip : frame.ip - 1);
        frames.push_back(std::move(frame));
    }
    return frames;
}

class ExceptionReader {
public:
    explicit ExceptionReader(Dac& dac) : dac_(dac) {}

    std::optional<ClrException> read(Address object, int depth) {
        const Address type = methodTableOf(dac_, object);
        if (type.isNull() || depth > kDeepestInner || seen_.size() >= kMostExceptions ||
            !seen_.insert(object.value()).second) {
            return std::nullopt;
        }
        dac::ExceptionObject data{};
        if (!derivesFrom(dac_, type, "System.Exception") ||
            com::call(dac_.interfaces().sos2.get(), dac::slot::kSos2GetObjectExceptionData, object.value(),
                      &data) < 0) {
            return std::nullopt;
        }
        ClrException exception;
        exception.type = typeName(dac_, type);
        exception.message = stringAt(dac_, Address(data.message), kMostMessage);
        exception.hresult = data.hresult;
        exception.address = object;
        exception.stack = readTrace(dac_, Address(data.stackTrace));
        for (const Address inner : innerOf(type, object, Address(data.inner))) {
            if (auto one = read(inner, depth + 1)) {
                exception.inner.push_back(std::move(*one));
            }
        }
        return exception;
    }

private:
    //! \brief AggregateException keeps all of them in _innerExceptions, the first also as InnerException.
    std::vector<Address> innerOf(Address type, Address object, Address inner) {
        if (derivesFrom(dac_, type, "System.AggregateException")) {
            if (const auto field = findField(dac_, type, "_innerExceptions")) {
                auto all = referenceArray(dac_, referenceAt(dac_, object + kObjectHeader + field->offset),
                                          kMostExceptions);
                if (!all.empty()) {
                    return all;
                }
            }
        }
        return inner.isNull() ? std::vector<Address>{} : std::vector<Address>{inner};
    }

    Dac& dac_;
    std::unordered_set<std::uint64_t> seen_;
};

} // namespace

Result<ClrException> readException(Dac& dac, Address object) {
    auto exception = ExceptionReader(dac).read(object, 0);
    if (!exception) {
        return fail({ErrorCode::InvalidArgument,
                     "Reading the exception object at " + std::to_string(object.value()),
                     "there is no exception object", "", 0});
    }
    return std::move(*exception);
}

} // namespace firstchance
