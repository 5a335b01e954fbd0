#include <absl/strings/str_cat.h>

#include "brobygger/contact/v1/touchpoint.pb.h"

#include "core/model/names.h"
#include "core/people/person_keys.h"
#include "core/registry/joining.h"
#include "tests/core/people/people_world.h"

namespace brobygger::people {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kPlain = {"Zarathea", "Blåregnskov", "zarathea@blaaregnskov.example",
                                         "12345678"};

void CopyStore(const PeopleWorld& world, const fs::path& to) {
  fs::create_directories(to);
  for (const char* leaf : {"registry.db", "registry.db-wal", "registry.db-shm"}) {
    if (fs::exists(world.File(leaf))) {
      fs::copy_file(world.File(leaf), to / leaf, fs::copy_options::overwrite_existing);
    }
  }
}

TEST_CASE("an erased person is in no file, and cannot be read from a backup of the store") {
  PeopleWorld world;
  const support::TempFolder backup;
  const std::string id = world.MustAdd(world.Chair(world.Associate("Fjordbroen", true)));
  CopyStore(world, backup.path());
  std::string sealed;
  {
    const auto record = (*world.store->Latest())->Find(storage::Kind::kPerson, id);
    REQUIRE(record.ok());
    v1::StoredPerson stored;
    REQUIRE(stored.ParseFromString(**record));
    sealed = stored.sealed();
  }
  REQUIRE_FALSE(PeopleWorld::FilesWith({sealed}, backup.path()).empty());

  const auto answer = world.Erase(id, true);
  REQUIRE(answer.ok());
  CHECK(answer->roles_removed() == 1);
  // Name and address, name and association, each in two forms; address; number.
  CHECK(answer->suppressions() == 6);
  CHECK(world.erased == std::vector<std::string>{id});
  CHECK(base::ReasonOf(world.Unfold(id).status()) == reasons::ERROR_REASON_PERSON_NOT_FOUND);
  // While the hub runs: nothing waits for its end.
  CHECK(PeopleWorld::FilesWith(kPlain, world.folder.path()).empty());
  CHECK(PeopleWorld::FilesWith({sealed}, world.folder.path()).empty());
  CHECK(PeopleWorld::FilesWith(kPlain, backup.path()).empty());

  // The old store comes back beside the keys and the ledger as they are now.
  world.Close();
  for (const char* leaf : {"registry.db-wal", "registry.db-shm"}) fs::remove(world.File(leaf));
  for (const auto& entry : fs::directory_iterator(backup.path())) {
    fs::copy_file(entry.path(), world.folder.path() / entry.path().filename(),
                  fs::copy_options::overwrite_existing);
  }
  world.Open();
  CHECK(world.people->count() == 0);
  CHECK(base::ReasonOf(world.Unfold(id).status()) == reasons::ERROR_REASON_PERSON_NOT_FOUND);
  CHECK(PeopleWorld::FilesWith({sealed}, world.folder.path()).empty());
  CHECK(world.erased == std::vector<std::string>{id, id});
  const std::string association = world.Associate("Fjordbroen", true);
  CHECK(base::ReasonOf(world.Add(world.Chair(association)).status()) ==
        reasons::ERROR_REASON_PERSON_SUPPRESSED);
}

TEST_CASE("a restored file of keys brings nobody back whom the ledger knows") {
  PeopleWorld world;
  const std::string id = world.MustAdd(world.Chair(world.Associate("Fjordbroen", true)));
  const support::TempFolder backup;
  CopyStore(world, backup.path());
  fs::copy_file(world.File("people.keys"), backup.path() / "people.keys");
  REQUIRE(world.Erase(id, false).ok());
  world.Close();
  for (const char* leaf : {"registry.db-wal", "registry.db-shm"}) fs::remove(world.File(leaf));
  for (const auto& entry : fs::directory_iterator(backup.path())) {
    fs::copy_file(entry.path(), world.folder.path() / entry.path().filename(),
                  fs::copy_options::overwrite_existing);
  }
  world.Open();
  CHECK(world.people->count() == 0);
  CHECK(base::ReasonOf(world.Unfold(id).status()) == reasons::ERROR_REASON_PERSON_NOT_FOUND);
}

TEST_CASE("who asked not to be recorded again is refused, until they ask for it with evidence") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  v1::Person chair = world.Chair(association);
  REQUIRE(world.Erase(world.MustAdd(chair), true).ok());
  world.Restart();
  const auto refusal = [&](const v1::Person& person, bool override_suppression = false) {
    return base::ReasonOf(world.Add(person, override_suppression).status());
  };
  CHECK(refusal(chair) == reasons::ERROR_REASON_PERSON_SUPPRESSED);
  // An import that knows another address, or another association, knows the same person.
  v1::Person other_mail = chair;
  other_mail.set_email("new@blaaregnskov.example");
  CHECK(refusal(other_mail) == reasons::ERROR_REASON_PERSON_SUPPRESSED);
  v1::Person elsewhere = chair;
  elsewhere.mutable_roles(0)->set_association_id(world.Associate("Havnebroen", true));
  CHECK(refusal(elsewhere) == reasons::ERROR_REASON_PERSON_SUPPRESSED);
  CHECK(refusal(chair, true) == reasons::ERROR_REASON_FIELD_INVALID);
  chair.mutable_roles(0)->set_evidence("mail af 4. maj");
  CHECK(refusal(chair, true) == reasons::ERROR_REASON_UNSPECIFIED);
}

