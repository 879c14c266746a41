#pragma once

#include "agent/clr_api.h"
#include "agent/name_buffer.h"

namespace firstchance::agent {

//! \brief Appends a type's full name: `Namespace.Outer+Inner<System.Int32>`. False when the runtime does not
//! tell. \p parent (may be null) receives the base type, 0 for none.
bool appendTypeName(void* profilerInfo, ClassId type, NameBuffer& out, ClassId* parent, int depth = 0);

//! \brief Appends a method's full name, `Namespace.Outer+Inner.Method`, without generic arguments. False when
//! the module's metadata does not tell.
bool appendMethodName(void* profilerInfo, ModuleId module, MetadataToken method, NameBuffer& out);

//! \brief Appends a module's path, or its name when it has no file.
bool appendModulePath(void* profilerInfo, ModuleId module, NameBuffer& out);

} // namespace firstchance::agent
