// The source system itself: what would be a database or a web service elsewhere.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "brobygger/sdk/connector.h"

namespace brobygger::reference {

// Where a reader is in the list of changes. A position alone would not do: several
// rows can share one, as they share a time stamp elsewhere, and a reader that stops
// between them must neither skip the others nor begin again.
struct Place {
  std::uint64_t position = 0;
  std::set<std::string> ids = {};  // those at `position` that were read

  bool Passed(std::uint64_t other, const std::string& id) const {
    return other < position || (other == position && ids.count(id) > 0);
  }
  void MoveTo(std::uint64_t other, const std::string& id) {
    if (other != position) ids.clear();
    position = other;
    ids.insert(id);
  }
  friend bool operator==(const Place&, const Place&) = default;
};

// The rows by id, and the operations that were done. Belongs to one thread.
class Source {
 public:
  // Held as bytes, since a message with its maps takes twice the room: a source of 100,000 rows
  // must fit into the memory that the jail allows.
  class Row {
   public:
    // `position`: of its last change. `record`: without etag; a deleted one keeps its ids.
    Row(std::uint64_t position, const sdk::Record& record)
        : position_(position),
          deleted_(record.deleted()),
          foreign_id_(record.foreign_id()),
          bytes_(record.SerializeAsString()) {}

    std::uint64_t position() const { return position_; }
    bool deleted() const { return deleted_; }
    const std::string& foreign_id() const { return foreign_id_; }
    sdk::Record record() const;

   private:
    std::uint64_t position_;
    bool deleted_;
    std::string foreign_id_;
    std::string bytes_;
  };
  using Rows = std::map<std::string, Row>;

  const Rows& rows() const { return rows_; }
  std::uint64_t last_position() const { return last_position_; }
  std::size_t CountLive() const;

  // The newest place: a reader there has read all.
  Place End() const;

  // Rows that `place` has not passed, in the order of their changes.
  std::vector<const Rows::value_type*> After(const Place& place) const;

  // The row as the hub is told it. Its etag is its position: the source counts every
  // change, so the position differs whenever the row does.
  static sdk::Record ToRecord(const Row& row);

  const Row* Find(const std::string& id) const;
  // The row with our id: one that lives, before one that is gone.
  const Row* FindForeign(const std::string& foreign_id) const;

  // Stores `record` as a new change, and the operation with it. Returns the row.
  const Row& Store(sdk::Record record, const std::string& op_id);

  // The id of the row that an operation changed, or "".
  std::string RowOf(const std::string& op_id) const;

  // An id nobody has yet.
  std::string NewId() const;

  // For loading.
  void Insert(std::uint64_t position, const sdk::Record& record);
  void InsertOperation(const std::string& op_id, const std::string& id) { operations_[op_id] = id; }
  const std::map<std::string, std::string>& operations() const { return operations_; }

 private:
  Rows rows_;
  std::map<std::string, std::string> operations_;
  std::uint64_t last_position_ = 0;
};

}  // namespace brobygger::reference
