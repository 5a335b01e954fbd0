#include "plugins/reference/registry/connector.h"

#include <chrono>
#include <thread>
#include <utility>

#include "plugins/common/digest.h"
#include "plugins/reference/registry/reading.h"
#include "plugins/reference/registry/schema.h"
#include "plugins/reference/registry/writing.h"

namespace brobygger::reference {
namespace {

constexpr std::size_t kScopeSigns = 16;
constexpr double kRequestsPerSecond = 500;
constexpr std::uint32_t kRequestsAtOnce = 200;
constexpr auto kLook = std::chrono::milliseconds(20);

// A record's fields against those of a natural key.
bool Matches(const sdk::Record& record, const sdk::Record& key) {
  for (const auto& [name, value] : key.fields()) {
    const auto found = record.fields().find(name);
    if (found == record.fields().end()) return false;
    if (found->second.SerializeAsString() != value.SerializeAsString()) return false;
  }
  return !record.deleted() && !key.fields().empty();
}

}  // namespace

sdk::SpecResponse RegistryConnector::Spec() const {
  sdk::SpecResponse spec;
  spec.set_config_json_schema(kConfigSchema);
  auto& secret = *spec.add_secrets();
  secret.set_name(kAccessKey);
  (*secret.mutable_title())["da"] = "Kildens adgangsnøgle";
  (*secret.mutable_title())["en"] = "The source's access key";
  secret.set_rotates(true);
  spec.add_previous_versions_readable("0.9.0");
  return spec;
}

// As a source behind a network would have them: the hub keeps to it.
sdk::Limits RegistryConnector::limits() const {
  sdk::Limits limits;
  auto& rate = *limits.add_rates();
  rate.set_name("requests");
  rate.set_fill_per_second(kRequestsPerSecond);
  rate.set_burst(kRequestsAtOnce);
  return limits;
}

absl::StatusOr<std::string> RegistryConnector::Configure(const sdk::ConfigureRequest& request) {
  absl::StatusOr<Config> config = ParseConfig(request.config_json());
  if (!config.ok()) return config.status();
  config_ = *std::move(config);
  const auto key = request.secrets().find(kAccessKey);
  access_key_ = key == request.secrets().end() ? "" : key->second;
  schema_ = MakeSchema(config_.faults.Has("upper_case"), config_.faults.Has("short_names"));
  selected_.clear();
  for (const auto& stream : request.streams()) {
    if (stream.stream() == kStream) {
      selected_.insert(stream.fields().begin(), stream.fields().end());
    }
  }
  // Other records are visible in another file, and only then.
  return common::Sha256(config_.file).substr(0, kScopeSigns);
}

absl::Status RegistryConnector::Reach(const std::string& verb) {
  if (verb != "Read") config_.faults.Strike(verb);
  if (!Keys().LetIn(access_key_)) {
    return sdk::MakeError(
        {.kind = sdk::Diagnostic::CLASS_AUTH,
         .code = "reference.registry.access_key",
         .da = "Adgangsnøglen passer ikke. Bed kildens ejer om en ny.",
         .en = "The access key does not fit. Ask the source's owner for a new one.",
         .path = kAccessKey});
  }
  if (absl::Status trouble = config_.faults.Trouble(); !trouble.ok()) return trouble;
  if (config_.file.empty()) return absl::OkStatus();
  // Others may have changed it: a source system is never ours alone. Two of it would not fit.
  loaded_ = LoadedSource();
  absl::StatusOr<LoadedSource> loaded = LoadSource(config_.file, schema_);
  if (!loaded.ok()) return loaded.status();
  loaded_ = *std::move(loaded);
  return absl::OkStatus();
}

AccessKeys RegistryConnector::Keys() const {
  return {config_.file + ".keys", config_.access_key_sha256};
}

absl::Status RegistryConnector::CheckStream(const std::string& stream) const {
  if (stream == kStream) return absl::OkStatus();
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_UNSUPPORTED,
                         .code = "reference.registry.unsupported",
                         .da = "Kilden har kun strømmen 'associations'.",
                         .en = "The source has only the stream 'associations'.",
                         .path = stream});
}

