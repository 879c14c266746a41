#pragma once

#include "agent/native/allocation_hooks.h"

namespace firstchance::agent {

//! \brief Calls add(name, original, replacement) with each function that hands out descriptors or closes
//! them.
void forEachDescriptorHook(void (*add)(const char* name, void* original, void* replacement));

} // namespace firstchance::agent
