#include "clr/runtime_location.h"

#include <unistd.h>

#include <cstring>
#include <optional>
#include <string_view>

#include "clr/elf_image.h"
#include "clr/runtime_build.h"

namespace firstchance {
namespace {

bool hasFileName(const Mapping& mapping, std::string_view name) {
    const std::string_view path = mapping.path;
    return path.size() > name.size() && path.ends_with(name) && path[path.size() - name.size() - 1] == '/';
}

//! \brief The first mapping of a file of this name from its beginning, even if the file was deleted since.
const Mapping* findImage(const ProcessImage& image, std::string_view name) {
    for (const Mapping& mapping : image.mappings()) {
        if (mapping.fileOffset == 0 && hasFileName(mapping, name)) {
            return &mapping;
        }
    }
    return nullptr;
}

//! \brief The program itself: the image that holds the program headers the kernel announced (AT_PHDR).
const Mapping* findProgram(const ProcessImage& image) {
    const auto vector = image.auxiliaryVector();
    for (std::size_t offset = 0; offset + sizeof(Elf64_auxv_t) <= vector.size();
         offset += sizeof(Elf64_auxv_t)) {
        Elf64_auxv_t item{};
        std::memcpy(&item, vector.data() + offset, sizeof item);
        if (item.a_type == AT_PHDR) {
            const Mapping* mapping = image.findMapping(Address(item.a_un.a_val));
            return mapping != nullptr && mapping->fileOffset == 0 && !mapping->path.empty() ? mapping
                                                                                            : nullptr;
        }
    }
    return nullptr;
}

bool usesMusl(const ProcessImage& image) {
    for (const Mapping& mapping : image.mappings()) {
        if (mapping.path.find("/ld-musl-") != std::string::npos ||
            mapping.path.find("/libc.musl-") != std::string::npos) {
            return true;
        }
    }
    return false;
}

//! \brief Which runtime an image holds, told by its exports; the exports are part of what debuggers rely on.
RuntimeKind kindOf(const ElfImage& elf, bool isProgram) {
    // Single files export DotNetRuntimeInfo beside g_dacTable (dotnet/runtime src/coreclr/debug/runtimeinfo).
    if (elf.findSymbol("g_dacTable")) {
        return isProgram ? RuntimeKind::SingleFile : RuntimeKind::CoreClr;
    }
    if (isProgram) {
        return elf.findSymbol("DotNetRuntimeDebugHeader") ? RuntimeKind::NativeAot : RuntimeKind::None;
    }
    return RuntimeKind::Mono; // Mono's runtime packs call theirs libcoreclr.so too
}

std::optional<RuntimeLocation> describe(const ProcessImage& image, const Mapping& mapping, bool isProgram) {
    const auto elf = ElfImage::read(image, mapping.range.begin);
    if (!elf) {
        return std::nullopt;
    }
    RuntimeLocation runtime;
    runtime.kind = kindOf(*elf, isProgram);
    if (runtime.kind == RuntimeKind::None) {
        return std::nullopt;
    }
    runtime.base = mapping.range.begin;
    runtime.path = mapping.path;
    runtime.directory = mapping.path.substr(0, mapping.path.rfind('/'));
    runtime.buildId = elf->buildId();
    runtime.musl = usesMusl(image);
    runtime.version = versionFromPath(runtime.directory);
    if (runtime.version.empty()) {
        if (const auto text = readBuildText(image, runtime.base)) {
            runtime.version = versionFromBuildText(*text);
        }
    }
    if (runtime.kind == RuntimeKind::CoreClr || runtime.kind == RuntimeKind::SingleFile) {
        std::string dac = image.rootPrefix() + runtime.directory + "/libmscordaccore.so";
        if (::access(dac.c_str(), R_OK) == 0) {
            runtime.dacPath = std::move(dac);
        }
    }
    return runtime;
}

} // namespace

Result<RuntimeLocation> locateRuntime(const ProcessImage& image) {
    for (const char* name : {"libcoreclr.so", "libmonosgen-2.0.so"}) {
        if (const Mapping* mapping = findImage(image, name)) {
            if (auto runtime = describe(image, *mapping, false)) {
                return *runtime;
            }
        }
    }
    if (const Mapping* program = findProgram(image)) {
        if (auto runtime = describe(image, *program, true)) {
            return *runtime;
        }
    }
    return fail(
        {ErrorCode::NotDotNet,
         "Looking for .NET in process " + std::to_string(image.pid()) + " (" + image.commandName() + ")",
         "it has no .NET runtime loaded",
         "If it has just been started, it may load the runtime in a moment; if it is a launcher (a shell, "
         "dotnet run), "
         "name the process it started.",
         0});
}

} // namespace firstchance
