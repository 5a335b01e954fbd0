#include "core/exchange/hsds_terms.h"

#include <array>

#include <absl/strings/str_cat.h>

#include "core/exchange/nested_id.h"
#include "core/exchange/texts.h"
#include "core/model/kle.h"
#include "core/model/labels.h"

namespace brobygger::exchange {
namespace {

using google::protobuf::EnumDescriptor;

constexpr std::array<const char*, 3> kTaxonomies = {"theme", "audience", "age_band"};

// What ids of ours are made within.
constexpr char kNamespace[] = "brobygger";

const EnumDescriptor* ListOf(const std::string& taxonomy) {
  if (taxonomy == "theme") return registry::v1::Theme_descriptor();
  if (taxonomy == "audience") return registry::v1::Audience_descriptor();
  return registry::v1::AgeBand_descriptor();
}

std::vector<HsdsTerm> MakeTerms() {
  std::vector<HsdsTerm> terms;
  for (const char* taxonomy : kTaxonomies) {
    const EnumDescriptor* list = ListOf(taxonomy);
    for (int i = 1; i < list->value_count(); ++i) {
      terms.push_back({taxonomy, list, list->value(i)->number()});
    }
  }
  return terms;
}

// A value that a newer hub knows has a number alone.
std::string CodeOf(const HsdsTerm& term) {
  const auto* const value = term.list->FindValueByNumber(term.value);
  return value == nullptr ? std::to_string(term.value) : value->name();
}

std::string KleOf(const HsdsTerm& term) {
  if (term.list != registry::v1::Theme_descriptor()) return "";
  return std::string(model::KleNumberOf(static_cast<registry::v1::Theme>(term.value)));
}

}  // namespace

const std::vector<HsdsTerm>& HsdsTerms() {
  static const std::vector<HsdsTerm> kTerms = MakeTerms();
  return kTerms;
}

std::string HsdsTermId(const HsdsTerm& term) { return NestedId(kNamespace, CodeOf(term)); }

std::string HsdsTaxonomyId(const std::string& taxonomy) {
  return NestedId(kNamespace, "taxonomy/" + taxonomy);
}

std::optional<HsdsTerm> FindHsdsTerm(const std::string& id) {
  for (const HsdsTerm& term : HsdsTerms()) {
    if (HsdsTermId(term) == id) return term;
  }
  return std::nullopt;
}

std::string FindHsdsTaxonomy(const std::string& id) {
  for (const char* taxonomy : kTaxonomies) {
    if (HsdsTaxonomyId(taxonomy) == id) return taxonomy;
  }
  return "";
}

Json ToHsdsTerm(const HsdsTerm& term) {
  const std::string code = CodeOf(term);
  const std::string label(model::Label(term.list->full_name(), code, "da"));
  const std::string in_english(model::Label(term.list->full_name(), code, "en"));
  const std::string kle = KleOf(term);
  const std::string about = in_english.empty() ? code : in_english;
  return {{"id", HsdsTermId(term)},
          {"code", code},
          {"name", label.empty() ? code : label},
          {"description", kle.empty() ? about : absl::StrCat(about, " (KLE ", kle, ")")},
          {"taxonomy", term.taxonomy},
          {"language", "da"},
          {"taxonomy_id", HsdsTaxonomyId(term.taxonomy)}};
}

std::vector<Json> HsdsTaxonomies() {
  std::vector<Json> taxonomies;
  for (const std::string taxonomy : kTaxonomies) {
    taxonomies.push_back({{"id", HsdsTaxonomyId(taxonomy)},
                          {"name", taxonomy},
                          {"description", Text("taxonomy_" + taxonomy, "en")}});
  }
  return taxonomies;
}

}  // namespace brobygger::exchange
