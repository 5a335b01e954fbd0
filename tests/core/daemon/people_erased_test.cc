// Fictional persons planted through a running hub, and looked for in all that it writes.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "brobygger/people/v1/people_service.grpc.pb.h"
#include "brobygger/registry/v1/registry_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/base/day.h"
#include "tests/core/daemon/hub_process.h"

namespace brobygger::daemon {
namespace {

namespace fs = std::filesystem;
namespace v1 = people::v1;

constexpr int kPersons = 100;

// Unlike anything else: whoever finds it has found the person.
struct Planted {
  std::string name;
  std::string email;
  std::string phone;
  std::string id;
};

Planted Plant(int number) {
  const std::string digits = std::to_string(1000 + number);
  return {.name = "Kanariefugl Blåøje " + digits,
          .email = "kanarie" + digits + "@blaaoeje.example",
          .phone = "+457777" + digits,
          .id = ""};
}

// Nobody is shown or changed a person without saying what for.
void SayPurpose(grpc::ClientContext& context) {
  context.AddMetadata("brobygger-purpose", "rights");
}

class PlantedHub {
 public:
  PlantedHub() {
    REQUIRE(hub.IsReady());
    people = v1::PeopleService::NewStub(hub.NewChannel());
    const auto registry = registry::v1::RegistryService::NewStub(hub.NewChannel());
    registry::v1::CreateAssociationRequest request;
    request.mutable_association()->set_official_name("Fjordbroen");
    request.mutable_association()->set_municipality_code("0998");
    registry::v1::CreateAssociationResponse response;
    grpc::ClientContext context;
    REQUIRE(registry->CreateAssociation(&context, request, &response).ok());
    association_id = response.association().id();
  }

  v1::AddPersonRequest RequestFor(const Planted& planted) const {
    v1::AddPersonRequest request;
    v1::Person& person = *request.mutable_person();
    person.set_display_name(planted.name);
    person.set_email(planted.email);
    person.set_phone(planted.phone);
    v1::PersonRole& role = *person.add_roles();
    role.set_association_id(association_id);
    role.set_function(v1::PERSON_FUNCTION_CONTACT_PERSON);
    role.set_basis(v1::RECORDING_BASIS_CONSENT);
    role.set_sensitive_basis(v1::SENSITIVE_BASIS_ARTICLE_9_2_A);
    role.set_basis_date(base::DanishDayOf(base::SystemClock().Now()));
    role.set_expires_date(base::DanishDayOf(base::SystemClock().Now(), 100));
    return request;
  }

  grpc::Status Add(const v1::AddPersonRequest& request, std::string* id) {
    grpc::ClientContext context;
    SayPurpose(context);
    v1::AddPersonResponse response;
    grpc::Status status = people->AddPerson(&context, request, &response);
    if (id != nullptr) *id = response.person_id();
    return status;
  }

  std::string Export(const std::string& id) {
    grpc::ClientContext context;
    SayPurpose(context);
    v1::ExportPersonRequest request;
    request.set_person_id(id);
    v1::ExportPersonResponse response;
    REQUIRE(people->ExportPerson(&context, request, &response).ok());
    return response.json();
  }

  bool Erase(const std::string& id, v1::ErasePersonResponse* told = nullptr) {
    grpc::ClientContext context;
    SayPurpose(context);
    v1::ErasePersonRequest request;
    request.set_person_id(id);
    request.set_suppress(true);
    v1::ErasePersonResponse response;
    const bool done = people->ErasePerson(&context, request, &response).ok();
    if (told != nullptr) *told = response;
    return done;
  }

  // Of the association itself, which is what anybody may edit.
  void SetEmails(const std::vector<std::string>& emails) {
    const auto registry = registry::v1::RegistryService::NewStub(hub.NewChannel());
    registry::v1::UpdateAssociationRequest request;
    request.mutable_association()->set_id(association_id);
    for (const std::string& email : emails) request.mutable_association()->add_emails(email);
    request.mutable_update_mask()->add_paths("emails");
    registry::v1::UpdateAssociationResponse response;
    grpc::ClientContext context;
    const grpc::Status status = registry->UpdateAssociation(&context, request, &response);
    INFO(status.error_message());
    REQUIRE(status.ok());
  }

  void AskCorrection(const std::string& statement) {
    v1::RequestCorrectionRequest request;
    v1::Correction& correction = *request.mutable_correction();
    correction.set_association_id(association_id);
    correction.set_field_path("emails");
    correction.set_statement(statement);
    correction.set_date(base::DanishDayOf(base::SystemClock().Now()));
    v1::RequestCorrectionResponse response;
    grpc::ClientContext context;
    const grpc::Status status = people->RequestCorrection(&context, request, &response);
    INFO(status.error_message());
    REQUIRE(status.ok());
  }

  // The configuration, the data, the log, and whatever else the hub leaves.
  fs::path folder() const { return fs::path(hub.socket()).parent_path(); }

