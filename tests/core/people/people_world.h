// A hub's folder with a store on disk and the people in it, all fictional.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/people/people.h"
#include "core/people/rules.h"
#include "core/registry/edit.h"
#include "core/storage/sqlite/sqlite_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace brobygger::people {

namespace reasons = errors::v1;

class PeopleWorld {
 public:
  PeopleWorld() { Open(); }

  void Open() {
    storage::SqliteOptions options;
    options.path = File("registry.db");
    options.clock = &clock;
    auto opened = storage::OpenSqliteStore(std::move(options));
    INFO(opened.status());
    REQUIRE(opened.ok());
    store = *std::move(opened);
    PeopleOptions about{.folder = folder.path().string(), .clock = &clock};
    about.on_erase = [this](const std::string& id) {
      erased.push_back(id);
      return absl::OkStatus();
    };
    about.look_ups = [](const std::string&) -> absl::StatusOr<std::string> {
      return std::string(R"([{"purpose": "network day"}])");
    };
    auto made = People::Open(*store, std::move(about));
    INFO(made.status());
    REQUIRE(made.ok());
    people = *std::move(made);
  }

  void Close() {
    people.reset();
    store.reset();
  }

  void Restart() {
    Close();
    Open();
  }

  std::string File(const std::string& leaf) const { return (folder.path() / leaf).string(); }
  std::string Today(int days = 0) const { return base::DanishDayOf(clock.Now(), days); }

  std::string Associate(const std::string& official_name, std::optional<bool> minority) {
    registry::v1::Association wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code("0998");
    if (minority) {
      wanted.mutable_minority()->set_is_minority_association(*minority);
      wanted.mutable_minority()->set_basis(registry::v1::MinorityStatement::BASIS_OWN_WORDS);
    }
    std::string id;
    const auto written = store->Write("operator", [&](storage::Transaction& transaction) {
      const auto made = registry::CreateAssociation(transaction, wanted, "operator");
      if (made.ok()) id = made->id();
      return made.status();
    });
    INFO(written.status());
    REQUIRE(written.ok());
    return id;
  }

  // A chair, recorded by consent for a year.
  v1::Person Chair(const std::string& association_id) const {
    v1::Person person;
    person.set_display_name("Zarathea Blåregnskov");
    person.set_email("zarathea@blaaregnskov.example");
    person.set_phone("+4512345678");
    v1::PersonRole& role = *person.add_roles();
    role.set_association_id(association_id);
    role.set_function(v1::PERSON_FUNCTION_CHAIR);
    role.mutable_valid()->set_to_date(Today(300));
    role.set_basis(v1::RECORDING_BASIS_CONSENT);
    role.set_sensitive_basis(v1::SENSITIVE_BASIS_ARTICLE_9_2_A);
    role.set_basis_date(Today());
    role.set_expires_date(Today(365));
    return person;
  }

  absl::StatusOr<std::string> Add(const v1::Person& person, bool override_suppression = false) {
    auto ids = people->Add(access::LocalOperator(), {person}, override_suppression);
    if (!ids.ok()) return ids.status();
    return ids->front();
  }

  std::string MustAdd(const v1::Person& person) {
    const auto id = Add(person);
    INFO(id.status());
    REQUIRE(id.ok());
    return *id;
  }

  absl::StatusOr<v1::Person> Unfold(const std::string& id) const {
    v1::UnfoldPersonRequest request;
    request.set_person_id(id);
    return people->Unfold(access::LocalOperator(), request);
  }

  absl::StatusOr<v1::ErasePersonResponse> Erase(const std::string& id, bool suppress) {
    v1::ErasePersonRequest request;
    request.set_person_id(id);
    request.set_suppress(suppress);
    return people->Erase(access::LocalOperator(), request);
  }

  // Paths of the files under `where` that hold any of the texts.
  static std::vector<std::string> FilesWith(const std::vector<std::string>& texts,
                                            const std::filesystem::path& where) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(where)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(file)), {});
      for (const std::string& text : texts) {
        if (bytes.find(text) != std::string::npos) found.push_back(entry.path().string());
      }
    }
    return found;
  }

  support::TempFolder folder;
  support::FakeClock clock;
  std::vector<std::string> erased;
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<People> people;
};

}  // namespace brobygger::people
