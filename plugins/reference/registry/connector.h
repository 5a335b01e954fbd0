#pragma once

#include <set>
#include <string>

#include "plugins/reference/registry/access_keys.h"
#include "plugins/reference/registry/config.h"
#include "plugins/reference/registry/source_file.h"

namespace brobygger::reference {

// The reference connector: every verb, every ability. Read it before writing your own;
// README.md says in which order.
class RegistryConnector final : public sdk::Connector {
 public:
  explicit RegistryConnector(sdk::Context context) : log_(context.log), secrets_(context.secrets) {}

  sdk::SpecResponse Spec() const override;
  sdk::Limits limits() const override;
  absl::StatusOr<std::string> Configure(const sdk::ConfigureRequest& request) override;
  absl::StatusOr<sdk::CheckResponse> Check(sdk::Call& call) override;
  absl::StatusOr<std::vector<sdk::StreamSchema>> Discover(sdk::Call& call) override;
  absl::Status Read(const sdk::ReadRequest& request, sdk::Sink& sink) override;
  absl::StatusOr<sdk::LookupResponse> Lookup(const sdk::LookupRequest& request,
                                             sdk::Call& call) override;
  absl::StatusOr<sdk::WriteResponse> Write(const sdk::WriteRequest& request,
                                           sdk::Call& call) override;
  absl::StatusOr<sdk::UpgradeStateResponse> UpgradeState(
      const sdk::UpgradeStateRequest& request) override;
  void SecretStored(const std::string& name, const std::string& value) override;

 private:
  // Before every verb: are we let in, and what does the source hold now?
  absl::Status Reach(const std::string& verb);
  AccessKeys Keys() const;
  absl::Status CheckStream(const std::string& stream) const;

  sdk::Log& log_;
  sdk::RenewedSecrets& secrets_;
  Config config_;
  std::string access_key_;
  std::set<std::string> selected_;
  sdk::StreamSchema schema_;
  LoadedSource loaded_;
};

}  // namespace brobygger::reference
