#include "clr/shared_metadata.h"

#include <unistd.h>

#include <filesystem>

#include "base/address_ranges.h"
#include "clr/dac_interfaces.h"
#include "clr/module_files.h"
#include "clr/modules.h"

namespace firstchance {
namespace {

constexpr std::uint64_t kHeaderBytes = 4096;
constexpr std::uint64_t kLargestMetadata = 1ULL << 30;

//! \brief ".../shared/Microsoft.NETCore.App/VERSION", where the installers of .NET put the runtime.
bool isShared(const RuntimeLocation& runtime) {
    return runtime.kind == RuntimeKind::CoreClr &&
           std::filesystem::path(runtime.directory).parent_path().filename() == "Microsoft.NETCore.App";
}

//! \brief ".../shared" of ".../shared/FRAMEWORK/VERSION".
std::filesystem::path frameworksOf(const std::filesystem::path& directory) {
    return directory.parent_path().parent_path();
}

//! \brief The mapping \p address lies in, if it is an unwritable one of an assembly of an installed
//! framework.
const Mapping* frameworkFileAt(Dac& dac, Address address) {
    const Mapping* mapping = dac.image().findMapping(address);
    const bool installed = mapping != nullptr && mapping->isFile() && !mapping->writable &&
                           frameworksOf(std::filesystem::path(mapping->path).parent_path()) ==
                               frameworksOf(dac.runtime().directory);
    return installed ? mapping : nullptr;
}

} // namespace

std::vector<AddressRange> sharedRuntimeMetadata(Dac& dac) {
    const RuntimeLocation& runtime = dac.runtime();
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const std::string library = dac.image().rootPrefix() + runtime.directory + "/libmscordaccore.so";
    std::vector<AddressRange> all;
    if (!isShared(runtime) || runtime.dacPath != library) {
        return all;
    }
    for (const Address address : moduleAddresses(dac)) {
        const auto data = dac.interfaces().get<dac::Module>(dac::Sos::GetModuleData, address);
        if (!data || data->imageBase == 0 || data->metadataSize > kLargestMetadata) {
            continue;
        }
        const Mapping* mapping = frameworkFileAt(dac, Address(data->metadata));
        const auto headers = ImageBytes::memory(dac, Address(data->imageBase), kHeaderBytes);
        if (mapping == nullptr ||
            !unchangedFile(dac, mapping->path, PeImage::parse(headers, PeImage::Layout::Mapped))) {
            continue;
        }
        const AddressRange whole{Address(data->metadata).alignUp(page),
                                 Address(data->metadata + data->metadataSize).alignDown(page)};
        const AddressRange held = whole.intersect(mapping->range);
        if (!held.empty()) {
            const auto changed =
                mapping->shared ? std::vector<AddressRange>{} : dac.image().privatePages(held);
            const auto clean = subtractRanges({held}, changed);
            all.insert(all.end(), clean.begin(), clean.end());
        }
    }
    joinRanges(all);
    return all;
}

} // namespace firstchance
