// S: configuration and secrets.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <absl/synchronization/mutex.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "core/base/status_macros.h"
#include "core/conformance/scenes.h"

namespace brobygger::conformance {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

absl::StatusOr<json> Schema(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
  BB_ASSIGN_OR_RETURN(const auto spec, talk->Spec());
  json schema = json::parse(spec.config_json_schema(), nullptr, /*allow_exceptions=*/false);
  BB_RETURN_IF_ERROR(Expect(schema.is_object(), "the schema is not a JSON object"));
  return schema;
}

// What is wrong with a schema and what it holds; "" if nothing.
std::string FaultOf(const json& node, const json& root) {
  static const std::set<std::string> kTypes = {"object",  "array",   "string", "number",
                                               "integer", "boolean", "null"};
  if (node.is_object()) {
    const auto type = node.find("type");
    if (type != node.end() && type->is_string() && kTypes.count(type->get<std::string>()) == 0) {
      return absl::StrCat("no type is called ", type->dump());
    }
    const auto ref = node.find("$ref");
    if (ref != node.end() && ref->is_string()) {
      const std::string to = ref->get<std::string>();
      const bool inside = absl::StartsWith(to, "#/");
      if (!inside || !root.contains(json::json_pointer(to.substr(1)))) {
        return absl::StrCat("$ref ", to, " leads nowhere");
      }
    }
  }
  if (!node.is_structured()) return "";
  for (const json& child : node) {
    if (std::string fault = FaultOf(child, root); !fault.empty()) return fault;
  }
  return "";
}

// S1
absl::Status SchemaIsValid(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const json schema, Schema(bench));
  BB_RETURN_IF_ERROR(Expect(schema.value("type", "") == "object", "the schema is of no object"));
  const std::string fault = FaultOf(schema, schema);
  BB_RETURN_IF_ERROR(Expect(fault.empty(), fault));
  return Expect(schema.value("additionalProperties", json(true)) != json(false),
                "additionalProperties is false: an older or newer key would be refused");
}

// How Configure takes this configuration.
absl::Status Configured(Bench& bench, const Setup& setup) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
  BB_ASSIGN_OR_RETURN(const auto answer, talk->Configure(bench.Configuration(setup)));
  return FirstError(answer.diagnostics());
}

// S2
absl::Status RequiredKeys(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const json schema, Schema(bench));
  BB_RETURN_IF_ERROR(Configured(bench, {}));
  for (const json& key : schema.value("required", json::array())) {
    const std::string name = key.get<std::string>();
    const absl::Status status = Configured(bench, {.config = {{name, nullptr}}});
    BB_RETURN_IF_ERROR(Expect(!status.ok(), absl::StrCat("it does without '", name, "'")));
    const Diagnostic diagnostic = DiagnosticOf(status);
    BB_RETURN_IF_ERROR(
        Expect(diagnostic.class_() == Diagnostic::CLASS_CONFIG && diagnostic.path() == name,
               absl::StrCat("without '", name, "' it says ", std::string(status.message()))));
  }
  return absl::OkStatus();
}

// S3
absl::Status UnknownKeys(Bench& bench) {
  return Configured(bench, {.config = {{"kit_key_nobody_knows", "x"}}});
}

// S4
absl::Status SecretsAreDeclared(Bench& bench) {
  static const RE2 kSecret("(?i)pass(word|wd)|secret|token|api_?key|access_?key$|adgangskode");
  BB_ASSIGN_OR_RETURN(const json schema, Schema(bench));
  const json properties = schema.value("properties", json::object());
  for (const auto& [name, about] : properties.items()) {
    BB_RETURN_IF_ERROR(
        Expect(!RE2::PartialMatch(name, kSecret),
               absl::StrCat("'", name, "' looks like a secret and stands in the configuration")));
  }
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
  BB_ASSIGN_OR_RETURN(const auto spec, talk->Spec());
  for (const auto& [name, value] : bench.fixture().secrets) {
    const bool declared =
        std::any_of(spec.secrets().begin(), spec.secrets().end(),
                    [wanted = name](const auto& secret) { return secret.name() == wanted; });
    BB_RETURN_IF_ERROR(
        Expect(declared, absl::StrCat("the fixture's secret '", name, "' is not declared")));
  }
  return absl::OkStatus();
}