TEST_CASE("an erased person is known again in another spelling, and by address or number alone") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  REQUIRE(world.Erase(world.MustAdd(world.Chair(association)), true).ok());
  const auto refused = [&](const std::string& name, const std::string& email,
                           const std::string& phone, const std::string& at) {
    v1::Person person = world.Chair(at);
    person.set_display_name(name);
    person.set_email(email);
    person.set_phone(phone);
    return base::ReasonOf(world.Add(person).status()) == reasons::ERROR_REASON_PERSON_SUPPRESSED;
  };
  for (const char* const name : {"Blåregnskov, Zarathea", "ZARATHEA BLAAREGNSKOV",
                                 "Zaráthea Blåregnskov", "zarathea  blaregnskov"}) {
    INFO(name);
    CHECK(refused(name, "new@post.example", "", association));
    CHECK(refused(name, "", "", association));
  }
  const std::string elsewhere = world.Associate("Havnebroen", true);
  CHECK(refused("", "Zarathea@Blaaregnskov.example", "", elsewhere));
  CHECK(refused("", "", "12 34 56 78", elsewhere));
  CHECK(refused("Ibenholt Kvist", "zarathea@blaaregnskov.example", "", elsewhere));
  CHECK_FALSE(refused("Ibenholt Kvist", "ibenholt@kvist.example", "87654321", elsewhere));
}

TEST_CASE("a suppression from before names had two forms holds") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  const auto keys = PersonKeys::Open(
      {.path = world.File("other.keys"), .master_key_path = world.File("people.key")});
  REQUIRE(keys.ok());
  const std::string old = (*keys)->Digest(absl::StrCat(
      "mail\n", model::FoldName("Zarathea Blåregnskov"), "\nzarathea@blaaregnskov.example"));
  REQUIRE(world.store
              ->Write("operator",
                      [&](storage::Transaction& transaction) {
                        return transaction.Put(storage::Kind::kSuppression, old, "");
                      })
              .ok());
  CHECK(base::ReasonOf(world.Add(world.Chair(association)).status()) ==
        reasons::ERROR_REASON_PERSON_SUPPRESSED);
}

// One text of an association, as an edit of it leaves it.
void SetPurpose(PeopleWorld& world, const std::string& id, const std::string& text) {
  const auto written = world.store->Write("operator", [&](storage::Transaction& transaction) {
    auto association = registry::GetLive(transaction, id);
    if (!association.ok()) return association.status();
    registry::v1::Association wanted = *association;
    (*wanted.mutable_purpose()->mutable_by_language())["da"] = text;
    return transaction.Put(storage::Kind::kAssociation, id, wanted.SerializeAsString());
  });
  INFO(written.status());
  REQUIRE(written.ok());
}

TEST_CASE("an erasure tells where somebody wrote the person's name, address or number") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  const std::string id = world.MustAdd(world.Chair(association));
  SetPurpose(world, association, "Spørg BLÅREGNSKOV Zarathea, 12 34 56 78");
  SetPurpose(world, association, "Spørg i foreningen");
  SetPurpose(world, world.Associate("Havnebroen", true), "Zarathea og Blåregnskov er to");
  contact::v1::StoredTouchpoint touchpoint;
  touchpoint.mutable_touchpoint()->set_association_id(association);
  touchpoint.mutable_touchpoint()->set_summary("Skriv til ZARATHEA@blaaregnskov.example.");
  REQUIRE(world.store
              ->Write("operator",
                      [&](storage::Transaction& transaction) {
                        return transaction.Put(storage::Kind::kTouchpoint, "t1",
                                               touchpoint.SerializeAsString());
                      })
              .ok());
  const auto answer = world.Erase(id, false);
  REQUIRE(answer.ok());
  REQUIRE(answer->mentions_size() == 2);
  CHECK_FALSE(answer->more_mentions());
  const v1::PersonMention& past = answer->mentions(0);
  CHECK(past.record_kind() == "association");
  CHECK(past.record_id() == association);
  CHECK(past.field_path() == "purpose.by_language");
  CHECK(past.found_size() == 2);
  CHECK_FALSE(past.current());
  CHECK(past.in_history());
  const v1::PersonMention& here = answer->mentions(1);
  CHECK(here.record_kind() == "touchpoint");
  CHECK(here.record_id() == "t1");
  CHECK(here.association_id() == association);
  // The address holds the name.
  REQUIRE(here.found_size() == 2);
  CHECK(here.found(1) == "email");
  CHECK(here.current());
  CHECK_FALSE(here.in_history());
}

