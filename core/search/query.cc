#include "core/search/query.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/matching/tables.h"
#include "core/model/text.h"
#include "core/search/words.h"

namespace brobygger::search {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// A word as an error may repeat it: short and plain, or not at all, since whoever looks for a
// person's name by mistake should not find it in a log.
std::string Shown(std::string_view text) {
  constexpr std::size_t kLongest = 24;
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  return plain && text.size() <= kLongest ? "\"" + std::string(text) + "\"" : "this";
}

// Whether each of its words could stand in anybody's name.
bool IsGeneric(const TextClause& clause) {
  return std::all_of(clause.wordings.begin(), clause.wordings.end(), [](const Wording& wording) {
    return std::all_of(wording.words.begin(), wording.words.end(), [](const std::string& word) {
      const auto role = matching::Tables::Shipped().WholeMeaning(word).role;
      return role == matching::Role::kType || role == matching::Role::kLegal ||
             role == matching::Role::kFiller;
    });
  });
}

// One value as it was written.
struct Written {
  std::string_view text;
  std::size_t begin = 0;
  bool quoted = false;
};

// Reads a query from left to right.
class Parser {
 public:
  Parser(std::string_view text, const QueryOptions& options) : text_(text), options_(options) {}

  absl::StatusOr<Query> Parse() {
    SkipSpace();
    while (at_ < text_.size()) {
      BB_RETURN_IF_ERROR(ReadItem());
      if (query_.texts.size() > kMostClauses) {
        return QueryInvalid(Position(item_), absl::StrCat("is one too many: at most ", kMostClauses,
                                                          " words and phrases can be asked for"));
      }
      if (query_.filters.size() > kMostFilters) {
        return QueryInvalid(Position(item_), absl::StrCat("is one too many: at most ", kMostFilters,
                                                          " filters can be asked for"));
      }
      SkipSpace();
    }
    const bool nothing = query_.texts.empty() && query_.filters.empty();
    if (nothing && model::CodePoints(text_) > 0 && ignored_) {
      return QueryInvalid(1, "holds no letter and no digit to look for");
    }
    return std::move(query_);
  }

 private:
  // In characters, from 1.
  std::size_t Position(std::size_t byte) const {
    return model::CodePoints(text_.substr(0, byte)) + 1;
  }

  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }

  absl::Status ReadItem() {
    item_ = at_;
    const bool excluded = text_[at_] == '-' && at_ + 1 < text_.size() && !IsSpace(text_[at_ + 1]);
    if (excluded) ++at_;
    const std::size_t colon = FieldEnd();
    if (colon > at_) return ReadFilter(colon, excluded);
    const Written value = ReadValue(/*in_list=*/false);
    TextClause clause;
    clause.fields = options_.allowed & FieldSet::Texts();
    clause.excluded = excluded;
    return AddText({value}, std::move(clause));
  }

  // Where the colon after a field's word stands, or `at_`: only letters and hyphens come before.
  std::size_t FieldEnd() const {
    std::size_t end = at_;
    while (end < text_.size() &&
           ((text_[end] >= 'a' && text_[end] <= 'z') || (text_[end] >= 'A' && text_[end] <= 'Z') ||
            text_[end] == '-' || text_[end] == '_')) {
      ++end;
    }
    return end < text_.size() && text_[end] == ':' ? end : at_;
  }

  // Up to white space or, in a list, a comma; or all between quotation marks. One that is not
  // closed ends with the query: somebody is still typing.
  Written ReadValue(bool in_list) {
    Written value{.text = {}, .begin = at_, .quoted = at_ < text_.size() && text_[at_] == '"'};
    if (value.quoted) {
      const std::size_t end = std::min(text_.find('"', at_ + 1), text_.size());
      value.text = text_.substr(at_ + 1, end - at_ - 1);
      at_ = std::min(end + 1, text_.size());
      return value;
    }
    while (at_ < text_.size() && !IsSpace(text_[at_]) && text_[at_] != '"' &&
           !(in_list && text_[at_] == ',')) {
      ++at_;
    }
    value.text = text_.substr(value.begin, at_ - value.begin);
    return value;
  }

