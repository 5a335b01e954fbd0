#include "tests/bench/search_questions.h"

#include <algorithm>
#include <utility>

namespace brobygger::bench {
namespace {

using registry::v1::Association;

constexpr std::size_t kTexts = 200;  // of each kind, asked in turn

// A word of the name that only this association and a few others have.
std::string OwnWord(const Association& association) {
  for (const auto& word :
       {association.official_name().substr(0, association.official_name().find(' ')),
        association.official_name().substr(association.official_name().rfind(' ') + 1)}) {
    const bool plain =
        std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (plain && word.size() >= 6) return word;
  }
  return "Lektie";
}

std::string Mistyped(std::string word, std::size_t which) {
  const std::size_t at = 2 + which % (word.size() - 3);
  if (which % 3 == 0) std::swap(word[at], word[at + 1]);
  if (which % 3 == 1) word.erase(at, 1);
  if (which % 3 == 2) word.insert(at, 1, 'k');
  return word;
}

constexpr char kBest[] = "ORDER BY ts_rank(v, q) DESC, id LIMIT 20";

}  // namespace

std::vector<Kind> KindsOf(const support::MadeUp& made_up, int count) {
  Kind words{"exact words",
             std::string("SELECT id FROM a, plainto_tsquery('danish', $1) q WHERE v @@ q ") + kBest,
             {},
             {}};
  Kind common{"one common word", words.sql, {}, {}};
  Kind prefix{"prefix as you type",
              std::string("SELECT id FROM a, to_tsquery('danish', $1) q WHERE v @@ q ") + kBest,
              {},
              {}};
  Kind typo{
      "misspelt name",
      "SELECT id FROM a WHERE $1 <% names ORDER BY word_similarity($1, names) DESC, id LIMIT 20",
      {},
      {}};
  Kind facets{
      "filtered text, facets",
      "WITH h AS MATERIALIZED (SELECT a.*, ts_rank(v, q) r FROM a, plainto_tsquery('danish', $1) q "
      "WHERE v @@ q AND languages @> ARRAY[$2]) "
      "(SELECT id, '' f, 0 n FROM h ORDER BY r DESC, id LIMIT 20) UNION ALL "
      "(SELECT 't', x::text, count(*) FROM h, unnest(themes) x GROUP BY 2) UNION ALL "
      "(SELECT 'l', x, count(*) FROM h, unnest(languages) x GROUP BY 2) UNION ALL "
      "(SELECT 'd', x, count(*) FROM h, unnest(days) x GROUP BY 2) UNION ALL "
      "(SELECT 'm', municipality, count(*) FROM h GROUP BY 2)",
      {},
      {}};
  const auto ask = [](Kind& kind, const std::string& query, std::vector<std::string> parameters) {
    auto& request = kind.requests.emplace_back();
    request.set_query(query);
    request.set_page_size(20);
    kind.parameters.push_back(std::move(parameters));
    return &request;
  };
  const auto of = [&](const char* list, std::size_t i) {
    const auto& all = made_up.words(list);
    return all[i % all.size()];
  };
  for (std::size_t i = 0; i < kTexts; ++i) {
    const std::string pair = of("community", i) + " " + of("type", i / 3 + 1);
    ask(words, pair, {pair});
    ask(common, of("activity", i), {of("activity", i)});
    const std::string own =
        OwnWord(made_up.Association(i * 7919 % static_cast<std::size_t>(count)));
    const std::string begun = own.substr(0, 4 + i % 2);
    ask(prefix, begun, {begun + ":*"})->set_as_you_type(true);
    const std::string mistyped = Mistyped(own, i);
    ask(typo, mistyped, {mistyped});
    const std::string text = of("activity", i);
    const std::string language = of("language", i);
    auto* request = ask(facets, text + " language:" + language, {text, language});
    for (const char* facet : {"theme", "language", "weekday", "municipality"})
      request->add_facets(facet);
  }
  return {words, common, prefix, typo, facets};
}

}  // namespace brobygger::bench
