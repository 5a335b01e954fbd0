#include "plugins/centres/hsds/organization.h"

#include <algorithm>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "brobygger/sdk/error.h"
#include "brobygger/sdk/sink.h"

#include "plugins/centres/hsds/activity.h"

namespace brobygger::hsds {
namespace {

using plugin::v1::FieldSchema;
using plugin::v1::Record;
using plugin::v1::Value;
using Texts = std::vector<std::string>;

constexpr std::size_t kCvrDigits = 8;
constexpr std::size_t kMostFunctionSigns = 80;

void Tell(const std::string& field, const std::string& text, Record& record) {
  Value& value = (*record.mutable_fields())[field];
  if (text.empty()) {
    value.mutable_empty();
  } else {
    value.set_text(text);
  }
}

void Tell(const std::string& field, const Texts& texts, Record& record) {
  Value& value = (*record.mutable_fields())[field];
  if (texts.empty()) value.mutable_empty();
  for (const std::string& text : texts) value.mutable_list()->add_items()->set_text(text);
}

void AddOnce(std::string text, Texts& texts) {
  if (text.empty() || std::find(texts.begin(), texts.end(), text) != texts.end()) return;
  texts.push_back(std::move(text));
}

// Numbers come with quotation marks around them.
std::string PhoneIn(const json& phone) {
  std::string number = TextAt(phone, "number");
  number.erase(std::remove(number.begin(), number.end(), '"'), number.end());
  absl::StripAsciiWhitespace(&number);
  return number;
}

void AddPhones(const json& phones, Texts& numbers) {
  for (const json& phone : phones) AddOnce(PhoneIn(phone), numbers);
}

// A contact without a person's name is a function, with the ways to reach it. Of one with a name
// only the function is told.
void AddContacts(const json& contacts, Texts& emails, Texts& phones, Texts& functions) {
  for (const json& contact : contacts) {
    const auto name = contact.is_object() ? contact.find("name") : contact.end();
    const bool person = contact.is_object() && name != contact.end() && *name == json(true);
    std::string function = TextAt(contact, "title");
    if (function.empty()) function = TextAt(contact, "department");
    if (function.size() <= kMostFunctionSigns) AddOnce(std::move(function), functions);
    if (person || !contact.is_object()) continue;
    AddOnce(TextAt(contact, "email"), emails);
    AddPhones(ListAt(contact, "phones"), phones);
  }
}

std::string CvrIn(const json& organization) {
  const auto digits_of = [](const std::string& text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char sign) { return sign >= '0' && sign <= '9'; });
    return digits.size() == kCvrDigits ? digits : std::string();
  };
  for (const json& identifier : ListAt(organization, "organization_identifiers")) {
    const std::string scheme = absl::AsciiStrToUpper(TextAt(identifier, "identifier_scheme"));
    const std::string type = absl::AsciiStrToUpper(TextAt(identifier, "identifier_type"));
    const bool cvr = scheme == "DK-CVR" || scheme == "CVR" || absl::StrContains(type, "CVR");
    if (!cvr) continue;
    if (std::string digits = digits_of(TextAt(identifier, "identifier")); !digits.empty()) {
      return digits;
    }
  }
  const std::string tax_id = absl::AsciiStrToUpper(TextAt(organization, "tax_id"));
  return absl::StartsWith(tax_id, "DK") ? digits_of(tax_id) : "";
}

// The registry has Danish addresses only, and would refuse a whole association for another.
bool IsDanish(const json& address) {
  const std::string country = absl::AsciiStrToUpper(TextAt(address, "country"));
  return country.empty() || country == "DK" || country == "DNK" || country == "DANMARK" ||
         country == "DENMARK";
}

