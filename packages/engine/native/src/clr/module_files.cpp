#include "clr/module_files.h"

#include "clr/dac_interfaces.h"

namespace firstchance {

std::string moduleFile(Dac& dac, Address module) {
    Dac::Interfaces& interfaces = dac.interfaces();
    if (const auto known = interfaces.moduleFiles.find(module.value());
        known != interfaces.moduleFiles.end()) {
        return known->second;
    }
    std::string path;
    if (const auto data = interfaces.get<dac::Module>(dac::Sos::GetModuleData, module)) {
        path = interfaces.text(dac::Sos::GetPEFileName, Address(data->peAssembly)).value_or("");
    }
    return interfaces.moduleFiles.emplace(module.value(), std::move(path)).first->second;
}

std::optional<PeImage> unchangedFile(Dac& dac, const std::string& path,
                                     const std::optional<PeImage>& loaded) {
    const auto source = ImageBytes::file(dac.image().rootPrefix() + path);
    auto file = source ? PeImage::parse(*source, PeImage::Layout::File) : std::nullopt;
    const bool same = file && loaded && file->timestamp() == loaded->timestamp() &&
                      file->sizeOfImage() == loaded->sizeOfImage();
    return same ? std::move(file) : std::nullopt;
}

std::string fileName(std::string_view path) {
    return std::string(path.substr(path.find_last_of("/\\") + 1));
}

} // namespace firstchance