absl::StatusOr<sdk::CheckResponse> RegistryConnector::Check(sdk::Call& /*call*/) {
  if (absl::Status trouble = Reach("Check"); !trouble.ok()) return trouble;
  if (config_.faults.Has("renews_key")) {
    absl::StatusOr<std::string> key = Keys().Renew();
    if (!key.ok()) return key.status();
    // The old one is used until the hub has the new one: nobody else would know it after a crash.
    secrets_.Renew(kAccessKey, *std::move(key));
  }
  sdk::CheckResponse response;
  (*response.mutable_visible_records())[kStream] = loaded_.source.CountLive();
  return response;
}

absl::StatusOr<std::vector<sdk::StreamSchema>> RegistryConnector::Discover(sdk::Call& /*call*/) {
  if (absl::Status trouble = Reach("Discover"); !trouble.ok()) return trouble;
  return std::vector{schema_};
}

absl::Status RegistryConnector::Read(const sdk::ReadRequest& request, sdk::Sink& sink) {
  if (absl::Status wrong = CheckStream(request.stream()); !wrong.ok()) return wrong;
  if (absl::Status trouble = Reach("Read"); !trouble.ok()) return trouble;
  return ReadChanges(loaded_, selected_, config_.faults, request, sink);
}

absl::StatusOr<sdk::LookupResponse> RegistryConnector::Lookup(const sdk::LookupRequest& request,
                                                              sdk::Call& /*call*/) {
  if (absl::Status wrong = CheckStream(request.stream()); !wrong.ok()) return wrong;
  if (absl::Status trouble = Reach("Lookup"); !trouble.ok()) return trouble;
  sdk::LookupResponse response;
  // "Surely not there" is a positive statement: all rows are before us, so we may say
  // it. A source that shows only some of its rows may not.
  const auto tell = [&](const Source::Row* row, const std::string& asked) {
    if (row == nullptr) {
      response.add_definitely_absent(asked);
      return;
    }
    sdk::Record record = Source::ToRecord(*row);
    KeepSelected(selected_, record);
    *response.add_records() = std::move(record);
  };
  for (const std::string& id : request.external_ids()) tell(loaded_.source.Find(id), id);
  for (const std::string& id : request.foreign_ids()) tell(loaded_.source.FindForeign(id), id);
  for (const sdk::Record& key : request.natural_keys()) {
    for (const auto& [id, row] : loaded_.source.rows()) {
      if (Matches(row.record(), key)) tell(&row, id);
    }
  }
  return response;
}

absl::StatusOr<sdk::WriteResponse> RegistryConnector::Write(const sdk::WriteRequest& request,
                                                            sdk::Call& call) {
  if (absl::Status wrong = CheckStream(request.stream()); !wrong.ok()) return wrong;
  if (absl::Status trouble = Reach("Write"); !trouble.ok()) return trouble;
  sdk::WriteResponse response;
  Writing writing(schema_, config_.faults, request.dry_run(), loaded_.source);
  for (const Operation& operation : request.operations()) {
    *response.add_results() = writing.Apply(operation);
  }
  if (!request.dry_run() && !config_.file.empty()) {
    if (absl::Status unsaved = SaveSource(config_.file, loaded_); !unsaved.ok()) return unsaved;
  }
  if (config_.faults.Has("hold_answer")) {
    while (!call.cancelled()) std::this_thread::sleep_for(kLook);
  }
  if (config_.faults.Has("drop_answer")) {
    // We know only that we asked. Trying again here could do it twice: the hub looks.
    for (OperationResult& result : *response.mutable_results()) {
      result.set_outcome(OperationResult::OUTCOME_DOUBTFUL);
      result.clear_stored();
    }
    log_.Warn("an answer of the source was lost");
  }
  return response;
}

absl::StatusOr<sdk::UpgradeStateResponse> RegistryConnector::UpgradeState(
    const sdk::UpgradeStateRequest& request) {
  config_.faults.Strike("UpgradeState");
  sdk::UpgradeStateResponse response;
  response.set_cursor_version(kCursorVersion);
  for (const std::string& id : request.external_ids()) {
    (*response.mutable_external_ids())[id] = UpgradeId(id);
  }
  if (request.cursor().empty()) return response;
  const absl::StatusOr<Cursor> cursor =
      request.cursor_version() == 1 ? UpgradeCursor(request.cursor())
                                    : ParseCursor(request.cursor(), request.cursor_version());
  if (!cursor.ok()) return cursor.status();
  response.set_cursor(cursor->ToBytes());
  return response;
}

void RegistryConnector::SecretStored(const std::string& name, const std::string& value) {
  if (name == kAccessKey) access_key_ = value;
}

}  // namespace brobygger::reference
