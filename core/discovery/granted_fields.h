#pragma once

#include "core/access/access.h"
#include "core/search/fields.h"

namespace brobygger::discovery {

// Whether the caller was granted the field: all of them, unless it was granted only some.
bool IsGranted(const access::Caller& caller, access::AssociationField field);

// What the caller may search, filter and count by. Who was granted only some fields may not ask by
// who knows an association either; an address nobody is granted.
search::FieldSet SearchableBy(const access::Caller& caller);

}  // namespace brobygger::discovery
