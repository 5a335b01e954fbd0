#include "core/discovery/find_partners.h"

#include <map>
#include <set>

#include <absl/strings/match.h>

#include "core/base/error.h"
#include "core/discovery/granted_fields.h"
#include "core/matching/text.h"
#include "tests/core/discovery/partner_town.h"

namespace brobygger::discovery {
namespace {

using access::AssociationField;

std::set<AssociationField> AllFields() {
  std::set<AssociationField> all;
  for (int i = 1; i <= access::v1::AssociationField_MAX; ++i) {
    all.insert(static_cast<AssociationField>(i));
  }
  return all;
}

FindPartnersRequest HomeworkOnThursdays() {
  FindPartnersRequest request;
  auto& criteria = *request.mutable_criteria();
  criteria.set_query("lektiecafe");
  criteria.add_areas("nordby");
  criteria.add_weekdays("torsdag");
  criteria.add_language_codes("ar");
  return request;
}

// Every field of a message that is set, by its path; lists by their first element.
void AddSetFields(const google::protobuf::Message& message,
                  const std::string& before,
                  std::set<std::string>& paths) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* field : fields) {
    const std::string path = before + field->name();
    const bool ours =
        field->message_type() != nullptr && field->message_type()->name() == "PartnerActivity";
    if (!ours) {
      paths.insert(path);
      continue;
    }
    AddSetFields(message.GetReflection()->GetRepeatedMessage(message, field, 0), path + ".", paths);
  }
}

std::set<std::string> SetFields(const Partner& partner) {
  std::set<std::string> paths;
  AddSetFields(partner, "", paths);
  return paths;
}

// What each field opens, alone; parts of activities besides with the activities.
const std::map<AssociationField, std::set<std::string>>& Opens() {
  using namespace access::v1;  // NOLINT(google-build-using-namespace): a table of its names
  static const std::map<AssociationField, std::set<std::string>> kOpens = {
      {ASSOCIATION_FIELD_OTHER_NAME, {"other_names"}},
      {ASSOCIATION_FIELD_PURPOSE, {"purpose"}},
      {ASSOCIATION_FIELD_ACTIVITY,
       {"activities.id", "activities.title", "activities.description", "activities.age_bands",
        "activities.price_oere", "activities.open_to_public", "activities.status"}},
      {ASSOCIATION_FIELD_AREA, {"area", "postal_districts", "places", "activities.place"}},
      {ASSOCIATION_FIELD_NUMBER, {"identifiers"}},
      {ASSOCIATION_FIELD_THEME, {"themes", "activities.themes"}},
      {ASSOCIATION_FIELD_AUDIENCE, {"audiences", "activities.audiences"}},
      {ASSOCIATION_FIELD_LANGUAGE, {"language_codes", "activities.language_codes"}},
      {ASSOCIATION_FIELD_MUNICIPALITY, {"municipality_code"}},
      {ASSOCIATION_FIELD_STATUS, {"status"}},
      {ASSOCIATION_FIELD_WEEKDAY, {"activities.recurrence_rule"}},
      {ASSOCIATION_FIELD_CAPACITY, {"capacity", "activities.capacity"}},
      {ASSOCIATION_FIELD_UPDATED, {"update_time"}},
      {ASSOCIATION_FIELD_CONFIRMED, {"last_confirmed_date"}},
      {ASSOCIATION_FIELD_CONTACT, {"contact"}}};
  return kOpens;
}

}  // namespace

TEST_CASE("the homework-café question is answered with a reason", "[discovery]") {
  PartnerTown town;
  town.Cafe("Syd uden samtykke");
  town.caller = town.As("volunteer-centre", "0615");
  const auto found = town.Found(HomeworkOnThursdays());
  REQUIRE(found.partners_size() == 1);
  const Partner& partner = found.partners(0);
  CHECK(partner.official_name() == "Nordby Lektiehjaelp");
  CHECK(partner.activities(0).fits());
  CHECK(partner.capacity() == 25);
  CHECK(partner.last_confirmed_date() == "2026-05-04");
  REQUIRE(partner.reasons_size() == 2);
  CHECK(partner.reasons(0).field() == "activity");
  CHECK(partner.reasons(1).field() == "area");
  CHECK(found.total_count() == 1);
}

