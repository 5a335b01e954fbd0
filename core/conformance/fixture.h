#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <nlohmann/json.hpp>

#include "brobygger/plugin/v1/record.pb.h"

#include "core/supervisor/supervisor.h"

namespace brobygger::conformance {

// The fields of a record by name.
using Fields = google::protobuf::Map<std::string, plugin::v1::Value>;

// A bad day of the source, by name: a change of the configuration, a word to the mock,
// or other secrets.
struct Fault {            // NOLINT(bugprone-exception-escape): to move JSON throws nothing.
  nlohmann::json config;  // merged into the fixture's
  std::vector<std::string> mock;
  std::map<std::string, std::string> secrets;
};

// What a plugin ships so that the kit can try it: fixture.json. README.md tells every key.
struct Fixture {
  std::string stream;
  nlohmann::json config;
  std::map<std::string, std::string> secrets;
  supervisor::Jail jail;
  std::vector<std::string> mock;  // the program that stands for the people at the source
  std::set<std::string> verbs;    // what it can do beyond reset and list
  std::map<std::string, Fault> faults;
  std::map<std::string, std::string> troubles;  // fault -> class it must be told as
  std::string text_field;                       // a text that may be changed at will
  Fields new_record;
  nlohmann::json rejected;  // {"set": ..., "path": ...}
  nlohmann::json orphan;    // {"set": ...}
  nlohmann::json mappings;  // {field: {"target", "policy"}} of the stream
  std::vector<std::string> first_plan;
  nlohmann::json previous;  // {"version", "config", "cursor", "cursor_version", "fields"}
  std::map<std::string, std::string> titles;
  std::set<std::string> cannot_hold;  // "nul": texts that the source itself has no room for
  std::string level;                  // what it promises to reach
  std::string work_dir;               // where the source lives during a run
};

// Reads `folder`/fixture.json; "{work}" and "{fixture}" in it become the folders.
// INVALID_ARGUMENT says which key is wrong.
absl::StatusOr<Fixture> LoadFixture(const std::string& folder, const std::string& work_dir);

// Fields in protobuf JSON: {"name": {"text": "Fjordby Kor"}}.
absl::StatusOr<Fields> ParseFields(const nlohmann::json& in);

}  // namespace brobygger::conformance
