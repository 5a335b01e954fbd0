#include "plugins/files/csv/rows.h"

#include <algorithm>
#include <cstring>

namespace brobygger::csv {
namespace {

bool IsLineEnd(char sign) { return sign == '\n' || sign == '\r'; }

}  // namespace

void RowReader::SkipLineEnd() {
  if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
  ++at_;
  ++line_;
}

Cell RowReader::PlainCell() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && text_[at_] != delimiter_ && !IsLineEnd(text_[at_])) ++at_;
  return {.raw = text_.substr(begin, at_ - begin)};
}

Cell RowReader::QuotedCell(Row& row) {
  Cell cell;
  const std::size_t begin = ++at_;
  while (true) {
    const void* found =
        at_ < text_.size() ? std::memchr(text_.data() + at_, '"', text_.size() - at_) : nullptr;
    if (found == nullptr) {
      row.fault = RowFault::kOpenQuote;
      at_ = text_.size();
      cell.raw = text_.substr(begin);
      return cell;
    }
    at_ = static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
    if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
    cell.doubled = true;
    at_ += 2;
  }
  cell.raw = text_.substr(begin, at_ - begin);
  line_ += static_cast<std::size_t>(std::count(cell.raw.begin(), cell.raw.end(), '\n'));
  ++at_;
  if (at_ < text_.size() && text_[at_] != delimiter_ && !IsLineEnd(text_[at_])) {
    row.fault = RowFault::kAfterQuote;
    PlainCell();
  }
  return cell;
}

bool RowReader::Next(Row& row) {
  while (at_ < text_.size() && IsLineEnd(text_[at_])) SkipLineEnd();
  if (at_ >= text_.size()) return false;
  row.cells.clear();
  row.line = line_;
  row.fault = RowFault::kNone;
  row.ended = false;
  const std::size_t begin = at_;
  while (true) {
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    row.cells.push_back(quoted ? QuotedCell(row) : PlainCell());
    if (at_ >= text_.size() || text_[at_] != delimiter_) break;
    ++at_;
  }
  row.raw = text_.substr(begin, at_ - begin);
  if (at_ < text_.size()) {
    row.ended = true;
    SkipLineEnd();
  }
  return true;
}

char GuessDelimiter(std::string_view text) {
  constexpr std::string_view kCandidates = ";,\t";
  std::size_t counts[kCandidates.size()] = {};
  bool quoted = false;
  for (const char sign : text) {
    if (sign == '"') quoted = !quoted;
    if (quoted) continue;
    if (IsLineEnd(sign)) break;
    const std::size_t candidate = kCandidates.find(sign);
    if (candidate != std::string_view::npos) ++counts[candidate];
  }
  return kCandidates[static_cast<std::size_t>(
      std::max_element(std::begin(counts), std::end(counts)) - std::begin(counts))];
}

}  // namespace brobygger::csv