TEST_CASE("every field of a partner is one that was granted", "[discovery]") {
  PartnerTown town;
  const auto told = [&](std::set<AssociationField> fields) {
    town.caller = town.Centre(std::move(fields));
    return SetFields(town.Found({}).partners(0));
  };
  const std::set<std::string> always = {"association_id", "official_name"};
  CHECK(told({}) == always);
  std::set<std::string> all = always;
  for (const auto& [field, opens] : Opens()) {
    INFO(access::v1::AssociationField_Name(field));
    all.insert(opens.begin(), opens.end());
    // Alone it opens no more than its own, and nothing of activities unless it is they.
    std::set<std::string> alone = always;
    for (const std::string& path : opens) {
      const bool within = path.starts_with("activities.");
      if (!within || field == access::v1::ASSOCIATION_FIELD_ACTIVITY) alone.insert(path);
    }
    CHECK(told({field}) == alone);
    // Without it all else is told.
    std::set<AssociationField> rest = AllFields();
    rest.erase(field);
    const auto without = told(rest);
    for (const std::string& path : opens) CHECK_FALSE(without.contains(path));
  }
  CHECK(told(AllFields()) == all);
  CHECK(Opens().size() == AllFields().size());
}

TEST_CASE("a granted field finds by no text that it does not tell", "[discovery]") {
  PartnerTown town;
  for (int i = 1; i <= access::v1::AssociationField_MAX; ++i) {
    town.caller = town.Centre({static_cast<AssociationField>(i)});
    for (const char* word : {"lektiehjaelpen", "vi", "nordby", "biblioteket", "horsens", "nordre",
                             "8700", "kom", "lektiecafe", "1", "post", "10550101", "brev"}) {
      INFO(access::v1::AssociationField_Name(static_cast<AssociationField>(i)) << " " << word);
      FindPartnersRequest request;
      request.mutable_criteria()->set_query(word);
      const FindPartnersResponse found = town.Found(request);
      for (Partner partner : found.partners()) {
        const std::string by = partner.reasons(0).found();
        partner.clear_reasons();
        CHECK(absl::StrContains(matching::FoldText(partner.ShortDebugString()), by));
      }
    }
  }
  town.caller = town.Centre(AllFields());
  for (const char* query : {"\"Nordre Kaj\"", "area:nordre", "nord* kaj", "8700", "area:87*"}) {
    FindPartnersRequest request;
    request.mutable_criteria()->set_query(query);
    request.set_all_must_hold(true);
    INFO(query);
    CHECK(town.NamesOf(request).empty());
  }
  FindPartnersRequest address;
  address.mutable_criteria()->set_query("address:nordre");
  CHECK(base::ReasonOf(town.Ask(address).status()) == errors::v1::ERROR_REASON_QUERY_INVALID);
}

TEST_CASE("what was not granted cannot be asked by", "[discovery]") {
  PartnerTown town;
  town.caller = town.Centre({access::v1::ASSOCIATION_FIELD_LANGUAGE});
  std::vector<FindPartnersRequest> requests(12);
  requests[0].mutable_criteria()->add_themes(registry::v1::THEME_CULTURE);
  requests[1].mutable_criteria()->add_audiences(registry::v1::AUDIENCE_CHILDREN);
  requests[2].mutable_criteria()->add_areas("nordby");
  requests[3].mutable_criteria()->add_activities("lektiecafe");
  requests[4].mutable_criteria()->add_weekdays("torsdag");
  requests[5].mutable_criteria()->set_min_capacity(5);
  requests[6].mutable_criteria()->set_updated_since_date("2026-01-01");
  requests[7].mutable_criteria()->add_municipality_codes("0615");
  requests[8].mutable_criteria()->set_query("purpose:lektier");
  requests[9].mutable_criteria()->set_query("known-by:integration");
  requests[10].mutable_criteria()->set_query("-status:active");
  requests[11].add_facets("theme");
  for (const char* facet : {"activity", "capacity", "known-by"}) {
    requests.emplace_back().add_facets(facet);
  }
  for (const auto& request : requests) {
    INFO(request.ShortDebugString());
    const auto refused = town.Ask(request);
    CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_QUERY_INVALID);
    // In the terms in which it was asked: a list of the criteria, a word of the query, a count.
    const std::string allowed = base::ErrorMetadata(refused.status(), "allowed");
    const bool criteria = base::ErrorMetadata(refused.status(), "field").starts_with("criteria.");
    const bool count = request.facets_size() > 0;
    CHECK(allowed == (criteria ? "language_codes" : (count ? "language" : "name,language")));
  }
  // Its words are not searched either, so that nothing can be inferred from what is found.
  FindPartnersRequest purpose;
  purpose.mutable_criteria()->set_query("lektier sammen");
  CHECK(town.NamesOf(purpose).empty());
  purpose.mutable_criteria()->set_query("lektiehjaelp");
  purpose.mutable_criteria()->add_language_codes("ar");
  CHECK(town.NamesOf(purpose) == Names{"Nordby Lektiehjaelp"});
}

