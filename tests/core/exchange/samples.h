// Associations to try formats with.
#pragma once

#include "brobygger/discovery/v1/partner.pb.h"
#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::exchange {

// One of which nothing is known but its name.
registry::v1::Association Bare();

// One that says something in every field that is published.
registry::v1::Association Full();

// One whose texts are made to break formats: quotation marks, tags, formulas, line ends, letters
// that run from the right.
registry::v1::Association Hostile();

// Full() as a partner of whom everything was told.
discovery::v1::Partner FullPartner();

}  // namespace brobygger::exchange
