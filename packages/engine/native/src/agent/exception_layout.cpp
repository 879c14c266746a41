#include "agent/exception_layout.h"

#include "agent/name_buffer.h"

namespace firstchance::agent {
namespace {

struct FieldOffset { // COR_FIELD_OFFSET
    MetadataToken field;
    std::uint32_t offset;
};
constexpr std::uint32_t kMaxFields = 64;

bool fieldName(void* metadata, MetadataToken field, NameBuffer& out) {
    Utf16 name[128];
    std::uint32_t length = 0;
    MetadataToken type = 0;
    std::uint32_t attributes = 0;
    const void* signature = nullptr;
    std::uint32_t signatureBytes = 0;
    std::uint32_t constantType = 0;
    const void* constant = nullptr;
    std::uint32_t constantLength = 0;
    if (call(metadata, kMetadataGetFieldProps, field, &type, name, std::uint32_t{128}, &length, &attributes,
             &signature, &signatureBytes, &constantType, &constant, &constantLength) < 0) {
        return false;
    }
    length = length < 128 ? length : 128;
    out.append(name, length > 0 ? length - 1 : 0);
    return true;
}

} // namespace

bool ExceptionLayout::learn(void* profilerInfo, ClassId exceptionClass) {
    if (known_.load(std::memory_order_relaxed)) {
        return true;
    }
    ModuleId module = 0;
    MetadataToken token = 0;
    ClassId base = 0;
    std::uint32_t arguments = 0;
    FieldOffset fields[kMaxFields];
    std::uint32_t count = 0;
    std::uint32_t size = 0;
    ComReference metadata;
    if (call(profilerInfo, kInfoGetClassIdInfo2, exceptionClass, &module, &token, &base, std::uint32_t{0},
             &arguments, static_cast<ClassId*>(nullptr)) < 0 ||
        call(profilerInfo, kInfoGetClassLayout, exceptionClass, fields, kMaxFields, &count, &size) < 0 ||
        call(profilerInfo, kInfoGetModuleMetaData, module, std::uint32_t{0}, &kIidMetadataImport,
             metadata.out()) != kOk ||
        call(profilerInfo, kInfoGetStringLayout2, &stringLength_, &stringChars_) < 0) {
        return false;
    }
    for (std::uint32_t i = 0; i < count && i < kMaxFields; ++i) {
        NameBuffer name;
        if (!fieldName(metadata.get(), fields[i].field, name)) {
            continue;
        }
        const struct {
            Text name;
            std::uint32_t* offset;
        } wanted[] = {{"_message", &message_},
                      {"_innerException", &inner_},
                      {"_stackTrace", &stackTrace_},
                      {"_HResult", &hresult_}};
        for (const auto& item : wanted) {
            if (equals(name.text(), item.name)) {
                *item.offset = fields[i].offset;
            }
        }
    }
    const bool complete = message_ != 0 && inner_ != 0 && stackTrace_ != 0 && hresult_ != 0;
    known_.store(complete, std::memory_order_release);
    return complete;
}

std::size_t ExceptionLayout::copyString(ObjectId string, char* out, std::size_t capacity) const {
    const auto length = *memoryAt<const std::int32_t>(string + stringLength_);
    if (length <= 0) {
        return 0;
    }
    return toUtf8(memoryAt<const Utf16>(string + stringChars_), static_cast<std::size_t>(length), out,
                  capacity);
}

} // namespace firstchance::agent
