#pragma once

#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::model {

// What of an association everybody may see (class P0): a new record, built from the fields that
// are public and from no others, so that a field that is added later is not told by mistake.
// Who said what (provenance) is not public: it tells which systems know the association.
registry::v1::Association PublicPart(const registry::v1::Association& association);

}  // namespace brobygger::model