TEST_CASE("a person is found by any spelling of the name, by address and by number") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  const std::string id = world.MustAdd(world.Chair(association));
  const auto found = [&](const std::string& name, const std::string& email,
                         const std::string& phone) {
    v1::FindPersonRequest request;
    request.set_display_name(name);
    request.set_email(email);
    request.set_phone(phone);
    const auto answer = world.people->Find(access::LocalOperator(), request);
    REQUIRE(answer.ok());
    if (answer->persons().empty()) return std::string();
    CHECK(answer->persons(0).association_ids(0) == association);
    return answer->persons(0).person_id();
  };
  CHECK(found("blaaregnskov zarathea", "", "") == id);
  CHECK(found("", "ZARATHEA@blaaregnskov.example", "") == id);
  CHECK(found("", "", "+45 12345678") == id);
  CHECK(found("Zarathea Blåregnskov", "", "87654321").empty());
  CHECK(base::ReasonOf(world.people->Find(access::LocalOperator(), {}).status()) ==
        reasons::ERROR_REASON_FIELD_INVALID);
  access::Caller elsewhere = access::LocalOperator();
  elsewhere.kind = access::CallerKind::kEmployee;
  elsewhere.municipality_code = "0615";
  v1::FindPersonRequest request;
  request.set_phone("12345678");
  CHECK(world.people->Find(elsewhere, request)->persons().empty());
  // And an erasure by name and address takes any spelling, too.
  v1::ErasePersonRequest erase;
  erase.set_display_name("Blaaregnskov, Zarathea");
  erase.set_email("zarathea@blaaregnskov.example");
  CHECK(world.people->Erase(access::LocalOperator(), erase).ok());
}

TEST_CASE("who was erased without that wish may be recorded again") {
  PeopleWorld world;
  const v1::Person chair = world.Chair(world.Associate("Fjordbroen", true));
  REQUIRE(world.Erase(world.MustAdd(chair), false).ok());
  CHECK(world.Add(chair).ok());
}

TEST_CASE("an erasure finds the person by name and address") {
  PeopleWorld world;
  world.MustAdd(world.Chair(world.Associate("Fjordbroen", true)));
  v1::ErasePersonRequest request;
  request.set_display_name("Zarathea Blåregnskov");
  CHECK(base::ReasonOf(world.people->Erase(access::LocalOperator(), request).status()) ==
        reasons::ERROR_REASON_FIELD_INVALID);
  request.set_email("nobody@blaaregnskov.example");
  CHECK(base::ReasonOf(world.people->Erase(access::LocalOperator(), request).status()) ==
        reasons::ERROR_REASON_PERSON_NOT_FOUND);
  request.set_email("zarathea@blaaregnskov.example");
  CHECK(world.people->Erase(access::LocalOperator(), request).ok());
  CHECK(world.people->count() == 0);
}

TEST_CASE("an erasure that was cut short after its line in the ledger is done at the next start") {
  PeopleWorld world;
  const std::string id = world.MustAdd(world.Chair(world.Associate("Fjordbroen", true)));
  world.Close();
  std::ofstream(world.File("people.erasures"), std::ios::app) << id << "\n" << id.substr(0, 9);
  world.Open();
  CHECK(world.people->count() == 0);
  CHECK(base::ReasonOf(world.Unfold(id).status()) == reasons::ERROR_REASON_PERSON_NOT_FOUND);
  CHECK(fs::file_size(world.File("people.erasures")) == id.size() + 1);
  // And once more, for whoever got no answer.
  CHECK(world.Erase(id, false).ok());
}

TEST_CASE("a ledger that cannot be read stops the start") {
  PeopleWorld world;
  world.Close();
  std::ofstream(world.File("people.erasures"), std::ios::app) << "no id\n";
  storage::SqliteOptions options;
  options.path = world.File("registry.db");
  const auto store = storage::OpenSqliteStore(std::move(options));
  REQUIRE(store.ok());
  CHECK(absl::IsDataLoss(People::Open(**store, {.folder = world.folder.path().string()}).status()));
}

}  // namespace
}  // namespace brobygger::people
