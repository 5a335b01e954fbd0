#include "core/conformance/bench.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "core/base/status_macros.h"

namespace brobygger::conformance {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kConnection[] = "kit";

// Short: the path of a socket has little room.
absl::StatusOr<fs::path> MakeFolder() {
  std::string name = (fs::temp_directory_path() / "bb-kit-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    return absl::InternalError(absl::StrCat("cannot make ", name, ": ", strerrordesc_np(errno)));
  }
  fs::create_directories(fs::path(name) / "work");
  return fs::path(name);
}

std::string Merged(const json& config, const json& overlay) {
  json merged = config;
  merged.merge_patch(overlay);
  return merged.dump();
}

bool HasDate(const plugin::v1::StreamSchema& schema) {
  return std::any_of(schema.fields().begin(), schema.fields().end(), [](const auto& field) {
    return field.type() == plugin::v1::FieldSchema::TYPE_DATE;
  });
}

bool HasRefusing(const plugin::v1::StreamSchema& schema) {
  return std::any_of(schema.fields().begin(), schema.fields().end(),
                     [](const auto& field) { return field.computed() || field.write_once(); });
}

// What of "verb:edit", "fault:cut" or "previous:cursor" the fixture lacks, in words.
std::string MissingOf(const Fixture& fixture, const std::string& kind, const std::string& name) {
  if (kind == "previous") {
    return fixture.previous.contains(name) ? ""
                                           : absl::StrCat("previous.", name, " in the fixture");
  }
  const bool there =
      kind == "verb" ? fixture.verbs.count(name) > 0 : fixture.faults.count(name) > 0;
  return there ? "" : absl::StrCat("the ", kind, " '", name, "' in the fixture");
}

}  // namespace

Bench::Bench(const KitOptions& options, fs::path folder, Fixture fixture)
    : manifest_(fs::absolute(options.manifest).lexically_normal().string()),
      host_program_(fs::absolute(options.host_program).string()),
      make_supervisor_(options.make_supervisor),
      longer_(options.longer),
      folder_(std::move(folder)),
      fixture_(std::move(fixture)),
      mock_(fixture_),
      overheard_(fixture_.secrets),
      warden_(std::make_unique<supervisor::Warden>()) {}

Bench::~Bench() {
  warden_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

absl::StatusOr<std::unique_ptr<Bench>> Bench::Make(const KitOptions& options) {
  BB_ASSIGN_OR_RETURN(const fs::path folder, MakeFolder());
  auto fixture = LoadFixture(options.fixture, (folder / "work").string());
  if (!fixture.ok()) {
    fs::remove_all(folder);
    return fixture.status();
  }
  std::unique_ptr<Bench> bench(new Bench(options, folder, *std::move(fixture)));
  BB_RETURN_IF_ERROR(bench->FindPlugin());
  return bench;
}

absl::Status Bench::FindPlugin() {
  std::ifstream in(manifest_);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return absl::InvalidArgumentError(absl::StrCat("cannot read ", manifest_));
  BB_ASSIGN_OR_RETURN(const supervisor::Manifest manifest, supervisor::ParseManifest(text.str()));
  const std::string root = fs::path(manifest_).parent_path().string();
  for (const supervisor::CatalogueEntry& entry : supervisor::ReadCatalogue({root})) {
    if (entry.file.plugin != manifest.name) continue;
    entry_ = entry;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(manifest_, " is not named plugin.json or *.plugin.json"));
}

bool Bench::Can(const std::string& ability) const {
  const auto& abilities = schema_.abilities();
  const auto* const field = abilities.GetDescriptor()->FindFieldByName(ability);
  return field != nullptr && abilities.GetReflection()->GetBool(abilities, field);
}

absl::Status Bench::LearnSchema() {
  BB_RETURN_IF_ERROR(mock_.Reset());
  BB_ASSIGN_OR_RETURN(const auto talk, Start());
  BB_ASSIGN_OR_RETURN(const auto told, talk->Discover());
  BB_RETURN_IF_ERROR(FirstError(told.diagnostics()));
  for (const auto& stream : told.streams()) {
    if (stream.name() == fixture_.stream) schema_ = stream;
  }
  if (!schema_.name().empty()) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("Discover tells no stream '", fixture_.stream, "'"));
}

std::string Bench::Missing(const std::string& need) const {
  const std::vector<std::string> parts = absl::StrSplit(need, absl::MaxSplits(':', 1));
  if (parts.size() == 2) return MissingOf(fixture_, parts[0], parts[1]);
  // What is asked for under this name, in words, and whether it is there.
  struct Known {
    const char* need;
    const char* words;
    bool there;
  };
  const Known known[] = {
      {"secret", "a secret", !fixture_.secrets.empty()},
      {"troubles", "troubles in the fixture", !fixture_.troubles.empty()},
      {"titles", "titles in the fixture", !fixture_.titles.empty()},
      {"mappings", "mappings in the fixture", !fixture_.mappings.is_null()},
      {"first_plan", "first_plan in the fixture", !fixture_.first_plan.empty()},
      {"rejected", "rejected in the fixture", !fixture_.rejected.is_null()},
      {"orphan", "orphan in the fixture", !fixture_.orphan.is_null()},
      {"date", "a date", HasDate(schema_)},
      {"refusing", "a computed or write_once field", HasRefusing(schema_)},
  };
  for (const Known& one : known) {
    if (need == one.need) return one.there ? "" : one.words;
  }
  return Can(need) ? "" : need;
}

