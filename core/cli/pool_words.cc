#include "core/cli/pool_words.h"

#include <algorithm>
#include <numeric>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <fmt/format.h>

#include "brobygger/grant/v1/pool_service.pb.h"

#include "core/base/status_macros.h"
#include "core/base/text_table.h"
#include "core/cli/enum_words.h"
#include "core/cli/grant.h"
#include "core/cli/paging.h"
#include "core/cli/words.h"
#include "core/model/names.h"

namespace brobygger::cli {
namespace {

using grant::v1::ListPoolsResponse;
using grant::v1::Pool;

constexpr std::size_t kShortestPoolStart = 4;
constexpr std::size_t kMostWrongLetters = 3;

// How many letters have to be put in, taken out or exchanged to make one of the other.
std::size_t Distance(const std::string& left, const std::string& right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t exchanged = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({exchanged, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

bool IsAlike(const std::string& typed, const std::string& name) {
  const std::size_t length = std::min(typed.size(), name.size());
  return name.find(typed) != std::string::npos ||
         Distance(typed, name) <= std::min(kMostWrongLetters, length / 3);
}

std::string NamesOf(const std::vector<Pool>& pools, bool ids) {
  std::vector<std::string> names;
  for (const Pool& pool : pools) {
    names.push_back(ids ? absl::StrCat(pool.title(), " (", pool.id(), ")")
                        : absl::StrCat("'", pool.key(), "'"));
  }
  return absl::StrJoin(names, ", ");
}

absl::StatusOr<std::vector<Pool>> AllPools(Session& session) {
  grant::v1::ListPoolsRequest request;
  request.set_show_closed(true);
  std::vector<Pool> pools;
  const auto add = [&](const ListPoolsResponse& page) {
    pools.insert(pools.end(), page.pools().begin(), page.pools().end());
    return page.pools_size();
  };
  const PageOptions all{.size = 0, .token = "", .all = true};
  BB_RETURN_IF_ERROR((ReadPages<ListPoolsResponse>(session, request, all, add)).status());
  return pools;
}

}  // namespace

std::string PoolText(const std::string& key,
                     const std::string& language,
                     const std::vector<std::pair<std::string, std::string>>& values) {
  static const base::TextTable kTable(kPoolTextsCsv);
  std::string text = kTable.Get(key, language);
  for (const auto& [name, value] : values) {
    text = absl::StrReplaceAll(text, {{absl::StrCat("{", name, "}"), value}});
  }
  return text;
}

std::vector<Column> PoolColumns(const std::vector<std::string>& keys, const std::string& language) {
  std::vector<Column> columns;
  for (const std::string& key : keys) columns.push_back({key, PoolText("col_" + key, language)});
  return columns;
}

std::string InLanguage(const registry::v1::LocalizedText& text, const std::string& language) {
  const auto& texts = text.by_language();
  for (const std::string& wanted : {language, std::string("da")}) {
    const auto found = texts.find(wanted);
    if (found != texts.end()) return found->second;
  }
  return texts.empty() ? "" : texts.begin()->second;
}

std::string LabelText(const google::protobuf::EnumDescriptor& enumeration,
                      int number,
                      const std::string& language) {
  return EnumText(enumeration, number, language);
}

absl::StatusOr<int> EnumOf(const google::protobuf::EnumDescriptor& enumeration,
                           const std::string& prefix,
                           const std::string& typed) {
  const auto words = EnumWords(enumeration, prefix);
  const std::string folded = model::FoldName(typed);
  for (int i = 1; i < enumeration.value_count(); ++i) {
    const int number = enumeration.value(i)->number();
    const std::string& word = words[static_cast<std::size_t>(i) - 1];
    const bool meant = folded == model::FoldName(word) ||
                       folded == model::FoldName(EnumText(enumeration, number, "da")) ||
                       folded == model::FoldName(EnumText(enumeration, number, "en"));
    if (meant && !folded.empty()) return number;
  }
  return absl::InvalidArgumentError(
      fmt::format("'{}' is none of: {}.", typed, absl::StrJoin(words, ", ")));
}

std::string AmountText(const Pool& pool, const std::string& language) {
  const std::vector<std::pair<std::string, std::string>> values = {
      {"from", ShowKroner(pool.smallest_ore(), language)},
      {"to", ShowKroner(pool.largest_ore(), language)}};
  if (pool.has_smallest_ore() && pool.has_largest_ore()) {
    return PoolText("both_amounts", language, values);
  }
  if (pool.has_largest_ore()) return PoolText("to_amount", language, values);
  return pool.has_smallest_ore() ? PoolText("from_amount", language, values) : "";
}

std::string DeadlineText(const Pool& pool, const std::string& today, const std::string& language) {
  if (pool.all_year()) return PoolText("all_year", language);
  const auto& days = pool.deadline_dates();
  const auto next = std::lower_bound(days.begin(), days.end(), today);
  if (next != days.end()) return ShowField("deadline_date", *next, language);
  return PoolText(days.empty() ? "no_deadline" : "passed", language);
}

std::string WhoseText(const Pool& pool, const std::string& language) {
  const std::string& code = pool.municipality_code();
  return code.empty() ? PoolText("national", language) : code;
}

absl::StatusOr<Pool> FindPool(Session& session, const std::string& typed) {
  BB_ASSIGN_OR_RETURN(const auto pools, AllPools(session));
  const std::string folded = model::FoldName(typed);
  std::vector<Pool> meant;
  std::vector<Pool> alike;
  for (const Pool& pool : pools) {
    const std::string title = model::FoldName(pool.title());
    const bool by_id = typed.size() >= kShortestPoolStart && pool.id().starts_with(typed);
    if (pool.key() == typed || (title == folded && !folded.empty()) || by_id) {
      meant.push_back(pool);
    } else if (IsAlike(folded, title) || IsAlike(typed, pool.key())) {
      alike.push_back(pool);
    }
  }
  if (meant.size() == 1) return meant.front();
  const std::string& language = session.language();
  if (meant.size() > 1) {
    return absl::InvalidArgumentError(
        PoolText("several", language, {{"typed", typed}, {"names", NamesOf(meant, true)}}));
  }
  const std::string guess =
      alike.empty() ? "" : PoolText("did_you_mean", language, {{"names", NamesOf(alike, false)}});
  return absl::NotFoundError(absl::StrCat(PoolText("no_pool", language, {{"typed", typed}}), guess,
                                          PoolText("see_list", language)));
}

}  // namespace brobygger::cli
