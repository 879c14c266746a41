#include "clr/modules.h"

#include <array>
#include <unordered_set>

#include "clr/dac_interfaces.h"
#include "clr/metadata_tables.h"
#include "clr/module_files.h"
#include "clr/pe_image.h"

namespace firstchance {
namespace {

constexpr std::uint32_t kMostModules = 100'000;
constexpr std::uint64_t kLargestImage = 1ULL << 32;

//! \brief A list from a method of the form `HRESULT Get(address, count, values*, needed*)`.
std::vector<std::uint64_t> list(Dac::Interfaces& interfaces, dac::Sos slot, std::uint64_t address) {
    std::uint32_t needed = 0;
    interfaces.call(slot, address, std::uint32_t{0}, static_cast<std::uint64_t*>(nullptr), &needed);
    std::vector<std::uint64_t> values(std::min(needed, kMostModules));
    const auto count = static_cast<std::uint32_t>(values.size());
    if (values.empty() || interfaces.call(slot, address, count, values.data(), &needed) < 0) {
        values.clear();
    }
    return values;
}

std::vector<std::uint64_t> domains(Dac::Interfaces& interfaces) {
    std::vector<std::uint64_t> all;
    dac::AppDomainStore store{};
    if (interfaces.call(dac::Sos::GetAppDomainStoreData, &store) >= 0) {
        for (const std::uint64_t domain : {store.sharedDomain, store.systemDomain}) {
            if (domain != 0) {
                all.push_back(domain);
            }
        }
    }
    std::array<std::uint64_t, 64> values{};
    std::uint32_t needed = 0;
    if (interfaces.call(dac::Sos::GetAppDomainList, static_cast<std::uint32_t>(values.size()), values.data(),
                        &needed) >= 0) {
        all.insert(all.end(), values.begin(), values.begin() + std::min<std::size_t>(needed, values.size()));
    }
    return all;
}

struct LoadedModule {
    std::uint64_t assembly, address;
};

std::vector<LoadedModule> loadedModules(Dac::Interfaces& interfaces) {
    std::vector<LoadedModule> modules;
    std::unordered_set<std::uint64_t> seen;
    for (const std::uint64_t domain : domains(interfaces)) {
        for (const std::uint64_t assembly : list(interfaces, dac::Sos::GetAssemblyList, domain)) {
            for (const std::uint64_t address : list(interfaces, dac::Sos::GetAssemblyModuleList, assembly)) {
                if (modules.size() < kMostModules && seen.insert(address).second) {
                    modules.push_back({assembly, address});
                }
            }
        }
    }
    return modules;
}

//! \brief The layout as the runtime sees it; IXCLRDataModule, because ISOSDacInterface does not tell it.
dac::ModuleLayout layoutOf(Dac::Interfaces& interfaces, std::uint64_t address) {
    constexpr std::uint32_t kGetModuleData = 0xF0000001;
    dac::ModuleLayout layout{};
    com::Reference module;
    if (interfaces.call(dac::Sos::GetModule, address, module.out()) < 0 || !module ||
        com::call(module.get(), dac::slot::kModuleRequest, kGetModuleData, std::uint32_t{0},
                  static_cast<void*>(nullptr), static_cast<std::uint32_t>(sizeof layout),
                  static_cast<void*>(&layout)) < 0) {
        return {};
    }
    return layout;
}

void readIdentity(Dac& dac, ClrModule& module, bool flat) {
    if (module.metadataSize != 0) {
        if (const auto tables =
                MetadataTables::parse(ImageBytes::memory(dac, module.metadata, module.metadataSize))) {
            module.mvid = tables->mvid();
        }
    }
    if (module.imageBase.isNull()) {
        return;
    }
    const auto source =
        ImageBytes::memory(dac, module.imageBase, module.imageSize != 0 ? module.imageSize : kLargestImage);
    const auto loaded = PeImage::parse(source, flat ? PeImage::Layout::File : PeImage::Layout::Mapped);
    if (loaded) {
        module.pdb = loaded->pdb();
    }
    if (module.path.empty() || (module.pdb && !module.mvid.empty())) {
        return;
    }
    // A core need not hold the pages asked for.
    if (const auto file = unchangedFile(dac, module.path, loaded)) {
        if (!module.pdb) {
            module.pdb = file->pdb();
        }
        const auto metadata = module.mvid.empty() ? file->metadata() : std::nullopt;
        if (const auto tables = metadata ? MetadataTables::parse(*metadata) : std::nullopt) {
            module.mvid = tables->mvid();
        }
    }
}

std::optional<ClrModule> readModule(Dac& dac, std::uint64_t assembly, std::uint64_t address) {
    Dac::Interfaces& interfaces = dac.interfaces();
    const auto data = interfaces.get<dac::Module>(dac::Sos::GetModuleData, Address(address));
    if (!data) {
        return std::nullopt;
    }
    const dac::ModuleLayout layout = layoutOf(interfaces, address);
    ClrModule module;
    module.path = moduleFile(dac, Address(address));
    module.dynamic = layout.isDynamic != 0 || data->isReflection != 0;
    module.name = module.path.empty()
                      ? interfaces.text(dac::Sos::GetAssemblyName, Address(assembly)).value_or("")
                      : fileName(module.path);
    module.imageBase = Address(data->imageBase);
    module.imageSize = std::min(layout.loadedSize, kLargestImage);
    module.metadata = Address(data->metadata);
    module.metadataSize = std::min(data->metadataSize, kLargestImage);
    readIdentity(dac, module, layout.isFileLayout != 0);
    return module;
}

} // namespace

std::vector<Address> domainAddresses(Dac& dac) {
    std::vector<Address> all;
    for (const std::uint64_t domain : domains(dac.interfaces())) {
        all.emplace_back(domain);
    }
    return all;
}

std::vector<Address> moduleAddresses(Dac& dac) {
    std::vector<Address> addresses;
    for (const LoadedModule& module : loadedModules(dac.interfaces())) {
        addresses.emplace_back(module.address);
    }
    return addresses;
}

Result<std::vector<ClrModule>> readModules(Dac& dac) {
    std::vector<ClrModule> modules;
    for (const LoadedModule& loaded : loadedModules(dac.interfaces())) {
        if (auto module = readModule(dac, loaded.assembly, loaded.address)) {
            modules.push_back(std::move(*module));
        }
    }
    if (modules.empty()) {
        return fail({ErrorCode::DacFailed, "Listing the program's modules",
                     "the debugging library named none", "The runtime may not have finished starting.", 0});
    }
    return modules;
}

} // namespace firstchance
