#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/grant/v1/grant_application.pb.h"
#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/sync/v1/connection.pb.h"

#include "core/sync/keys.h"

namespace brobygger::sync {

// Where the connection's grant applications are. Only if it has some.
StreamKey ApplicationStreamOf(const v1::Connection& connection);

// Turns a source's grant applications into the hub's words, as the connection's
// mappings say. Pure; safe to share across threads.
//
// Targets: "title", "pool", "kind", "state", "department_id", "written_department",
// "received_date", "decided_date", "period.from_date", "period.to_date",
// "reporting_due_date", "currency", "kle", "facet", "case_id"; who applies:
// "applicant.external_id" (the key of the applicant's record in the connection's
// stream of associations), "applicant.written_name", "applicant.written_cvr"; amounts
// in kroner: "applied", "awarded", "disbursed", or in hundredths of one with "_ore"
// behind.
class ApplicationMapping {
 public:
  // CONNECTION_INVALID if a target is unknown or used twice, if a mapping has a
  // policy, or if nothing says who applies.
  static absl::StatusOr<ApplicationMapping> Make(const v1::Connection& connection);

  // With its connection, external id and department. FIELD_INVALID if an amount or a
  // word is not of its field's form: the record is then kept aside.
  absl::StatusOr<grant::v1::GrantApplication> Tell(const plugin::v1::Record& record) const;

  std::vector<std::string> SourceFields() const;
  const std::vector<v1::FieldMapping>& mappings() const { return mappings_; }

 private:
  ApplicationMapping() = default;

  std::vector<v1::FieldMapping> mappings_;
  std::string connection_id_;
  std::string applicant_stream_;
  std::string department_id_;
};

// An amount of kroner in øre. A number has a decimal point. A text is read as Danes
// write it ("1.234,50", "1234,5", "1.234" with three digits behind each point), or with
// a point before one or two decimals ("1234.50"). INVALID_ARGUMENT for anything else,
// and for more than two decimals other than zeros.
absl::StatusOr<std::int64_t> KronerToOre(const std::string& text, bool is_number);

}  // namespace brobygger::sync