TEST_CASE("partners are counted by what they do and for how many, not by who knows them",
          "[discovery]") {
  PartnerTown town;
  town.Meet(town.integration, town.Cafe("Syd uden samtykke"), 3);
  FindPartnersRequest request;
  for (const char* facet : {"capacity", "activity"}) request.add_facets(facet);
  for (const bool centre : {true, false}) {
    INFO("a volunteer centre " << centre);
    town.caller = centre ? town.Centre({access::v1::ASSOCIATION_FIELD_ACTIVITY,
                                        access::v1::ASSOCIATION_FIELD_CAPACITY})
                         : access::LocalOperator();
    const auto found = town.Found(request);
    REQUIRE(found.facets_size() == 2);
    REQUIRE(found.facets(0).counts_size() == 3);
    CHECK(found.facets(0).counts(2).value() == "20");
    CHECK(found.facets(0).counts(2).count() == (centre ? 1 : 2));
    REQUIRE(found.facets(1).counts_size() == 1);
    CHECK(found.facets(1).counts(0).value() == "Lektiecafe");
    CHECK(found.facets(1).counts(0).count() == (centre ? 1 : 2));
    // Nobody: who knows whom is no matter of partners.
    FindPartnersRequest known;
    known.add_facets("known-by");
    const auto refused = town.Ask(known);
    CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_QUERY_INVALID);
    CHECK(base::ErrorMetadata(refused.status(), "allowed").find("known-by") == std::string::npos);
  }
}

TEST_CASE("how to reach a partner is told where it agreed to that", "[discovery]") {
  PartnerTown town;
  const std::string shy = town.Cafe("Den stille");
  town.AgreeToCentres(shy, /*contact=*/false);
  FindPartnersRequest request;
  request.mutable_criteria()->set_query("\"Den stille\"");
  town.caller = town.As("volunteer-centre", "0615");
  CHECK_FALSE(town.Found(request).partners(0).has_contact());
  town.caller = town.As("caseworker", "0615");
  CHECK(town.Found(request).partners(0).contact().emails(0) == "post@lektier.example");
  // A system of the municipality is not one of its employees.
  town.caller.kind = access::CallerKind::kSystem;
  CHECK_FALSE(town.Found(request).partners(0).has_contact());
  town.caller = town.As("volunteer-centre", "0615");
  request.mutable_criteria()->set_query("\"Nordby Lektiehjaelp\"");
  CHECK(town.Found(request).partners(0).contact().phones(0) == "+4510550101");
}

TEST_CASE("who has ended is no partner", "[discovery]") {
  PartnerTown town;
  CHECK(town.NamesOf({}).size() == 1);
  town.Change(town.cafe, [](auto& association) {
    association.set_status(registry::v1::ASSOCIATION_STATUS_ENDED);
  });
  CHECK(town.NamesOf({}).empty());
  v1::GetPartnerRequest one;
  one.set_association_id(town.cafe);
  CHECK(base::ReasonOf(GetPartner(town.Town::Ask(), one).status()) ==
        errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
}

TEST_CASE("one partner is told as far as it may be seen", "[discovery]") {
  PartnerTown town;
  const std::string hidden = town.Cafe("Uden samtykke");
  town.caller = town.Centre({access::v1::ASSOCIATION_FIELD_LANGUAGE});
  v1::GetPartnerRequest request;
  request.set_association_id(town.cafe);
  const auto told = GetPartner(town.Town::Ask(), request);
  REQUIRE(told.ok());
  CHECK(SetFields(told->partner()) ==
        std::set<std::string>{"association_id", "official_name", "language_codes"});
  // Lists show the beginning of an id; a part of that could be tried out.
  request.set_association_id(town.cafe.substr(0, 8));
  CHECK(GetPartner(town.Town::Ask(), request)->partner().association_id() == town.cafe);
  for (const std::string& start : {hidden.substr(0, 8), town.cafe.substr(0, 7), std::string()}) {
    INFO(start);
    request.set_association_id(start);
    CHECK(base::ReasonOf(GetPartner(town.Town::Ask(), request).status()) ==
          errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
  }
  request.set_association_id(hidden);
  const auto refused = GetPartner(town.Town::Ask(), request);
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
}

}  // namespace brobygger::discovery
