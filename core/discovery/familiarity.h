#pragma once

#include "brobygger/discovery/v1/familiarity.pb.h"

#include "core/discovery/contact_index.h"

namespace brobygger::discovery {

// What the contacts of a department and an association add up to on a day (days since
// 1970-01-01, Danish). Pure. The grade, the first that fits:
//
//   none          nothing has taken place
//   dormant       nothing in the last 365 days
//   stable        working well, and in touch in 6 of the last 8 spans of 91 days
//   working well  4 contacts in the last 365 days, in 3 of the last 4 spans of 91 days, and one
//                 of them not about grants or premises
//   developing    3 contacts in the last 24 months
//   starting      else
//
// The thresholds are reasoned, not measured: a department that meets an association at every
// quarter's network meeting works well with it.
v1::Familiarity FamiliarityOf(const PairContacts& pair, int today);

// Whether it has taken place on this day.
bool IsHeld(const Contact& contact, int today);

// Whether anything has taken place on this day; else all there is is planned.
bool HasTakenPlace(const PairContacts& pair, int today);

// Whether it was about grants or premises.
bool IsAboutMoney(const Contact& contact);

}  // namespace brobygger::discovery
