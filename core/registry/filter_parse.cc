#include <utility>

#include "core/base/status_macros.h"
#include "core/model/text.h"
#include "core/registry/filter.h"
#include "core/registry/filter_words.h"

namespace brobygger::registry {
namespace {

using WordKind = FilterWord::Kind;

constexpr std::size_t kLongestFilter = 4000;
constexpr int kDeepest = 20;

// Recursive descent over the words: all = any {AND any}, any = one {OR one}.
class Parser {
 public:
  explicit Parser(std::vector<FilterWord> words) : words_(std::move(words)) {}

  absl::StatusOr<Filter> Parse() {
    if (Word().kind == WordKind::kEnd) return Filter();
    BB_ASSIGN_OR_RETURN(Filter filter, ParseAll(0));
    if (Word().kind == WordKind::kEnd) return filter;
    return FilterError(Word().position, "expected AND, OR or the end");
  }

 private:
  absl::StatusOr<Filter> ParseAll(int depth) {
    Filter all{Filter::Kind::kAnd, {}, {}};
    do {
      BB_ASSIGN_OR_RETURN(Filter any, ParseAny(depth));
      all.parts.push_back(std::move(any));
    } while (Take("AND"));
    return all.parts.size() == 1 ? std::move(all.parts[0]) : std::move(all);
  }

  absl::StatusOr<Filter> ParseAny(int depth) {
    Filter any{Filter::Kind::kOr, {}, {}};
    do {
      BB_ASSIGN_OR_RETURN(Filter one, ParseOne(depth));
      any.parts.push_back(std::move(one));
    } while (Take("OR"));
    return any.parts.size() == 1 ? std::move(any.parts[0]) : std::move(any);
  }

  absl::StatusOr<Filter> ParseOne(int depth) {
    if (depth > kDeepest) return FilterError(Word().position, "the filter is too deep");
    if (Word().kind == WordKind::kMinus || IsKeyword("NOT")) {
      ++next_;
      BB_ASSIGN_OR_RETURN(Filter inner, ParseOne(depth + 1));
      Filter negated{Filter::Kind::kNot, {}, {}};
      negated.parts.push_back(std::move(inner));
      return negated;
    }
    if (Word().kind == WordKind::kOpen) return ParseParentheses(depth);
    return ParseComparison();
  }

  absl::StatusOr<Filter> ParseParentheses(int depth) {
    const std::size_t opened = Word().position;
    ++next_;
    BB_ASSIGN_OR_RETURN(Filter inner, ParseAll(depth + 1));
    if (Word().kind != WordKind::kClose) {
      return FilterError(opened, "this parenthesis is never closed");
    }
    ++next_;
    return inner;
  }

  absl::StatusOr<Filter> ParseComparison() {
    const FilterWord& field = Word();
    if (field.kind != WordKind::kName || IsKeyword("AND") || IsKeyword("OR")) {
      return FilterError(field.position, "expected a field, NOT or a parenthesis");
    }
    ++next_;
    const FilterWord& op = Word();
    if (op.kind != WordKind::kOp) {
      return FilterError(op.position, "expected a comparison: = != < <= > >= or :");
    }
    ++next_;
    const FilterWord& value = Word();
    if (value.kind != WordKind::kName && value.kind != WordKind::kText) {
      return FilterError(value.position, "expected a value; put text in \"quotation marks\"");
    }
    ++next_;
    Filter filter{Filter::Kind::kComparison, {}, {}};
    BB_ASSIGN_OR_RETURN(filter.comparison, MakeComparison(field, op, value));
    return filter;
  }

  // The last word is kEnd and is never passed.
  const FilterWord& Word() const { return words_[next_]; }

  bool IsKeyword(std::string_view keyword) const {
    return Word().kind == WordKind::kName && Word().text == keyword;
  }

  bool Take(std::string_view keyword) {
    if (!IsKeyword(keyword)) return false;
    ++next_;
    return true;
  }

  std::vector<FilterWord> words_;
  std::size_t next_ = 0;
};

}  // namespace

absl::StatusOr<Filter> ParseFilter(const std::string& text) {
  if (text.size() > kLongestFilter) {
    return FilterError(1, "the filter is longer than 4000 bytes; ask for less at once");
  }
  if (!model::IsUtf8(text)) return FilterError(1, "the filter is not UTF-8");
  BB_ASSIGN_OR_RETURN(std::vector<FilterWord> words, SplitFilter(text));
  return Parser(std::move(words)).Parse();
}

}  // namespace brobygger::registry