  absl::Status ReadFilter(std::size_t colon, bool excluded) {
    std::string word(text_.substr(at_, colon - at_));
    for (char& c : word) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    const auto field = FieldOf(word);
    if (!field || !options_.allowed.Has(*field)) {
      return QueryInvalid(
          Position(at_),
          absl::StrCat(Shown(word), " is no field (text with a colon stands in quotation marks)"),
          WordsOf(options_.allowed));
    }
    at_ = colon + 1;
    BB_ASSIGN_OR_RETURN(const std::vector<Written> values, ReadValues(word));
    if (FieldSet::Texts().Has(*field)) {
      TextClause clause;
      clause.fields = FieldSet{*field};
      clause.excluded = excluded;
      clause.firm = true;
      return AddText(values, std::move(clause));
    }
    Filter filter{.field = *field, .numbers = {}, .texts = {}, .excluded = excluded};
    for (const Written& value : values) {
      for (const ValueError& error : AddFilterValue(std::string(value.text), filter)) {
        return QueryInvalid(Position(value.begin),
                            absl::StrCat(word, ": ", Shown(value.text), " ", error.what),
                            error.allowed);
      }
    }
    query_.filters.push_back(std::move(filter));
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<Written>> ReadValues(const std::string& word) {
    std::vector<Written> values;
    do {
      if (!values.empty()) ++at_;  // the comma
      values.push_back(ReadValue(/*in_list=*/true));
      if (values.back().text.empty()) {
        return QueryInvalid(Position(values.back().begin), word + ": wants a value");
      }
      if (values.size() > kMostValues) {
        return QueryInvalid(Position(values.back().begin),
                            absl::StrCat(word, ": at most ", kMostValues, " values in one filter"));
      }
    } while (at_ < text_.size() && text_[at_] == ',');
    return values;
  }

  absl::Status AddText(const std::vector<Written>& values, TextClause clause) {
    for (const Written& value : values) {
      BB_RETURN_IF_ERROR(AddWordings(value, clause));
      clause.written += (clause.written.empty() ? "" : ",") + std::string(value.text);
    }
    if (clause.wordings.empty()) {
      ignored_ = true;
      return absl::OkStatus();
    }
    clause.generic = !clause.firm && IsGeneric(clause);
    // Several words that nothing joins are each looked for by itself.
    query_.texts.push_back(std::move(clause));
    return absl::OkStatus();
  }

  absl::Status AddWordings(const Written& value, TextClause& clause) {
    std::vector<std::string> words = FoldedWords(value.text);
    const bool star = !value.quoted && !value.text.empty() && value.text.back() == '*';
    if (words.empty() && value.text.find('*') != std::string_view::npos) {
      return QueryInvalid(Position(value.begin), "\"*\" wants a letter or a digit before it");
    }
    if (words.empty()) return absl::OkStatus();
    if (words.size() > kMostClauses) {
      return QueryInvalid(Position(value.begin),
                          absl::StrCat("is a phrase of more than ", kMostClauses, " words"));
    }
    const bool typing = options_.as_you_type && at_ == text_.size() && !value.quoted;
    if (words.size() == 1) {
      const auto kind = star || typing ? Wording::Kind::kPrefix : Wording::Kind::kWord;
      clause.wordings.push_back({kind, std::move(words)});
      return absl::OkStatus();
    }
    // "Al-Noor" may be written in one word elsewhere.
    if (!value.quoted) {
      clause.wordings.push_back({star || typing ? Wording::Kind::kPrefix : Wording::Kind::kWord,
                                 {absl::StrJoin(words, "")}});
    }
    clause.wordings.push_back({Wording::Kind::kPhrase, std::move(words)});
    return absl::OkStatus();
  }

  const std::string_view text_;
  const QueryOptions& options_;
  std::size_t at_ = 0;
  std::size_t item_ = 0;  // where the item under way begins
  bool ignored_ = false;  // something was passed over that holds no word
  Query query_;
};

}  // namespace

absl::Status QueryInvalid(std::size_t position,
                          const std::string& what,
                          const std::vector<std::string>& allowed) {
  std::string text = absl::StrCat("query[", position, "]: ", what, ".");
  std::vector<base::ErrorField> facts = {{"field", "query"}, {"position", absl::StrCat(position)}};
  if (!allowed.empty()) {
    absl::StrAppend(&text, " There is: ", absl::StrJoin(allowed, ", "), ".");
    facts.emplace_back("allowed", absl::StrJoin(allowed, ","));
  }
  return base::MakeError(errors::v1::ERROR_REASON_QUERY_INVALID, text, facts);
}

absl::StatusOr<Query> ParseQuery(std::string_view text, const QueryOptions& options) {
  if (text.size() > kLongestQuery) {
    return QueryInvalid(1, absl::StrCat("is longer than ", kLongestQuery, " bytes"));
  }
  if (!model::IsUtf8(text)) return QueryInvalid(1, "is not UTF-8");
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) {
    return QueryInvalid(model::CodePoints(text.substr(0, nul)) + 1, "is a NUL character");
  }
  return Parser(text, options).Parse();
}

}  // namespace brobygger::search
