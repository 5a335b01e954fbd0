#pragma once

#include "plugins/reference/registry/faults.h"
#include "plugins/reference/registry/source.h"

namespace brobygger::reference {

using Operation = plugin::v1::Operation;
using OperationResult = plugin::v1::OperationResult;

// Does operations at the source, or says what they would do.
class Writing {
 public:
  Writing(const sdk::StreamSchema& schema, const Faults& faults, bool dry_run, Source& source)
      : schema_(schema), faults_(faults), dry_run_(dry_run), source_(source) {}

  // What becomes of `operation`. Changes `source` unless it is a dry run.
  OperationResult Apply(const Operation& operation);

 private:
  OperationResult Create(const Operation& operation);
  OperationResult Update(const Operation& operation, const Source::Row& row);
  OperationResult Delete(const Operation& operation, const Source::Row& row);
  OperationResult Finish(sdk::Record record, const std::string& op_id);
  bool IsStale(const Operation& operation, const Source::Row& row) const;
  absl::Status CheckFields(const Operation& operation, const Source::Row* row) const;
  absl::Status CheckField(const std::string& name, const sdk::Value& value, bool first) const;
  absl::Status CheckText(const sdk::FieldSchema& field, const std::string& text) const;
  sdk::Value AsStored(const std::string& name, const sdk::Value& value) const;

  const sdk::StreamSchema& schema_;
  const Faults& faults_;
  const bool dry_run_;
  Source& source_;
};

}  // namespace brobygger::reference
