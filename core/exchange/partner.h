#pragma once

#include "brobygger/discovery/v1/partner.pb.h"
#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::exchange {

// What a caller was told of a partner, as the record that the other functions here write from: what
// was not told is not in it. A postal district is an address of which no more is known, and the
// last day of a confirmation one of no named part. Why it is an answer is left out.
registry::v1::Association ToAssociation(const discovery::v1::Partner& partner);

// The same for AssociationsAsCsv(), which tells no activity by itself: themes and audiences of a
// partner whose activities were not told are in it, too, as those of an activity without a title.
registry::v1::Association ToTableRow(const discovery::v1::Partner& partner);

}  // namespace brobygger::exchange
