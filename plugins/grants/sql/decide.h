#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/write.pb.h"

#include "plugins/grants/sql/cell.h"
#include "plugins/grants/sql/found_rows.h"

namespace brobygger::sql {

using plugin::v1::Operation;
using plugin::v1::OperationResult;

// The rows an operation may be about. Owned by the caller.
struct Candidates {
  std::vector<const FoundRow*> by_key;   // for an update
  std::vector<const FoundRow*> by_id;    // for a create
  std::vector<const FoundRow*> by_link;  // for a create that by_id has none for
};

// A cell to change in a row that is there.
struct Change {
  std::size_t column;  // of RowFinder::columns()
  Cell cell;
};

// What is to be done about an operation.
struct Decision {
  enum class Act { kNothing, kUpdate, kInsert };

  Act act = Act::kNothing;
  OperationResult::Outcome outcome = OperationResult::OUTCOME_APPLIED;
  absl::Status why = {};                    // of a refusal
  const FoundRow* row = nullptr;            // the row it is about
  std::vector<Change> changes = {};         // kUpdate
  bool set_id = false;                      // kUpdate: the row gets our id
  std::map<std::string, Cell> values = {};  // kInsert: by column
};

// Decides about operations without touching a database. All must outlive it.
class Decider {
 public:
  Decider(const TableConfig& config, const RowFinder& finder, const Database& database)
      : config_(config), write_(*config.write), finder_(finder), database_(database) {}

  // OK, or why `operation` can never be done, whatever the rows.
  absl::Status Vet(const Operation& operation) const;

  // What to do about an operation that was vetted.
  Decision Decide(const Operation& operation, const Candidates& candidates) const;

  // The cell by which a create finds its row; none if it has none.
  Cell LinkOf(const Operation& operation) const;

 private:
  absl::Status VetFields(const Operation& operation, bool create) const;
  Decision Create(const Operation& operation, const Candidates& candidates) const;
  Decision Insert(const Operation& operation) const;
  Decision ChangeRow(const Operation& operation, const FoundRow& row) const;
  absl::Status CollectChanges(const Operation& operation, Decision& decision) const;
  bool IsOlder(const Operation& operation, const FoundRow& row) const;
  static bool IsExpected(const Operation& operation, const FoundRow& row);

  const TableConfig& config_;
  const WriteConfig& write_;
  const RowFinder& finder_;
  const Database& database_;
};

}  // namespace brobygger::sql
