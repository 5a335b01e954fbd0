#pragma once

#include <map>
#include <vector>

#include "brobygger/plugin/v1/write.pb.h"
#include "brobygger/sdk/call.h"

#include "plugins/grants/sql/decide.h"

namespace brobygger::sql {

// Rows by a value of theirs.
using RowIndex = std::multimap<std::string, const FoundRow*>;

// Writes to one table. Operations share a transaction; when it fails, it is tried
// again in halves, so that one bad operation never stops the others. Belongs to one
// thread; all must outlive it.
class Writer {
 public:
  Writer(const TableConfig& config,
         const std::vector<Column>& shown,
         Database& database,
         const sdk::Call& call);

  // Adds one result for each operation to `response`.
  void Write(const plugin::v1::WriteRequest& request, plugin::v1::WriteResponse& response);

  // Whether nothing went wrong with the connection, so that it can be used again.
  bool sound() const { return lost_.ok(); }

 private:
  struct Task {
    const Operation* operation;
    Cell link = {};  // by which a create may find its row
    Decision decision = {};
    OperationResult result = {};
  };
  using Tasks = std::vector<Task>;
  using Group = std::vector<Task*>;
  // The rows that were found, by what they were looked for.
  struct Indexes {
    const RowIndex& by_key;
    const RowIndex& by_id;
    const RowIndex& by_link;
  };

  void RunAll(const Group& group);
  void RunOrHalve(const Group& group);
  absl::Status Attempt(const Group& group);
  absl::Status Carry(const Group& group);
  absl::Status FindAndDecide(const Group& group);
  absl::StatusOr<RowIndex> FindLinks(const Group& group, const RowIndex& id_index, Lock lock);
  void DecideAll(const Group& group, const Indexes& indexes);
  absl::Status UpdateAll(const Group& group);
  absl::Status Insert(const Group& group);
  absl::StatusOr<bool> Update(const Task& task);
  absl::Status ReadBack(const Group& group);
  static void KeepStored(const FoundRow& row, Task& task);
  void Predict(Task& task) const;
  void Settle(const Group& group, const absl::Status& failed);
  bool OutOfTime() const;

  const TableConfig& config_;
  Database& database_;
  const sdk::Call& call_;
  RowFinder finder_;
  Decider decider_;
  bool dry_run_ = false;
  bool committing_ = false;  // COMMIT was sent
  absl::Status lost_;        // why nothing more can be done
  std::vector<FoundRow> by_key_;
  std::vector<FoundRow> by_id_;
  std::vector<FoundRow> by_link_;
};

// One result with `outcome` for each operation, for when nothing could be tried.
plugin::v1::WriteResponse AllAlike(const plugin::v1::WriteRequest& request,
                                   OperationResult::Outcome outcome,
                                   const absl::Status& why);

}  // namespace brobygger::sql
