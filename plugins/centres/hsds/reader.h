#pragma once

#include <set>
#include <string>
#include <vector>

#include "brobygger/sdk/connector.h"

#include "plugins/centres/hsds/client.h"
#include "plugins/centres/hsds/config.h"
#include "plugins/centres/hsds/pages.h"

namespace brobygger::hsds {

inline constexpr char kStream[] = "associations";
inline constexpr std::uint32_t kCursorVersion = 1;

// What a reader works with; all of it must outlive it.
struct ReaderParts {
  const Config& config;
  const std::string& form;  // differs when the same source would be told in another way
  const std::set<std::string>& selected;  // fields; empty: all
  Client& client;
  sdk::Log& log;
};

// One read of the stream. Belongs to one thread.
class OrganizationReader {
 public:
  OrganizationReader(const ReaderParts& parts, sdk::Sink& sink) : parts_(parts), sink_(sink) {}

  absl::Status Read(const sdk::ReadRequest& request);

 private:
  // Digest of every last_modified there is; "" if some are missing, so that nothing can be
  // concluded from it.
  absl::StatusOr<std::string> Stamps();
  // The cursor of a read that has seen all of that.
  std::string CursorFor(const std::string& stamps) const;
  bool IsUnchanged(const sdk::ReadRequest& request, const std::string& stamps) const;

  absl::Status TakeItem(const json& item);
  absl::Status TakeWhole(const json& organization);
  // The services of `organization`; nullptr if one of them cannot be had, which is told.
  absl::StatusOr<const std::vector<json>*> Services(const json& organization);
  // Sets one thing aside that could not be had, or gives `why` up to whoever reads if it is not
  // about one thing, or if nothing but that has come for a while.
  absl::Status SetAside(const std::string& external_id, const absl::Status& why);
  absl::Status Reject(const std::string& external_id, const absl::Status& why);
  // Fetches what another listing has and this read has not seen: rows that moved to another page.
  absl::Status LookAgain(bool& whole);
  absl::Status End(bool whole, const std::string& stamps);

  const ReaderParts parts_;
  sdk::Sink& sink_;
  std::set<std::string> seen_;
  std::vector<json> services_;
  std::size_t sent_ = 0;
  std::size_t most_records_ = 0;  // 0: all
  int failures_in_a_row_ = 0;
  bool all_told_ = true;  // nothing was set aside
  bool enough_ = false;
};

}  // namespace brobygger::hsds
