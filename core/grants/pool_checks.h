#pragma once

#include <set>
#include <string>

#include "brobygger/registry/v1/association.pb.h"

#include "core/grants/pool_rules.h"

namespace brobygger::grants {

using grant::v1::PoolCheck;

// An association that could apply, with what the hub knows beside its record.
struct Applicant {
  registry::v1::Association association;
  // Municipalities with a department of which it has a collaboration that is agreed or active, and
  // those where one is on its way to that; by code.
  std::set<std::string> agreed_with = {};
  std::set<std::string> begun_with = {};
};

// What a criterion asks: the fund's own words, or words made of its rule; in "da" and "en".
registry::v1::LocalizedText WantedBy(const PoolCriterion& criterion);

// Holds one criterion of the fund against what is known of the association. What is not known is
// never a no. Pure; `today` is a day in ISO 8601.
PoolCheck CheckCriterion(const Pool& pool,
                         const PoolCriterion& criterion,
                         const Applicant& applicant,
                         const std::string& today);

}  // namespace brobygger::grants
