#include "core/registry/filter_words.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <absl/strings/ascii.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::registry {
namespace {

using WordKind = FilterWord::Kind;

constexpr std::size_t kMostWords = 400;

bool IsBare(char c) {
  return absl::ascii_isalnum(c) || (c & 0x80) != 0 ||
         std::string_view("_.*+-:").find(c) != std::string_view::npos;
}

class Splitter {
 public:
  explicit Splitter(const std::string& text) : text_(text) {}

  absl::StatusOr<std::vector<FilterWord>> Split() {
    while (true) {
      SkipSpace();
      if (words_.size() > kMostWords) {
        return FilterError(position_, "the filter is too long; ask for less at once");
      }
      if (at_ == text_.size()) break;
      BB_RETURN_IF_ERROR(TakeWord());
    }
    Add(WordKind::kEnd, "");
    return std::move(words_);
  }

 private:
  absl::Status TakeWord() {
    const char c = text_[at_];
    if (c == '(' || c == ')') {
      Add(c == '(' ? WordKind::kOpen : WordKind::kClose, std::string(1, c));
      Advance(1);
      return absl::OkStatus();
    }
    if (c == '"' || c == '\'') return TakeQuoted(c);
    if (TakeOp()) return absl::OkStatus();
    if (c == '-' && !AfterOp()) {
      Add(WordKind::kMinus, "-");
      Advance(1);
      return absl::OkStatus();
    }
    if (IsBare(c)) {
      TakeBare();
      return absl::OkStatus();
    }
    return FilterError(position_, "this sign has no place here");
  }

  // A value may hold what would be a sign elsewhere: 2026-11-23T12:00:00Z.
  bool AfterOp() const { return !words_.empty() && words_.back().kind == WordKind::kOp; }

  bool TakeOp() {
    constexpr std::array<std::pair<std::string_view, FilterOp>, 7> kOps = {{
        {"!=", FilterOp::kNotEqual},
        {"<=", FilterOp::kLessOrEqual},
        {">=", FilterOp::kGreaterOrEqual},
        {"=", FilterOp::kEqual},
        {"<", FilterOp::kLess},
        {">", FilterOp::kGreater},
        {":", FilterOp::kHas},
    }};
    for (const auto& [sign, op] : kOps) {
      if (text_.compare(at_, sign.size(), sign) != 0) continue;
      Add(WordKind::kOp, std::string(sign));
      words_.back().op = op;
      Advance(sign.size());
      return true;
    }
    return false;
  }

  void TakeBare() {
    const bool value = AfterOp();
    std::size_t end = at_;
    while (end < text_.size() && IsBare(text_[end]) && (value || text_[end] != ':')) ++end;
    Add(WordKind::kName, text_.substr(at_, end - at_));
    Advance(end - at_);
  }

  absl::Status TakeQuoted(char quote) {
    const std::size_t start = position_;
    std::string value;
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) {
      if (text_[end] == '\\' && end + 1 < text_.size()) ++end;
      value += text_[end++];
    }
    if (end >= text_.size()) return FilterError(start, "this quotation mark is never closed");
    Add(WordKind::kText, value);
    Advance(end + 1 - at_);
    return absl::OkStatus();
  }

  void SkipSpace() {
    while (at_ < text_.size() && absl::ascii_isspace(text_[at_])) Advance(1);
  }

  void Advance(std::size_t bytes) {
    const auto begin = text_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto end = begin + static_cast<std::ptrdiff_t>(bytes);
    position_ += static_cast<std::size_t>(
        std::count_if(begin, end, [](char c) { return (c & 0xC0) != 0x80; }));
    at_ += bytes;
  }

  void Add(WordKind kind, std::string text) {
    words_.push_back({kind, std::move(text), FilterOp::kEqual, position_});
  }

  const std::string& text_;
  std::size_t at_ = 0;
  std::size_t position_ = 1;
  std::vector<FilterWord> words_;
};

}  // namespace

absl::StatusOr<std::vector<FilterWord>> SplitFilter(const std::string& text) {
  return Splitter(text).Split();
}

absl::Status FilterError(std::size_t position, const std::string& what) {
  const std::string at = std::to_string(position);
  return base::MakeError(errors::v1::ERROR_REASON_FILTER_INVALID,
                         "filter, at character " + at + ": " + what + ".",
                         {{"field", "filter"}, {"position", at}});
}

}  // namespace brobygger::registry
