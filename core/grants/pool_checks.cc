#include "core/grants/pool_checks.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "core/grants/pool_measures.h"
#include "core/grants/pool_texts.h"
#include "core/model/identifiers.h"
#include "core/model/names.h"
#include "core/model/places.h"

namespace brobygger::grants {
namespace {

using grant::v1::PoolActivities;
using grant::v1::PoolCheckState;
using grant::v1::PoolFact;
using registry::v1::Association;

// What came of looking: the texts are those of pool_texts.csv.
struct Finding {
  PoolCheckState state;
  LocalizedText found;
  std::string advice = {};  // its key; "" where nothing need be done
};

constexpr auto kMet = grant::v1::POOL_CHECK_STATE_MET;
constexpr auto kNotMet = grant::v1::POOL_CHECK_STATE_NOT_MET;
constexpr auto kNotKnown = grant::v1::POOL_CHECK_STATE_NOT_KNOWN;

// "POOL_FACT_NEMKONTO" is "fact_nemkonto" in the file of texts.
std::string FactKey(PoolFact fact) {
  return absl::AsciiStrToLower(grant::v1::PoolFact_Name(fact)).substr(sizeof("pool_") - 1);
}

Finding FindCvr(const Association& association, const std::string& today) {
  std::string ended;
  for (const auto& identifier : association.identifiers()) {
    if (identifier.scheme() != model::kSchemeCvr) continue;
    const std::string& to = identifier.valid().to_date();
    if (to.empty() || to > today) {
      return {kMet, Say("found_cvr", {{"value", Plain(identifier.value())}})};
    }
    ended = std::max(ended, to);
  }
  if (!ended.empty()) {
    return {kNotMet, Say("found_cvr_ended", {{"day", Day(ended)}}), "advice_cvr_ended"};
  }
  if (association.legal_form() == registry::v1::LEGAL_FORM_NOT_REGISTERED) {
    return {kNotMet, Say("found_cvr_none"), "advice_cvr"};
  }
  return {kNotKnown, Say("found_no_cvr"), "advice_cvr"};
}

Finding FindNemkonto(const Association& association) {
  switch (association.digital_readiness().nemkonto()) {
    case registry::v1::TRISTATE_YES:
      return {kMet, Say("found_yes")};
    case registry::v1::TRISTATE_NO:
      return {kNotMet, Say("found_no"), "advice_nemkonto"};
    default:
      return {kNotKnown, Say("found_not_told"), "advice_nemkonto"};
  }
}

bool GoesOn(const registry::v1::Activity& activity) {
  return activity.status() != registry::v1::ACTIVITY_STATUS_ENDED;
}

Finding FindOpen(const Association& association) {
  bool any = false;
  bool all_told = true;
  for (const auto& activity : association.activities()) {
    if (!GoesOn(activity)) continue;
    if (activity.open_to_public()) {
      return {kMet, Say("found_open", {{"title", Plain(activity.title())}})};
    }
    any = true;
    all_told = all_told && activity.has_open_to_public();
  }
  if (!any) return {kNotKnown, Say("found_no_activities"), "advice_activities_ask"};
  if (!all_told) return {kNotKnown, Say("found_not_told"), "advice_open_to_all"};
  return {kNotMet, Say("found_closed"), "advice_open_to_all"};
}

Finding FindNotForProfit(const Association& association) {
  const auto form = [&] {
    return Say(
        "found_form",
        {{"form", LabelOf(*registry::v1::LegalForm_descriptor(), association.legal_form())}});
  };
  switch (association.legal_form()) {
    case registry::v1::LEGAL_FORM_ASSOCIATION:
    case registry::v1::LEGAL_FORM_VOLUNTARY_ASSOCIATION:
    case registry::v1::LEGAL_FORM_FOUNDATION:
      return {kMet, form()};
    case registry::v1::LEGAL_FORM_UNSPECIFIED:
      return {kNotKnown, Say("found_not_told"), "advice_not_for_profit"};
    // The others may or may not: their statutes say.
    default:
      return {kNotKnown, form(), "advice_not_for_profit"};
  }
}

Finding FindAssociationForm(const Association& association) {
  if (association.kind() == registry::v1::ASSOCIATION_KIND_INFORMAL_GROUP) {
    return {kNotMet, Say("found_informal"), "advice_association"};
  }
  const auto& form = *registry::v1::LegalForm_descriptor();
  const bool told = association.legal_form() != registry::v1::LEGAL_FORM_UNSPECIFIED &&
                    association.legal_form() != registry::v1::LEGAL_FORM_NOT_REGISTERED;
  if (told) return {kMet, Say("found_form", {{"form", LabelOf(form, association.legal_form())}})};
  if (association.has_statutes()) return {kMet, Say("found_statutes")};
  return {kNotKnown, Say("found_not_told"), "advice_association_ask"};
}

Finding FindAgreed(const Pool& pool, const Applicant& applicant) {
  // For a national fund any municipality's will do.
  const auto with = [&](const std::set<std::string>& codes) {
    return pool.municipality_code().empty() ? !codes.empty()
                                            : codes.contains(pool.municipality_code());
  };
  if (with(applicant.agreed_with)) return {kMet, Say("found_agreed")};
  if (with(applicant.begun_with)) {
    return {kNotMet, Say("found_begun"), "advice_agreed_collaboration"};
  }
  // There may well be an agreement on paper.
  return {kNotKnown, Say("found_no_collaboration"), "advice_no_collaboration"};
}

Finding FindFact(const Pool& pool,
                 PoolFact fact,
                 const Applicant& applicant,
                 const std::string& today) {
  const Association& association = applicant.association;
  switch (fact) {
    case grant::v1::POOL_FACT_CVR:
      return FindCvr(association, today);
    case grant::v1::POOL_FACT_NEMKONTO:
      return FindNemkonto(association);
    case grant::v1::POOL_FACT_OPEN_TO_ALL:
      return FindOpen(association);
    case grant::v1::POOL_FACT_NOT_FOR_PROFIT:
      return FindNotForProfit(association);
    case grant::v1::POOL_FACT_ASSOCIATION:
      return FindAssociationForm(association);
    case grant::v1::POOL_FACT_AGREED_COLLABORATION:
      return FindAgreed(pool, applicant);
    default:
      return {kNotKnown, Say("found_not_told"), "advice_ask"};
  }
}

// The municipality's name, or its code where it has none.
std::string NameOf(const std::string& code) {
  for (const auto& municipality : model::Municipalities()) {
    if (municipality.code() == code) return municipality.official_name();
  }
  return code;
}

LocalizedText PlacesOf(const std::vector<std::string>& codes) {
  std::vector<std::string> names;
  names.reserve(codes.size());
  for (const std::string& code : codes) names.push_back(NameOf(code));
  return Plain(absl::StrJoin(names, ", "));
}

Finding FindMunicipality(const Association& association,
                         const grant::v1::PoolMunicipalities& wanted) {
  std::vector<std::string> places = {association.municipality_code()};
  for (const std::string& code : association.coverage_municipality_codes()) {
    if (code != places.front()) places.push_back(code);
  }
  const auto& codes = wanted.municipality_codes();
  const bool met = std::any_of(places.begin(), places.end(), [&](const std::string& place) {
    return std::find(codes.begin(), codes.end(), place) != codes.end();
  });
  const LocalizedText found = Say("found_places", {{"list", PlacesOf(places)}});
  return met ? Finding{kMet, found} : Finding{kNotMet, found, "advice_municipalities"};
}

// Of the wanted items those that a list of the statutes' does or does not have.
template <typename Items>
std::vector<std::string> ItemsIn(const grant::v1::PoolStatutes& wanted,
                                 const Items& listed,
                                 bool there) {
  std::vector<std::string> items;
  for (const std::string& item : wanted.items()) {
    const bool found = std::any_of(listed.begin(), listed.end(), [&](const std::string& each) {
      return model::FoldName(each) == model::FoldName(item);
    });
    if (found == there) items.push_back(item);
  }
  return items;
}

Finding FindStatutes(const Association& association, const grant::v1::PoolStatutes& wanted) {
  if (!association.has_statutes()) {
    return {kNotKnown, Say("found_not_told"), "advice_statutes"};
  }
  const auto& statutes = association.statutes();
  const auto lacking = ItemsIn(wanted, statutes.items_missing(), true);
  if (!lacking.empty()) {
    return {kNotMet, Say("found_statutes_lack", {{"list", Plain(absl::StrJoin(lacking, ", "))}}),
            "advice_statutes_lack"};
  }
  const auto unseen = ItemsIn(wanted, statutes.items_present(), false);
  if (!unseen.empty()) {
    return {kNotKnown, Say("found_statutes_unseen", {{"list", Plain(absl::StrJoin(unseen, ", "))}}),
            "advice_statutes"};
  }
  return {kMet, Say("found_statutes")};
}

LocalizedText KindsOf(const PoolActivities& kinds) {
  LocalizedText list = LabelsOf(*registry::v1::Theme_descriptor(), kinds.themes());
  Append(LabelsOf(*registry::v1::Audience_descriptor(), kinds.audiences()), list);
  Append(LabelsOf(*registry::v1::AgeBand_descriptor(), kinds.age_bands()), list);
  return list;
}

template <typename Numbers>
void AddNew(const Numbers& numbers, google::protobuf::RepeatedField<int>& into) {
  for (const int number : numbers) {
    const bool known = std::find(into.begin(), into.end(), number) != into.end();
    if (number != 0 && !known) into.Add(number);
  }
}

// What the association's activities are, as far as the fund asks about such things at all.
PoolActivities ToldKinds(const Association& association, const PoolActivities& wanted) {
  PoolActivities told;
  for (const auto& activity : association.activities()) {
    if (!GoesOn(activity)) continue;
    if (!wanted.themes().empty()) AddNew(activity.themes(), *told.mutable_themes());
    if (!wanted.audiences().empty()) AddNew(activity.audiences(), *told.mutable_audiences());
    if (!wanted.age_bands().empty()) AddNew(activity.age_bands(), *told.mutable_age_bands());
  }
  return told;
}

template <typename Numbers>
bool Meet(const Numbers& left, const Numbers& right) {
  return std::any_of(left.begin(), left.end(), [&](int number) {
    return std::find(right.begin(), right.end(), number) != right.end();
  });
}

Finding FindActivities(const Association& association, const PoolActivities& wanted) {
  const PoolActivities told = ToldKinds(association, wanted);
  if (told.ByteSizeLong() == 0) {
    return {kNotKnown, Say("found_no_activities"), "advice_activities_ask"};
  }
  const LocalizedText found = Say("found_activities", {{"list", KindsOf(told)}});
  const bool met = Meet(told.themes(), wanted.themes()) ||
                   Meet(told.audiences(), wanted.audiences()) ||
                   Meet(told.age_bands(), wanted.age_bands());
  return met ? Finding{kMet, found} : Finding{kNotMet, found, "advice_activities"};
}

// What became of the association's approvals under one act.
struct Approvals {
  const registry::v1::Approval* holds = nullptr;
  std::string ended;  // when the last one did
  bool pending = false;
  bool refused = false;
};

void Count(const registry::v1::Approval& approval, const std::string& today, Approvals& known) {
  const std::string& to = approval.valid().to_date();
  const bool now = to.empty() || to > today;
  if (approval.decision() == "pending") {
    known.pending = true;
  } else if (approval.decision() != "approved") {
    known.refused = known.refused || now;
  } else if (now) {
    known.holds = &approval;
  } else {
    known.ended = std::max(known.ended, to);
  }
}

// The best that is known: an approval that holds, else what became of the last one.
Finding FindApproval(const Association& association,
                     const std::string& act,
                     const std::string& today) {
  Approvals known;
  for (const auto& approval : association.approvals()) {
    if (model::FoldName(approval.act()) == model::FoldName(act)) Count(approval, today, known);
  }
  if (known.holds != nullptr) {
    const std::string& to = known.holds->valid().to_date();
    const LocalizedText until = to.empty() ? Plain("") : Say("found_until", {{"day", Day(to)}});
    return {kMet, Say("found_approved", {{"until", until}})};
  }
  if (known.pending) return {kNotKnown, Say("found_approval_pending"), "advice_approval_pending"};
  if (known.refused) return {kNotMet, Say("found_approval_refused"), "advice_approval"};
  if (!known.ended.empty()) {
    return {kNotMet, Say("found_approval_ended", {{"day", Day(known.ended)}}), "advice_approval"};
  }
  return {kNotKnown, Say("found_not_told"), "advice_approval_ask"};
}

LocalizedText WordsFor(const PoolCriterion& criterion) {
  switch (criterion.rule_case()) {
    case PoolCriterion::kFact:
      return criterion.fact() == grant::v1::POOL_FACT_ASK ? LocalizedText()
                                                          : Say(FactKey(criterion.fact()));
    case PoolCriterion::kLeast:
      return WantedMeasure(criterion.least());
    case PoolCriterion::kMunicipalities: {
      const auto& codes = criterion.municipalities().municipality_codes();
      return Say("municipalities", {{"list", PlacesOf({codes.begin(), codes.end()})}});
    }
    case PoolCriterion::kStatutes: {
      const auto& items = criterion.statutes().items();
      if (items.empty()) return Say("statutes");
      return Say("statutes_with", {{"list", Plain(absl::StrJoin(items, ", "))}});
    }
    case PoolCriterion::kActivities:
      return Say("activities", {{"list", KindsOf(criterion.activities())}});
    default:
      return Say("approval", {{"act", Plain(criterion.approval_act())}});
  }
}

Finding Find(const Pool& pool,
             const PoolCriterion& criterion,
             const Applicant& applicant,
             const std::string& today) {
  const Association& association = applicant.association;
  switch (criterion.rule_case()) {
    case PoolCriterion::kMunicipalities:
      return FindMunicipality(association, criterion.municipalities());
    case PoolCriterion::kStatutes:
      return FindStatutes(association, criterion.statutes());
    case PoolCriterion::kActivities:
      return FindActivities(association, criterion.activities());
    case PoolCriterion::kApprovalAct:
      return FindApproval(association, criterion.approval_act(), today);
    default:
      return FindFact(pool, criterion.fact(), applicant, today);
  }
}

}  // namespace

LocalizedText WantedBy(const PoolCriterion& criterion) {
  LocalizedText wanted = WordsFor(criterion);
  // The fund's own words are the better ones, in the languages that it has them in.
  for (const auto& [language, text] : criterion.text().by_language()) {
    (*wanted.mutable_by_language())[language] = text;
  }
  return wanted;
}

PoolCheck CheckCriterion(const Pool& pool,
                         const PoolCriterion& criterion,
                         const Applicant& applicant,
                         const std::string& today) {
  PoolCheck check;
  if (criterion.has_least()) {
    check = CheckMeasure(criterion.least(), applicant.association, today);
  } else {
    const Finding finding = Find(pool, criterion, applicant, today);
    check.set_state(finding.state);
    *check.mutable_found() = finding.found;
    if (!finding.advice.empty()) *check.mutable_advice() = Say(finding.advice);
  }
  *check.mutable_criterion() = criterion;
  *check.mutable_wanted() = WantedBy(criterion);
  return check;
}

}  // namespace brobygger::grants
