#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/daemon/config.h"
#include "core/daemon/kept_file.h"

namespace brobygger::daemon {

// A person that a demo signs in as. Nobody real.
struct DemoPerson {
  std::string key = {};  // small letters from a to z, digits and hyphens
  std::string title_da = {};
  std::string title_en = {};
  std::vector<std::string> roles = {};
  std::string municipality_code = {};  // "": of none
  std::string department_id = {};      // "": of none
};

// Whom a demo signs in as, from one readable file:
//
//   [[person]]
//   key = "caseworker"
//   title_da = "Sagsbehandler i Kultur og Fritid"
//   title_en = "Case worker, culture and leisure"
//   roles = ["caseworker"]
//   municipality = "0998"
//   department_id = "5e0f..."    # may be left out
//
// Immutable; safe to share across threads.
class DemoPeople {
 public:
  // `name` is the file's, for errors. FAILED_PRECONDITION with line and reason: not TOML, an
  // unknown key, nobody or more than 20 persons, a person twice, no title, no role.
  static absl::StatusOr<DemoPeople> Parse(const std::string& text, const std::string& name);

  // In the file's order.
  const std::vector<DemoPerson>& people() const { return people_; }

  // Null: there is nobody of that key. Lives as long as this.
  const DemoPerson* Find(const std::string& key) const;

  const std::string& revision() const { return revision_; }

 private:
  std::vector<DemoPerson> people_;
  std::string revision_;
};

// The persons as the file has them now.
using DemoPeopleKeeper = KeptFile<DemoPeople>;

// Null where the configuration names no file. FAILED_PRECONDITION as Parse(), and, in words for
// the person who starts the hub, unless everything else that the configuration says is a demo's:
// nobody but this machine may reach it.
absl::StatusOr<std::unique_ptr<DemoPeopleKeeper>> OpenDemoPeople(const Config& config,
                                                                 const base::Clock& clock);

}  // namespace brobygger::daemon