  HubProcess hub;
  std::unique_ptr<v1::PeopleService::Stub> people;
  std::string association_id;
};

// The files in which any of the words stands, in UTF-8.
std::vector<std::string> FilesWith(const std::vector<std::string>& words, const fs::path& where) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(where)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    for (const std::string& word : words) {
      if (bytes.find(word) != std::string::npos) found.push_back(entry.path().string());
    }
  }
  return found;
}

// The same of the store's own files; the ledger of erasures has ids for ever.
std::vector<std::string> StoreFilesWith(const std::vector<std::string>& words,
                                        const fs::path& where) {
  std::vector<std::string> found = FilesWith(words, where);
  std::erase_if(found, [](const std::string& path) {
    return fs::path(path).filename().string().rfind("registry.db", 0) != 0;
  });
  return found;
}

std::vector<std::string> IdsOf(const std::vector<Planted>& all) {
  std::vector<std::string> ids;
  for (const Planted& each : all) ids.push_back(each.id);
  return ids;
}

// What all of them have, and nothing else has.
const std::vector<std::string> kTraces = {"Kanariefugl", "kanariefugl", "Blåøje", "blaaoeje",
                                          "+457777"};

TEST_CASE("of a hundred persons who were erased nothing stands in any file of a running hub") {
  PlantedHub planted;
  std::vector<Planted> all;
  for (int i = 0; i < kPersons; ++i) {
    all.push_back(Plant(i));
    const grpc::Status added = planted.Add(planted.RequestFor(all.back()), &all.back().id);
    INFO(added.error_message());
    REQUIRE(added.ok());
  }
  // What goes wrong must not tell either.
  v1::AddPersonRequest wrong = planted.RequestFor(all.front());
  CHECK(planted.Add(wrong, nullptr).error_message().find("Kanariefugl") == std::string::npos);
  wrong.mutable_person()->set_email("Kanariefugl at blaaoeje");
  const grpc::Status refused = planted.Add(wrong, nullptr);
  CHECK(refused.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK((refused.error_message() + refused.error_details()).find("Kanarie") == std::string::npos);

  const support::TempFolder backup;
  fs::copy(planted.folder() / "data", backup.path(), fs::copy_options::recursive);
  // A record's key in the store is the person's id: where it stands, the sealed record may.
  const std::vector<std::string> ids = IdsOf(all);
  CHECK_FALSE(StoreFilesWith(ids, backup.path()).empty());
  for (const Planted& each : all) REQUIRE(planted.Erase(each.id));
  CHECK(StoreFilesWith(ids, planted.folder() / "data").empty());
  CHECK(FilesWith(kTraces, planted.folder()).empty());
  fs::copy_file(planted.folder() / "data/people.keys", backup.path() / "people.keys",
                fs::copy_options::overwrite_existing);
  CHECK(FilesWith(kTraces, backup.path()).empty());
  for (const Planted& each : all) {
    const auto again = planted.Add(planted.RequestFor(each), nullptr);
    CHECK(again.error_code() == grpc::StatusCode::FAILED_PRECONDITION);
  }
  CHECK(planted.hub.Log().find("Kanarie") == std::string::npos);
}

TEST_CASE("what somebody wrote of an erased person elsewhere is told, and stays") {
  PlantedHub planted;
  Planted person = Plant(0);
  const Planted other = Plant(1);
  REQUIRE(planted.Add(planted.RequestFor(person), &person.id).ok());
  planted.SetEmails({person.email, other.email});
  planted.SetEmails({"post@fjordbroen.example"});
  planted.AskCorrection("Skriv hellere til " + person.name + ", tlf. 77 77 10 00");
  v1::ErasePersonResponse told;
  REQUIRE(planted.Erase(person.id, &told));
  REQUIRE(told.mentions_size() == 2);
  CHECK(told.mentions(0).record_kind() == "association");
  CHECK(told.mentions(0).record_id() == planted.association_id);
  CHECK(told.mentions(0).field_path() == "emails");
  CHECK(told.mentions(0).in_history());
  CHECK_FALSE(told.mentions(0).current());
  CHECK(told.mentions(1).record_kind() == "correction");
  CHECK(told.mentions(1).association_id() == planted.association_id);
  CHECK(told.mentions(1).found_size() == 2);
  CHECK(told.mentions(1).current());
  // It is true: the store still holds what it told of.
  CHECK_FALSE(StoreFilesWith({person.email}, planted.folder() / "data").empty());
}

TEST_CASE("an export of each of fifty persons holds all of theirs and nothing of the others") {
  PlantedHub planted;
  constexpr int kExported = 50;
  std::vector<Planted> all;
  for (int i = 0; i < kExported; ++i) {
    all.push_back(Plant(i));
    REQUIRE(planted.Add(planted.RequestFor(all.back()), &all.back().id).ok());
  }
  for (const Planted& each : all) {
    const std::string json = planted.Export(each.id);
    for (const Planted& other : all) {
      const bool own = other.id == each.id;
      CHECK((json.find(other.name) != std::string::npos) == own);
      CHECK((json.find(other.email) != std::string::npos) == own);
      CHECK((json.find(other.phone) != std::string::npos) == own);
    }
  }
}

}  // namespace
}  // namespace brobygger::daemon
