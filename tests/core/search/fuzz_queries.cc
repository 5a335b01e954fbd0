// Asks a small index whatever libFuzzer makes of the seeds; `fuzz` builds and runs it. The first
// byte of an input says how the rest is asked.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/search/evaluate.h"
#include "core/search/part_list.h"

namespace brobygger::search {
namespace {

void Must(bool holds) {
  if (!holds) abort();
}

View Library() {
  PartList parts(1000);
  for (int i = 0; i < 40; ++i) {
    registry::v1::Association association;
    association.set_id("a" + std::to_string(i));
    association.set_official_name(i % 2 == 0 ? "Lektiecafeen Nordbyen" : "Newroz Kulturforening");
    (*association.mutable_purpose()->mutable_by_language())["da"] = "at synge og danse for alle";
    association.add_language_codes(i % 3 == 0 ? "ar" : "kmr");
    auto& activity = *association.add_activities();
    activity.set_title("Fodbold");
    activity.set_recurrence_rule("FREQ=WEEKLY;BYDAY=TH");
    parts.Put({{association.id(), ToDocument(association)}});
  }
  View view;
  view.parts = parts.parts();
  view.live = parts.live();
  return view;
}

void Ask(std::string_view text, const QueryOptions& options) {
  static const View kLibrary = Library();
  const auto query = ParseQuery(text, options);
  if (!query.ok()) {
    Must(base::ReasonOf(query.status()) == errors::v1::ERROR_REASON_QUERY_INVALID);
    Must(!base::ErrorMetadata(query.status(), "position").empty());
    return;
  }
  Must(query->texts.size() <= kMostClauses && query->filters.size() <= kMostFilters);
  for (const TextClause& clause : query->texts) {
    Must((clause.fields & options.allowed) == clause.fields && !clause.wordings.empty());
    for (const Wording& wording : clause.wordings) Must(!wording.words.empty());
  }
  const Answer answer = Evaluate(kLibrary, {.query = *query, .size = 10, .facets = kFacetFields});
  Must(answer.hits.size() <= 10 && answer.total >= answer.hits.size());
  for (const Hit& hit : answer.hits) {
    for (const Reason& reason : hit.reasons) Must(options.allowed.Has(reason.field));
  }
}

}  // namespace
}  // namespace brobygger::search

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(
    const std::uint8_t* data,  // NOLINT(readability-identifier-naming)
    std::size_t size) {
  using namespace brobygger::search;  // NOLINT(google-build-using-namespace)
  if (size == 0) return 0;
  QueryOptions options;
  options.as_you_type = (data[0] & 1U) != 0;
  if ((data[0] & 2U) != 0) options.allowed = {Field::kName, Field::kTheme, Field::kLanguage};
  Ask({reinterpret_cast<const char*>(data + 1), size - 1}, options);
  return 0;
}
