#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/matching/record.h"

namespace brobygger::matching {

// The records of a list, whichever way they are kept: asked for one at a time, by
// several threads.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  virtual std::size_t size() const = 0;
  virtual Record At(std::size_t number) const = 0;
};

// Those of a vector, which must outlive it.
class RecordVector final : public RecordSource {
 public:
  explicit RecordVector(const std::vector<Record>& records) : records_(records) {}
  std::size_t size() const override { return records_.size(); }
  Record At(std::size_t number) const override { return records_[number]; }

 private:
  const std::vector<Record>& records_;
};

// One list after the other. Both must outlive it.
class RecordsInTurn final : public RecordSource {
 public:
  RecordsInTurn(const RecordSource& first, const RecordSource& second)
      : first_(first), second_(second) {}
  std::size_t size() const override { return first_.size() + second_.size(); }
  Record At(std::size_t number) const override {
    return number < first_.size() ? first_.At(number) : second_.At(number - first_.size());
  }

 private:
  const RecordSource& first_;
  const RecordSource& second_;
};

// Those of another from `begin` up to `end`. It must outlive this.
class RecordSlice final : public RecordSource {
 public:
  RecordSlice(const RecordSource& records, std::size_t begin, std::size_t end)
      : records_(records), begin_(begin), end_(end) {}
  std::size_t size() const override { return end_ - begin_; }
  Record At(std::size_t number) const override { return records_.At(begin_ + number); }

 private:
  const RecordSource& records_;
  const std::size_t begin_;
  const std::size_t end_;
};

// Records as bare text, one after the other: a record of a usual list takes a fifth of
// the memory that it takes as a `Record`.
class PackedRecords final : public RecordSource {
 public:
  void Add(const Record& record);
  std::size_t size() const override { return starts_.size(); }
  Record At(std::size_t number) const override;

 private:
  // A record stands in one piece, so that adding never moves the others.
  std::vector<std::string> pieces_;
  struct Start {
    std::uint32_t piece;
    std::uint32_t offset;
  };
  std::vector<Start> starts_;
};

}  // namespace brobygger::matching