plugin::v1::ConfigureRequest Bench::Configuration(const Setup& setup) {
  plugin::v1::ConfigureRequest request;
  request.set_connection_id(kConnection);
  request.set_config_json(Merged(fixture_.config, setup.config));
  request.set_generation(epoch_);
  for (const auto& [name, value] : setup.secrets.value_or(fixture_.secrets)) {
    (*request.mutable_secrets())[name] = value;
  }
  if (!setup.fields.empty()) {
    auto& stream = *request.add_streams();
    stream.set_stream(fixture_.stream);
    for (const std::string& field : setup.fields) stream.add_fields(field);
  }
  return request;
}

absl::StatusOr<std::unique_ptr<Conversation>> Bench::Start(const Setup& setup) {
  BB_ASSIGN_OR_RETURN(auto talk, StartBare(fixture_.jail));
  BB_ASSIGN_OR_RETURN(const auto answer, talk->Configure(Configuration(setup)));
  BB_RETURN_IF_ERROR(FirstError(answer.diagnostics()));
  return talk;
}

absl::StatusOr<std::unique_ptr<Conversation>> Bench::StartOn(const std::string& fault_name) {
  const Fault& fault = fixture_.faults.at(fault_name);
  if (!fault.mock.empty()) BB_RETURN_IF_ERROR(mock_.Run(fault.mock).status());
  Setup setup{.config = fault.config};
  if (!fault.secrets.empty()) setup.secrets = fault.secrets;
  return Start(setup);
}

absl::StatusOr<std::unique_ptr<Conversation>> Bench::StartBare(const supervisor::Jail& jail) {
  return StartBare(jail, Options());
}

absl::StatusOr<std::unique_ptr<Conversation>> Bench::StartBare(
    const supervisor::Jail& jail, const supervisor::SupervisorOptions& options) {
  if (!entry_.file.refused_because.empty()) {
    return absl::FailedPreconditionError(absl::StrCat("refused: ", entry_.file.refused_because));
  }
  return Launch(entry_, jail, options);
}

absl::StatusOr<std::unique_ptr<Conversation>> Bench::StartLibrary(const std::string& path) {
  supervisor::CatalogueEntry entry = entry_;
  entry.file.path = path;
  return Launch(entry, fixture_.jail, Options());
}

absl::StatusOr<std::unique_ptr<Conversation>> Bench::Launch(
    const supervisor::CatalogueEntry& entry,
    const supervisor::Jail& jail,
    const supervisor::SupervisorOptions& options) {
  supervisor::ProcessSpec spec = Spec();
  spec.jail = jail;
  // Cleans nothing: it is the plugin that must not say it.
  const auto log = std::make_shared<supervisor::PluginLog>(
      supervisor::Redactor(std::vector<std::string>()),
      [this, lines = stdout_lines_](supervisor::LogLevel /*level*/, const char* origin,
                                    const std::string& text) {
        overheard_.Hear(origin, text);
        if (std::strcmp(origin, "stdout") == 0) ++*lines;
      });
  const supervisor::PluginStart start{
      .options = options,
      .spec = spec,
      .entry = entry,
      .epoch = ++epoch_,
      .warden = *warden_,
      .on_process = [](const std::shared_ptr<supervisor::Process>&) { return absl::OkStatus(); },
      .on_end = [](const supervisor::Process&, const std::string&) {},
      .keep_secret = keep_secret_,
      .log = log};
  BB_ASSIGN_OR_RETURN(auto plugin, supervisor::StartBarePlugin(start));
  return std::make_unique<Conversation>(std::move(plugin), overheard_);
}

supervisor::SupervisorOptions Bench::Options() const {
  supervisor::SupervisorOptions options;
  options.run_dir = (folder_ / "run").string();
  options.host_program = host_program_;
  options.plugin_roots = {fs::path(manifest_).parent_path().string()};
  options.deadlines.terminate = std::chrono::milliseconds(300);
  return options;
}

supervisor::ProcessSpec Bench::Spec(const json& config) const {
  supervisor::ProcessSpec spec;
  spec.connection = base::ConnectionId(kConnection);
  spec.plugin = entry_.file.plugin;
  spec.config_json = Merged(fixture_.config, config);
  spec.secrets = fixture_.secrets;
  spec.jail = fixture_.jail;
  return spec;
}

}  // namespace brobygger::conformance
