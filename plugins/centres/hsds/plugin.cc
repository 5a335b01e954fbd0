#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>

#include "brobygger/sdk/connector.h"

#include "plugins/centres/hsds/client.h"
#include "plugins/centres/hsds/config.h"
#include "plugins/centres/hsds/listeners.h"
#include "plugins/centres/hsds/organization.h"
#include "plugins/centres/hsds/reader.h"
#include "plugins/centres/hsds/trouble.h"
#include "plugins/common/digest.h"

namespace brobygger::hsds {
namespace {

// Raised when records tell more of the same source, so that it is read anew.
constexpr char kTelling[] = "2";

constexpr char kPassword[] = "password";
constexpr char kApiKey[] = "api_key";
constexpr std::size_t kScopeSigns = 16;

std::string SecretIn(const sdk::ConfigureRequest& request, const char* name) {
  const auto found = request.secrets().find(name);
  return found == request.secrets().end() ? "" : found->second;
}

absl::Status NoSecret(const std::string& name, const std::string& key) {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_CONFIG,
                         .code = "centres.hsds.no_secret",
                         .da = absl::StrCat("Hemmeligheden '", name,
                                            "' mangler eller har en linje for "
                                            "meget; '",
                                            key, "' i opsætningen kræver den."),
                         .en = absl::StrCat("The secret '", name,
                                            "' is missing or has a line too "
                                            "many; '",
                                            key, "' in the configuration needs it."),
                         .path = name});
}

// A header or a login is one line.
bool IsLine(const std::string& secret) {
  return !secret.empty() && secret.find_first_of("\r\n") == std::string::npos;
}

absl::Status OnlyWholeLists(const std::string& stream) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_UNSUPPORTED,
       .code = "centres.hsds.unsupported",
       .da = "Forbindelsen har kun strømmen 'associations', og den læses altid hel.",
       .en = "The connection has only the stream 'associations', which is always read whole.",
       .path = stream});
}

// Reads the organizations of an Open Referral HSDS 3 API. Writes nothing: HSDS has no way to.
class HsdsConnector final : public sdk::Connector {
 public:
  explicit HsdsConnector(sdk::Context context) : log_(context.log) {}

  sdk::SpecResponse Spec() const override {
    sdk::SpecResponse spec;
    spec.set_config_json_schema(kConfigSchema);
    const auto add = [&](const char* name, const char* da, const char* en) {
      auto& secret = *spec.add_secrets();
      secret.set_name(name);
      (*secret.mutable_title())["da"] = da;
      (*secret.mutable_title())["en"] = en;
    };
    add(kPassword, "Adgangskode til serveren", "The password for the server");
    add(kApiKey, "API-nøgle til serveren", "The API key for the server");
    return spec;
  }

  absl::StatusOr<std::string> Configure(const sdk::ConfigureRequest& request) override {
    absl::StatusOr<Config> config = ParseConfig(request.config_json());
    if (!config.ok()) return config.status();
    const Credentials credentials = {.password = SecretIn(request, kPassword),
                                     .api_key = SecretIn(request, kApiKey)};
    if (!config->user.empty() && !IsLine(credentials.password)) return NoSecret(kPassword, "user");
    if (!config->key_header.empty() && !IsLine(credentials.api_key)) {
      return NoSecret(kApiKey, "key_header");
    }
    config_ = *std::move(config);
    client_ = std::make_unique<Client>(config_, credentials);
    selected_.clear();
    form_ = absl::StrCat(kTelling, "\n", request.config_json());
    for (const auto& stream : request.streams()) {
      if (stream.stream() == kStream)
        selected_.insert(stream.fields().begin(), stream.fields().end());
    }
    for (const std::string& field : selected_) absl::StrAppend(&form_, "\n", field);
    return common::Sha256(config_.url).substr(0, kScopeSigns);
  }

  absl::StatusOr<sdk::CheckResponse> Check(sdk::Call& call) override {
    CheckListener listener(call);
    client_->set_listener(listener);
    if (absl::Status wrong = CheckVersion(); !wrong.ok()) return wrong;
    const auto page =
        client_->Get(absl::StrCat("/organizations?page=1&per_page=", config_.page_size));
    if (!page.ok()) return page.status();
    if (page->find("contents") == page->end()) return Failure(Fault::kUnexpected, "/organizations");
    sdk::CheckResponse response;
    const auto here = static_cast<long long>(ListAt(*page, "contents").size());
    const long long count = NumberAt(*page, "total_items").value_or(here);
    (*response.mutable_visible_records())[kStream] =
        static_cast<std::uint64_t>(std::max(count, here));
    return response;
  }

  absl::StatusOr<std::vector<sdk::StreamSchema>> Discover(sdk::Call& /*call*/) override {
    sdk::StreamSchema stream;
    stream.set_name(kStream);
    stream.set_schema_version(1);
    stream.mutable_abilities()->set_snapshot(true);
    for (sdk::FieldSchema& field : RecordFields()) *stream.add_fields() = std::move(field);
    return std::vector{std::move(stream)};
  }

  absl::Status Read(const sdk::ReadRequest& request, sdk::Sink& sink) override {
    if (request.stream() != kStream || request.mode() != sdk::ReadRequest::MODE_SNAPSHOT) {
      return OnlyWholeLists(request.stream());
    }
    ReadListener listener(sink);
    client_->set_listener(listener);
    const ReaderParts parts = {
        .config = config_, .form = form_, .selected = selected_, .client = *client_, .log = log_};
    return OrganizationReader(parts, sink).Read(request);
  }

 private:
  // The first page of the API says its version; one that says nothing is believed.
  absl::Status CheckVersion() {
    const auto about = client_->Get("/");
    if (!about.ok()) return IsAboutOne(about.status()) ? absl::OkStatus() : about.status();
    const std::string version = TextAt(*about, "version");
    const std::size_t digit = version.find_first_of("0123456789");
    const bool other = digit != std::string::npos && version[digit] != '3';
    return other ? Failure(Fault::kOldVersion, "/") : absl::OkStatus();
  }

  sdk::Log& log_;
  Config config_;
  std::string form_;
  std::set<std::string> selected_;  // fields; empty: all
  std::unique_ptr<Client> client_;
};

}  // namespace
}  // namespace brobygger::hsds

BROBYGGER_PLUGIN(brobygger::hsds::HsdsConnector, "centres.hsds", "1.0.0")
