#pragma once

#include <set>
#include <string>
#include <vector>

#include "plugins/centres/hsds/answer.h"
#include "plugins/centres/hsds/terms.h"

namespace brobygger::hsds {

// The services as the registry's own list of activities, in JSON; "" if there are none. A
// service without key or title is left out. Each text is in `language`; what its terms mean is in
// `terms`.
std::string ActivitiesText(const std::vector<json>& services,
                           const std::string& language,
                           const Terms& terms = {});

// When, as an RFC 5545 rule; "" where HSDS does not say it in a way that such a rule can. Several
// weekly schedules become one rule with the days of all.
std::string RecurrenceOf(const json& schedules);

// The codes in `languages` lists, each once, in order.
void AddLanguages(const json& languages, std::vector<std::string>& codes);

}  // namespace brobygger::hsds