// The address to tell: of a place one can come to, before any other.
const json* AddressIn(const json& organization) {
  const json* best = nullptr;
  int best_rank = 0;
  for (const json& location : ListAt(organization, "locations")) {
    if (TextAt(location, "location_type") == "virtual") continue;
    for (const json& address : ListAt(location, "addresses")) {
      const int rank = TextAt(address, "address_type") == "physical" ? 2 : 1;
      if (rank <= best_rank || !IsDanish(address)) continue;
      best = &address;
      best_rank = rank;
    }
  }
  return best;
}

// "Søndre Kaj 13, 2. tv" in its three parts; a line that is not written so is all street.
struct Street {
  std::string name;
  std::string number;
  std::string floor;
};

Street StreetIn(const std::string& line) {
  const std::size_t comma = std::min(line.find(','), line.size());
  std::string first = line.substr(0, comma);
  absl::StripAsciiWhitespace(&first);
  const std::size_t blank = first.rfind(' ');
  if (blank == std::string::npos || blank == 0) return {line, "", ""};
  const std::string number = first.substr(blank + 1);
  const std::size_t digits = std::min(number.find_first_not_of("0123456789"), number.size());
  const bool plain =
      digits > 0 && digits <= 4 && number.size() <= digits + 1 &&
      (number.size() == digits || absl::ascii_isalpha(static_cast<unsigned char>(number.back())));
  if (!plain) return {line, "", ""};
  Street street = {first.substr(0, blank), number, ""};
  if (comma < line.size()) street.floor = line.substr(comma + 1);
  absl::StripAsciiWhitespace(&street.name);
  absl::StripAsciiWhitespace(&street.floor);
  return street;
}

void TellAddress(const json& organization, Record& record) {
  static const json kNone = json::object();
  const json* found = AddressIn(organization);
  const json& address = found == nullptr ? kNone : *found;
  const Street street = StreetIn(TextAt(address, "address_1"));
  Tell("address_street", street.name, record);
  Tell("address_house_number", street.number, record);
  Tell("address_floor_and_door", street.floor, record);
  Tell("address_postal_code", TextAt(address, "postal_code"), record);
  Tell("address_postal_district", TextAt(address, "city"), record);
}

// What comes of the services as well as of the organization itself.
void TellServices(const Told& told, Record& record) {
  if (told.services == nullptr) return;
  Tell("activities",
       ActivitiesText(*told.services, told.language, told.terms == nullptr ? Terms() : *told.terms),
       record);
  Texts languages;
  Texts areas;
  for (const json& service : *told.services) {
    AddLanguages(ListAt(service, "languages"), languages);
    for (const json& area : ListAt(service, "service_areas")) AddOnce(TextAt(area, "name"), areas);
  }
  for (const json& location : ListAt(*told.organization, "locations")) {
    AddLanguages(ListAt(location, "languages"), languages);
  }
  Tell("language_codes", languages, record);
  Tell("areas", areas, record);
}

void TellContacts(const json& organization, Record& record) {
  Texts emails;
  Texts phones;
  Texts functions;
  AddOnce(TextAt(organization, "email"), emails);
  AddPhones(ListAt(organization, "phones"), phones);
  AddContacts(ListAt(organization, "contacts"), emails, phones, functions);
  Tell("emails", emails, record);
  Tell("phones", phones, record);
  Tell("contact_functions", functions, record);
}

absl::Status Unfit(const std::string& id,
                   const char* code,
                   const std::string& da,
                   const std::string& en) {
  const std::string place = absl::StrCat("/organizations/", sdk::Utf8Prefix(id, 100));
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_REJECTED,
                         .code = absl::StrCat("centres.hsds.", code),
                         .da = absl::StrCat(place, ": ", da, " Ret den i kildesystemet."),
                         .en = absl::StrCat(place, ": ", en, " Mend it in the source system."),
                         .path = place});
}

}  // namespace

