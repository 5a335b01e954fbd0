#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/plugins/grants/sql/sql_support.h"

namespace brobygger::tests {

// The table that the write tests are about, made anew, on a server that they share.
// Its user may only what a grant system's owner would allow: no DELETE, and nothing at
// all about `note`.
DatabaseServer& ServerWithApplicants(const std::string& name);

// The configuration for it.
nlohmann::json WriteConfigFor(const DatabaseServer& server);

// A plugin that is configured. Fails the test if it cannot be.
class WritingPlugin {
 public:
  explicit WritingPlugin(const DatabaseServer& server);
  WritingPlugin(const DatabaseServer& server, const nlohmann::json& config);

  // One result for each operation, in their order; fails the test if there is not.
  std::vector<plugin::v1::OperationResult> Write(
      const std::vector<plugin::v1::Operation>& operations, bool dry_run = false);
  plugin::v1::OperationResult WriteOne(const plugin::v1::Operation& operation);
  plugin::v1::LookupResponse Lookup(const plugin::v1::LookupRequest& request);
  HostProcess& host() { return *host_; }
  // How long its writes took, from the request to the answer.
  std::chrono::duration<double> time_in_writes() const { return time_in_writes_; }

 private:
  std::unique_ptr<HostProcess> host_;
  std::chrono::duration<double> time_in_writes_ = {};
};

// Short ways to say values and operations. "" is empty.
plugin::v1::Value TextValue(const std::string& text);
plugin::v1::Value NumberValue(long long number);
using Fields = std::map<std::string, plugin::v1::Value>;
plugin::v1::Operation Create(const std::string& id, const Fields& set);
plugin::v1::Operation Update(const std::string& key,
                             const std::string& id,
                             const Fields& set,
                             const Fields& expected = {});

// The code of a result's only diagnostic; "" if it has none.
std::string CodeOf(const plugin::v1::OperationResult& result);

}  // namespace brobygger::tests
