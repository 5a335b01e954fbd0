#include "core/conformance/fixture.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <google/protobuf/util/json_util.h>

#include "core/base/status_macros.h"

namespace brobygger::conformance {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

absl::Status Wrong(const std::string& text) {
  return absl::InvalidArgumentError(absl::StrCat("fixture.json: ", text));
}

absl::StatusOr<json> ReadJson(const std::string& folder, const std::string& work_dir) {
  std::ifstream in(fs::path(folder) / "fixture.json");
  if (!in) return absl::InvalidArgumentError(absl::StrCat("There is no fixture.json in ", folder));
  std::stringstream text;
  text << in.rdbuf();
  const std::string filled =
      absl::StrReplaceAll(text.str(), {{"{work}", work_dir}, {"{fixture}", folder}});
  json parsed = json::parse(filled, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return Wrong("it is not a JSON object");
  return parsed;
}

supervisor::Jail ReadJail(const json& in) {
  supervisor::Jail jail;
  jail.read_paths = in.value("read_paths", jail.read_paths);
  jail.write_paths = in.value("write_paths", jail.write_paths);
  jail.tcp_ports = in.value("tcp_ports", jail.tcp_ports);
  jail.resolve_names = in.value("resolve_names", false);
  return jail;
}

Fault ReadFault(const json& in) {
  return {.config = in.value("config", json::object()),
          .mock = in.value("mock", std::vector<std::string>()),
          .secrets = in.value("secrets", std::map<std::string, std::string>())};
}

// The text keys and lists; a wrong type throws.
void FillIn(const json& in, Fixture& fixture) {
  fixture.stream = in.value("stream", "associations");
  fixture.config = in.at("config");
  fixture.secrets = in.value("secrets", fixture.secrets);
  fixture.jail = ReadJail(in.value("jail", json::object()));
  fixture.mock = in.at("mock").get<std::vector<std::string>>();
  fixture.verbs = in.value("verbs", fixture.verbs);
  const json faults = in.value("faults", json::object());
  for (const auto& [name, fault] : faults.items()) fixture.faults[name] = ReadFault(fault);
  fixture.troubles = in.value("troubles", fixture.troubles);
  fixture.text_field = in.value("text_field", "name");
  fixture.rejected = in.value("rejected", json());
  fixture.orphan = in.value("orphan", json());
  fixture.mappings = in.value("mappings", json());
  fixture.first_plan = in.value("first_plan", fixture.first_plan);
  fixture.previous = in.value("previous", json::object());
  fixture.titles = in.value("titles", fixture.titles);
  fixture.cannot_hold = in.value("cannot_hold", fixture.cannot_hold);
  fixture.level = in.value("level", "");
}

}  // namespace

absl::StatusOr<Fields> ParseFields(const json& in) {
  plugin::v1::Record record;
  const json wrapped = {{"fields", in.is_null() ? json::object() : in}};
  const auto parsed = google::protobuf::util::JsonStringToMessage(wrapped.dump(), &record);
  if (!parsed.ok()) return Wrong(parsed.ToString());
  return record.fields();
}

absl::StatusOr<Fixture> LoadFixture(const std::string& folder, const std::string& work_dir) {
  BB_ASSIGN_OR_RETURN(const json in, ReadJson(fs::absolute(folder).string(), work_dir));
  Fixture fixture;
  fixture.work_dir = work_dir;
  try {
    FillIn(in, fixture);
  } catch (const json::exception& problem) {
    return Wrong(problem.what());
  }
  if (fixture.mock.empty()) return Wrong("\"mock\" names no program");
  for (const auto& [fault, expected] : fixture.troubles) {
    if (fixture.faults.count(fault) == 0) return Wrong(absl::StrCat("no fault '", fault, "'"));
  }
  BB_ASSIGN_OR_RETURN(fixture.new_record, ParseFields(in.value("new_record", json::object())));
  return fixture;
}

}  // namespace brobygger::conformance
