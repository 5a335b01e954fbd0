#include "core/exchange/card.h"

#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "core/exchange/hsds_parts.h"
#include "core/exchange/page.h"
#include "core/exchange/texts.h"
#include "core/model/labels.h"

namespace brobygger::exchange {
namespace {

using registry::v1::Activity;
using registry::v1::Address;
using registry::v1::Association;

std::string AudiencesOf(const Activity& activity, const std::string& language) {
  std::vector<std::string> audiences;
  for (const int each : activity.audiences()) {
    const std::string& code = registry::v1::Audience_Name(each);
    audiences.emplace_back(model::Label("brobygger.registry.v1.Audience", code, language));
  }
  std::erase(audiences, "");
  return absl::StrJoin(audiences, ", ");
}

void AddFact(PagePart& part, const std::string& label, const std::string& value) {
  if (!value.empty()) part.lines.push_back(absl::StrCat(label, ": ", value));
}

PagePart PartOf(const Activity& activity, const std::string& language) {
  PagePart part{.heading = activity.title(), .lines = {}};
  const std::string description = TextIn(activity.description(), language);
  if (!description.empty()) part.lines.push_back(description);
  const std::string days = WeekdaysText(activity.recurrence_rule(), language);
  if (!days.empty()) part.lines.push_back(absl::StrCat(Text("on", language), " ", days));
  AddFact(part, Text("where", language), activity.place());
  AddFact(part, Text("for_whom", language), AudiencesOf(activity, language));
  AddFact(part, Text("languages", language), absl::StrJoin(activity.language_codes(), ", "));
  AddFact(part, Text("price", language), PriceOf(activity, language));
  return part;
}

std::string LineOf(const Address& address) {
  return absl::StrCat(StreetLine(address), ", ", address.postal_code(), " ",
                      address.postal_district());
}

PagePart Contact(const Association& association, const std::string& language) {
  PagePart part{.heading = Text("contact", language), .lines = {}};
  for (const auto& email : association.emails()) part.lines.push_back(email);
  for (const auto& phone : association.phones()) part.lines.push_back(phone);
  for (const auto& website : association.websites()) part.lines.push_back(website);
  for (const auto& address : association.addresses()) part.lines.push_back(LineOf(address));
  return part;
}

std::string Subtitle(const Association& association, const std::string& language) {
  std::vector<std::string> facts;
  if (association.status() != registry::v1::ASSOCIATION_STATUS_UNSPECIFIED) {
    const std::string& code = registry::v1::AssociationStatus_Name(association.status());
    facts.emplace_back(model::Label("brobygger.registry.v1.AssociationStatus", code, language));
  }
  const std::string cvr = CvrOf(association);
  if (!cvr.empty()) facts.push_back(absl::StrCat("CVR ", cvr));
  if (!association.coverage_area().empty()) facts.push_back(association.coverage_area());
  return absl::StrJoin(facts, " · ");
}

Page CardOf(const Association& association, const std::string& language, const std::string& day) {
  Page card{.title = association.official_name(),
            .subtitle = Subtitle(association, language),
            .parts = {},
            .foot = absl::StrCat(Text("foot", language), day, ".")};
  const auto add = [&](PagePart part) {
    if (!part.lines.empty()) card.parts.push_back(std::move(part));
  };
  PagePart names{.heading = Text("also_known_as", language), .lines = {}};
  for (const auto& each : association.other_names()) names.lines.push_back(each.text());
  add(std::move(names));
  const std::string purpose = TextIn(association.purpose(), language);
  if (!purpose.empty()) add({Text("purpose", language), {purpose}});
  const std::string offers = TextIn(association.offers(), language);
  if (!offers.empty()) add({Text("offers", language), {offers}});
  const std::string wishes = TextIn(association.wishes(), language);
  if (!wishes.empty()) add({Text("wishes", language), {wishes}});
  bool first = true;
  for (const Activity& activity : association.activities()) {
    if (activity.status() == registry::v1::ACTIVITY_STATUS_ENDED) continue;
    PagePart part = PartOf(activity, language);
    if (first) part.heading = absl::StrCat(Text("activities", language), ": ", part.heading);
    first = false;
    card.parts.push_back(std::move(part));
  }
  if (!association.language_codes().empty()) {
    add({Text("languages", language), {absl::StrJoin(association.language_codes(), ", ")}});
  }
  add(Contact(association, language));
  const std::string confirmed = LastConfirmed(association);
  if (!confirmed.empty()) add({Text("confirmed", language), {confirmed}});
  return card;
}

}  // namespace

std::string CardText(const Association& association,
                     const std::string& language,
                     const std::string& day) {
  return PageText(CardOf(association, language, day));
}

std::string CardHtml(const Association& association,
                     const std::string& language,
                     const std::string& day) {
  return PageHtml(CardOf(association, language, day), language);
}

}  // namespace brobygger::exchange
