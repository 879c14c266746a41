#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "clr/com.h"
#include "clr/dac.h"
#include "clr/dac_slots.h"
#include "clr/dac_structs.h"
#include "clr/data_target.h"

namespace firstchance {

//! \brief What Dac::interfaces() gives to the files of this layer: the DAC's interfaces, and caches bound to
//! one process.
struct Dac::Interfaces {
    com::Reference process; //!< IXCLRDataProcess
    com::Reference sos;     //!< ISOSDacInterface
    com::Reference sos2;
    com::Reference sos6;
    com::Reference sos8;
    com::Reference sos12; //!< .NET 6 and later
    com::Reference sos13; //!< .NET 8 and later
    com::Reference sos14; //!< .NET 9 and later
    DataTarget* target = nullptr;
    PageCache* memory = nullptr;
    std::unordered_map<std::uint64_t, std::string> typeNames;
    std::unordered_map<std::uint64_t, std::string> moduleFiles;

    //! \brief Calls an ISOSDacInterface method.
    template <class... Arguments> com::HResult call(dac::Sos slot, Arguments... arguments) {
        return com::call(sos.get(), static_cast<std::size_t>(slot), arguments...);
    }
    //! \brief A structure filled by a method of the form `HRESULT Get(address, T*)`.
    template <class T> std::optional<T> get(dac::Sos slot, Address address) {
        T data{};
        return call(slot, address.value(), &data) >= 0 ? std::optional<T>(data) : std::nullopt;
    }
    //! \brief A text from a method of the form `HRESULT Get(address, count, char16_t*, needed*)`, as UTF-8.
    std::optional<std::string> text(dac::Sos slot, Address address);
};

} // namespace firstchance