// Whether a file under the folder holds a secret.
std::string FileWithSecret(Bench& bench, const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (bench.overheard().HoldsSecret(text.str())) return entry.path().string();
  }
  return "";
}

// S5, which runs after all the others.
absl::Status SecretsStaySecret(Bench& bench) {
  for (const auto& [name, fault] : bench.fixture().faults) {
    BB_RETURN_IF_ERROR(bench.mock().Reset());
    const auto talk = bench.StartOn(name);
    if (!talk.ok() || bench.fixture().troubles.count(name) == 0) continue;
    (void)(*talk)->Check();
    (void)(*talk)->Read({.stream = bench.fixture().stream});
  }
  BB_RETURN_IF_ERROR(bench.mock().Reset());
  {
    BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
    BB_RETURN_IF_ERROR(talk->Check().status());
    BB_RETURN_IF_ERROR(ReadAll(*talk, bench).status());
    talk->Stop();
  }
  const std::string file = FileWithSecret(bench, bench.fixture().work_dir);
  BB_RETURN_IF_ERROR(Expect(file.empty(), absl::StrCat("a secret stands in ", file)));
  const std::string leak = bench.overheard().leak();
  return Expect(leak.empty(), absl::StrCat("a secret was heard on ", leak));
}

// S6
absl::Status WrongSecret(Bench& bench) {
  const auto begin = std::chrono::steady_clock::now();
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartOn("wrong_secret"));
  BB_ASSIGN_OR_RETURN(const auto report, talk->Check());
  const absl::Status error = FirstError(report.diagnostics());
  BB_RETURN_IF_ERROR(Expect(!error.ok(), "Check is content with a wrong secret"));
  BB_RETURN_IF_ERROR(Expect(DiagnosticOf(error).class_() == Diagnostic::CLASS_AUTH,
                            absl::StrCat("it says ", std::string(error.message()))));
  return Expect(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30),
                "it takes more than 30 s");
}

// Whether this file of a process holds a secret, or the beginning of one: the name of a
// thread has room for 15 signs.
bool FileTells(Bench& bench, const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (bench.overheard().HoldsSecret(text.str())) return true;
  const auto& secrets = bench.fixture().secrets;
  return std::any_of(secrets.begin(), secrets.end(), [&](const auto& secret) {
    return secret.second.size() >= 8 && absl::StrContains(text.str(), secret.second.substr(0, 8));
  });
}

// S7
absl::Status SecretsAreNowhere(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_RETURN_IF_ERROR(talk->Check().status());
  const fs::path process = absl::StrCat("/proc/", talk->pid());
  std::vector<fs::path> files = {process / "cmdline", process / "environ"};
  for (const auto& thread : fs::directory_iterator(process / "task")) {
    files.push_back(thread.path() / "comm");
  }
  for (const fs::path& file : files) {
    BB_RETURN_IF_ERROR(Expect(!FileTells(bench, file),
                              absl::StrCat("a secret stands in ", file.filename().string())));
  }
  return absl::OkStatus();
}

// The newest value of each secret that a plugin handed over. Thread-safe.
class Keeper {
 public:
  explicit Keeper(Bench& bench, bool keeps) : bench_(bench), keeps_(keeps) {
    bench.KeepSecrets([this](const std::string& name, const std::string& value) {
      absl::MutexLock lock(&mutex_);
      told_ = true;
      bench_.overheard().AlsoListenFor(value);
      if (!keeps_) return absl::UnavailableError("the hub has no room for it");
      kept_[name] = value;
      return absl::OkStatus();
    });
  }
  // After the conversations.
  ~Keeper() { bench_.KeepSecrets(nullptr); }
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  bool told() const {
    absl::MutexLock lock(&mutex_);
    return told_;
  }
  // The fixture's secrets with the newer ones.
  std::map<std::string, std::string> Secrets() const {
    absl::MutexLock lock(&mutex_);
    std::map<std::string, std::string> secrets = kept_;
    secrets.insert(bench_.fixture().secrets.begin(), bench_.fixture().secrets.end());
    return secrets;
  }

