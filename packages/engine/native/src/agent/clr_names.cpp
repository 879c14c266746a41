#include "agent/clr_names.h"

#include "agent/generic_arity.h"

namespace firstchance::agent {
namespace {

constexpr std::uint32_t kMaxArguments = 16;
constexpr int kMaxNesting = 8;
constexpr int kMaxDepth = 4; // of generic arguments in generic arguments

bool appendTypeDefName(void* metadata, MetadataToken token, NameBuffer& out, std::uint32_t& flags) {
    Utf16 name[512];
    std::uint32_t length = 0;
    MetadataToken base = 0;
    if (call(metadata, kMetadataGetTypeDefProps, token, name, std::uint32_t{512}, &length, &flags, &base) <
        0) {
        return false;
    }
    length = length < 512 ? length : 512;
    out.append(name, length > 0 ? length - 1 : 0);
    return true;
}

// From the type itself out to the outermost one that contains it.
int enclosingTypes(void* metadata, MetadataToken token, MetadataToken (&chain)[kMaxNesting]) {
    constexpr std::uint32_t kVisibilityMask = 7;
    constexpr std::uint32_t kFirstNested = 2;
    int count = 0;
    while (count < kMaxNesting) {
        NameBuffer ignored;
        std::uint32_t flags = 0;
        chain[count++] = token;
        if (!appendTypeDefName(metadata, token, ignored, flags) || (flags & kVisibilityMask) < kFirstNested ||
            call(metadata, kMetadataGetNestedClassProps, token, &token) < 0) {
            break;
        }
    }
    return count;
}

void appendArguments(void* profilerInfo, const ClassId* arguments, std::uint32_t count, NameBuffer& out,
                     int depth) {
    out.append("<");
    for (std::uint32_t i = 0; i < count; ++i) {
        if (i > 0) {
            out.append(", ");
        }
        if (!appendTypeName(profilerInfo, arguments[i], out, nullptr, depth + 1)) {
            out.append("?");
        }
    }
    out.append(">");
}

bool appendArrayName(void* profilerInfo, ClassId type, NameBuffer& out, int depth) {
    std::uint32_t elementKind = 0;
    ClassId element = 0;
    std::uint32_t rank = 0;
    if (call(profilerInfo, kInfoIsArrayClass, type, &elementKind, &element, &rank) != kOk) {
        return false;
    }
    if (element == 0 || !appendTypeName(profilerInfo, element, out, nullptr, depth + 1)) {
        out.append("?");
    }
    out.append("[");
    for (std::uint32_t i = 1; i < rank; ++i) {
        out.append(",");
    }
    out.append("]");
    return true;
}

} // namespace

bool appendTypeName(void* profilerInfo, ClassId type, NameBuffer& out, ClassId* parent, int depth) {
    if (parent != nullptr) {
        *parent = 0;
    }
    if (depth > kMaxDepth) {
        return false;
    }
    ModuleId module = 0;
    MetadataToken token = 0;
    ClassId base = 0;
    std::uint32_t argumentCount = 0;
    ClassId arguments[kMaxArguments];
    if (call(profilerInfo, kInfoGetClassIdInfo2, type, &module, &token, &base, kMaxArguments, &argumentCount,
             arguments) < 0 ||
        module == 0) {
        return appendArrayName(profilerInfo, type, out, depth);
    }
    if (parent != nullptr) {
        *parent = base;
    }
    argumentCount = argumentCount < kMaxArguments ? argumentCount : kMaxArguments;
    ComReference metadata;
    if (call(profilerInfo, kInfoGetModuleMetaData, module, std::uint32_t{0}, &kIidMetadataImport,
             metadata.out()) != kOk) {
        return false;
    }
    MetadataToken chain[kMaxNesting];
    const int nesting = enclosingTypes(metadata.get(), token, chain);
    std::uint32_t used = 0;
    for (int i = nesting - 1; i >= 0; --i) {
        NameBuffer part;
        std::uint32_t flags = 0;
        if (!appendTypeDefName(metadata.get(), chain[i], part, flags)) {
            return false;
        }
        const MetadataName split = splitArity(part.text());
        out.append(split.name);
        const std::uint32_t own = split.arity < argumentCount - used ? split.arity : argumentCount - used;
        if (own > 0) {
            appendArguments(profilerInfo, arguments + used, own, out, depth);
            used += own;
        }
        if (i > 0) {
            out.append("+");
        }
    }
    return true;
}

bool appendMethodName(void* profilerInfo, ModuleId module, MetadataToken method, NameBuffer& out) {
    ComReference metadata;
    if (call(profilerInfo, kInfoGetModuleMetaData, module, std::uint32_t{0}, &kIidMetadataImport,
             metadata.out()) != kOk) {
        return false;
    }
    MetadataToken type = 0;
    Utf16 name[512];
    std::uint32_t length = 0;
    std::uint32_t attributes = 0;
    const void* signature = nullptr;
    std::uint32_t signatureBytes = 0;
    std::uint32_t codeAddress = 0;
    std::uint32_t implementation = 0;
    if (call(metadata.get(), kMetadataGetMethodProps, method, &type, name, std::uint32_t{512}, &length,
             &attributes, &signature, &signatureBytes, &codeAddress, &implementation) < 0) {
        return false;
    }
    MetadataToken chain[kMaxNesting];
    const int nesting = enclosingTypes(metadata.get(), type, chain);
    for (int i = nesting - 1; i >= 0; --i) {
        NameBuffer part;
        std::uint32_t flags = 0;
        if (!appendTypeDefName(metadata.get(), chain[i], part, flags)) {
            return false;
        }
        out.append(splitArity(part.text()).name);
        out.append(i > 0 ? "+" : ".");
    }
    length = length < 512 ? length : 512;
    out.append(name, length > 0 ? length - 1 : 0);
    return true;
}

bool appendModulePath(void* profilerInfo, ModuleId module, NameBuffer& out) {
    Utf16 path[1024];
    std::uint32_t length = 0;
    const unsigned char* base = nullptr;
    std::uintptr_t assembly = 0;
    if (call(profilerInfo, kInfoGetModuleInfo, module, &base, std::uint32_t{1024}, &length, path, &assembly) <
        0) {
        return false;
    }
    length = length < 1024 ? length : 1024;
    out.append(path, length > 0 ? length - 1 : 0);
    return true;
}

} // namespace firstchance::agent
