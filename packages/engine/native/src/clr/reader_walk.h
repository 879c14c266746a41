#pragma once

#include "clr/dac.h"

namespace firstchance {

//! \brief Asks the DAC what debuggers ask, so that the pages it reads for the answers are in
//! Dac::touchedPages(): threads, handles, sync blocks, finalization queue and, with \p stackReferences, the
//! object references of each stack. Stops after 10 seconds; what fails is left out.
void touchWhatReadersAsk(Dac& dac, bool stackReferences);

} // namespace firstchance