 private:
  Bench& bench_;
  const bool keeps_;
  mutable absl::Mutex mutex_;
  bool told_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, std::string> kept_ ABSL_GUARDED_BY(mutex_);
};

absl::Status IsLetIn(Conversation& talk, const std::string& otherwise) {
  BB_ASSIGN_OR_RETURN(const auto report, talk.Check());
  return Expect(FirstError(report.diagnostics()).ok(), otherwise);
}

// A process on the day that the source renews, until it was told so; then a call more.
absl::Status IsRenewed(Bench& bench, const Keeper& keeper) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartOn("renews"));
  BB_RETURN_IF_ERROR(IsLetIn(*talk, "Check fails on the day that the source renews a secret"));
  BB_RETURN_IF_ERROR(Expect(Eventually([&] { return keeper.told(); }),
                            "the source renews a secret, and the hub is not told"));
  BB_RETURN_IF_ERROR(IsLetIn(*talk, "it is not let in after a secret was renewed"));
  talk->Kill();
  return absl::OkStatus();
}

// S8
absl::Status RenewedSecretIsSafeFirst(Bench& bench) {
  {
    BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
    BB_ASSIGN_OR_RETURN(const auto spec, talk->Spec());
    const bool rotates = std::any_of(spec.secrets().begin(), spec.secrets().end(),
                                     [](const auto& secret) { return secret.rotates(); });
    if (!rotates) return NotApplicable("a secret that rotates");
  }
  {
    const Keeper nobody(bench, false);
    BB_RETURN_IF_ERROR(IsRenewed(bench, nobody));
    BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
    BB_RETURN_IF_ERROR(IsLetIn(
        *talk, "the old secret does not fit any more, and nobody had kept the renewed one"));
  }
  const Keeper keeper(bench, true);
  BB_RETURN_IF_ERROR(IsRenewed(bench, keeper));
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start({.secrets = keeper.Secrets()}));
  return IsLetIn(*talk, "the renewed secret that was kept does not fit");
}

// S9
absl::Status SameGeneration(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
  const auto request = bench.Configuration({});
  BB_ASSIGN_OR_RETURN(const auto first, talk->Configure(request));
  BB_RETURN_IF_ERROR(FirstError(first.diagnostics()));
  BB_ASSIGN_OR_RETURN(const ReadOutcome before, ReadAll(*talk, bench));
  BB_ASSIGN_OR_RETURN(const auto second, talk->Configure(request));
  BB_RETURN_IF_ERROR(FirstError(second.diagnostics()));
  BB_RETURN_IF_ERROR(
      Expect(first.scope_hash() == second.scope_hash(), "the scope is another the second time"));
  BB_ASSIGN_OR_RETURN(const ReadOutcome after, ReadAll(*talk, bench));
  return Expect(before.records.size() == after.records.size(), "it reads other records then");
}

// S10
absl::Status PreviousConfig(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
  auto request = bench.Configuration({});
  request.set_config_json(bench.fixture().previous.at("config").dump());
  BB_ASSIGN_OR_RETURN(const auto answer, talk->Configure(request));
  return FirstError(answer.diagnostics());
}

}  // namespace

std::vector<Case> ConfigCases() {
  return {
      {"S1", "the schema of the configuration is valid", {}, SchemaIsValid},
      {"S2", "each required key is missed by name", {}, RequiredKeys},
      {"S3", "keys nobody knows do no harm", {}, UnknownKeys},
      {"S4", "what looks like a secret is declared as one", {}, SecretsAreDeclared},
      {"S5",
       "no secret is said or written anywhere in the whole run",
       {"secret"},
       SecretsStaySecret},
      {"S6", "a wrong secret is told as AUTH", {"secret", "fault:wrong_secret"}, WrongSecret},
      {"S7",
       "no secret stands in the process's arguments, environment or name",
       {"secret"},
       SecretsAreNowhere},
      {"S8",
       "a renewed secret is used only when it is safely kept",
       {"secret", "fault:renews"},
       RenewedSecretIsSafeFirst},
      {"S9", "the same configuration again does nothing", {}, SameGeneration},
      {"S10",
       "a configuration of the previous version is valid",
       {"previous:config"},
       PreviousConfig},
  };
}

}  // namespace brobygger::conformance