absl::StatusOr<Record> ToRecord(const Told& told) {
  const json& organization = *told.organization;
  const std::string id = TextAt(organization, "id");
  if (id.empty() || id.size() > sdk::kMaxExternalIdBytes) {
    return Unfit(id, "bad_id", "organisationen har ingen nøgle, eller en på over 200 byte.",
                 "the organization has no key, or one of over 200 bytes.");  // glossary: ok
  }
  const std::string name = TextAt(organization, "name");
  if (name.empty()) {
    return Unfit(id, "no_name", "organisationen har intet navn.",
                 "the organization has no name.");  // glossary: ok
  }
  Record record;
  record.set_external_id(id);
  record.set_place(absl::StrCat("/organizations/", id));
  Tell("name", name, record);
  Tell("alternate_name", TextAt(organization, "alternate_name"), record);
  Tell("description", TextAt(organization, "description"), record);
  Tell("website", TextAt(organization, "website"), record);
  Tell("legal_status", TextAt(organization, "legal_status"), record);
  Tell("cvr", CvrIn(organization), record);
  Value& year = (*record.mutable_fields())["founded_year"];
  if (const auto number = NumberAt(organization, "year_incorporated")) {
    year.set_number(*number);
  } else {
    year.mutable_empty();
  }
  TellContacts(organization, record);
  TellAddress(organization, record);
  TellServices(told, record);
  return record;
}

std::vector<FieldSchema> RecordFields() {
  struct Field {
    const char* name;
    const char* title;
    FieldSchema::Type type;
    bool personal = false;
  };
  constexpr auto kText = FieldSchema::TYPE_TEXT;
  constexpr auto kList = FieldSchema::TYPE_LIST;
  static constexpr Field kFields[] = {{"name", "Navn", kText},
                                      {"alternate_name", "Andet navn", kText},
                                      {"description", "Beskrivelse", kText},
                                      {"website", "Hjemmeside", kText},
                                      {"legal_status", "Juridisk form", kText},
                                      {"cvr", "CVR-nummer", kText},
                                      {"founded_year", "Stiftelsesår", FieldSchema::TYPE_INT},
                                      {"emails", "E-mail", kList, true},
                                      {"phones", "Telefon", kList, true},
                                      {"contact_functions", "Kontaktfunktioner", kList},
                                      {"address_street", "Vej", kText},
                                      {"address_house_number", "Husnummer", kText},
                                      {"address_floor_and_door", "Etage og dør", kText},
                                      {"address_postal_code", "Postnummer", kText},
                                      {"address_postal_district", "By", kText},
                                      {"activities", "Aktiviteter", kText},
                                      {"language_codes", "Sprog", kList},
                                      {"areas", "Dækningsområder", kList}};
  std::vector<FieldSchema> fields;
  for (const Field& about : kFields) {
    FieldSchema& field = fields.emplace_back();
    field.set_name(about.name);
    field.set_type(about.type);
    field.set_readable(true);
    field.set_required(field.name() == "name");
    field.set_personal_data(about.personal);
    if (about.type == kList) field.set_compare(FieldSchema::COMPARE_SET);
    (*field.mutable_title())["da"] = about.title;
  }
  return fields;
}

NamedServices ServicesOf(const json& organization) {
  NamedServices named;
  constexpr const char* kParts[] = {"schedules", "languages", "service_areas",
                                    "service_at_locations", "contacts"};
  for (const json& service : ListAt(organization, "services")) {
    const std::string id = TextAt(service, "id");
    if (id.empty()) continue;
    named.ids.push_back(id);
    const bool parts = std::any_of(std::begin(kParts), std::end(kParts),
                                   [&](const char* part) { return service.contains(part); });
    named.whole = named.whole && parts && !TextAt(service, "name").empty();
  }
  return named;
}

bool IsWhole(const json& item) {
  constexpr const char* kParts[] = {"services", "locations", "phones", "contacts",
                                    "organization_identifiers"};
  return item.is_object() && std::any_of(std::begin(kParts), std::end(kParts),
                                         [&](const char* part) { return item.contains(part); });
}

}  // namespace brobygger::hsds
