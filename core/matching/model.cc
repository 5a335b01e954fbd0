#include "core/matching/model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/matching/data.h"

namespace brobygger::matching {
namespace {

using Json = nlohmann::json;

constexpr char kFormat[] = "brobygger-matching-model";
constexpr int kFormatVersion = 1;

absl::Status Invalid(const std::string& what) {
  return base::MakeError(errors::v1::ERROR_REASON_MODEL_INVALID,
                         "The model file cannot be used: " + what + ".", {{"what", what}});
}

// Over everything but the digest itself; JSON objects are sorted by key.
std::string DigestOf(Json file) {
  file.erase("digest");
  const std::string text = file.dump();
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(bytes.data()), size));
}

double Rounded(Weight weight) { return static_cast<double>(weight) / 10000.0; }
Weight ToWeight(double number) { return std::llround(number * 10000.0); }

Json ToJson(const Scorecard& card) {
  Json weights = Json::object();
  for (std::size_t i = 0; i < kComparisonCount; ++i) {
    const ComparisonSpec& spec = Comparisons()[i];
    Json levels = Json::object();
    for (std::size_t level = 1; level < spec.levels.size(); ++level) {
      levels[spec.levels[level]] = Rounded(card.weights[i][level]);
    }
    weights[spec.key] = std::move(levels);
  }
  Json interactions = Json::object();
  for (std::size_t i = 0; i < card.interaction_weights.size(); ++i) {
    const Weight weight = card.interaction_weights[i];
    if (weight != 0) interactions[Interactions()[i].key] = Rounded(weight);
  }
  Json fields = Json::object();
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    fields[FieldWords()[i]] = std::round(card.fields[i] * 1000) / 1000;
  }
  return {{"key", card.key},
          {"fields", std::move(fields)},
          {"base", Rounded(card.base)},
          {"weights", std::move(weights)},
          {"interactions", std::move(interactions)},
          {"thresholds",
           {{"same", card.same}, {"ask", card.ask}, {"join", card.join}, {"unlike", card.unlike}}}};
}

// Throws what nlohmann throws when a part is missing or of another type.
absl::Status ReadWeights(const Json& weights, Scorecard& card) {
  if (weights.size() != kComparisonCount) {
    return Invalid(absl::StrCat("it has ", weights.size(), " comparisons, this program has ",
                                kComparisonCount));
  }
  for (std::size_t i = 0; i < kComparisonCount; ++i) {
    const ComparisonSpec& spec = Comparisons()[i];
    const Json& levels = weights.at(spec.key);
    if (levels.size() + 1 != spec.levels.size()) {
      return Invalid("the comparison " + spec.key + " has other levels than this program's");
    }
    for (std::size_t level = 1; level < spec.levels.size(); ++level) {
      card.weights[i][level] = ToWeight(levels.at(spec.levels[level]).get<double>());
    }
  }
  return absl::OkStatus();
}

absl::Status ReadInteractions(const Json& given, Scorecard& card) {
  const auto& known = Interactions();
  card.interaction_weights.assign(known.size(), 0);
  for (const auto& [key, weight] : given.items()) {
    const std::string& wanted = key;
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Interaction& each) { return each.key == wanted; });
    if (found == known.end()) return Invalid("this program knows no interaction " + wanted);
    card.interaction_weights[static_cast<std::size_t>(found - known.begin())] =
        ToWeight(weight.get<double>());
  }
  return absl::OkStatus();
}

absl::StatusOr<Scorecard> ReadScorecard(const Json& given) {
  Scorecard card;
  card.key = given.at("key").get<std::string>();
  card.base = ToWeight(given.at("base").get<double>());
  BB_RETURN_IF_ERROR(ReadWeights(given.at("weights"), card));
  BB_RETURN_IF_ERROR(ReadInteractions(given.at("interactions"), card));
  const Json& thresholds = given.at("thresholds");
  card.same = thresholds.at("same").get<double>();
  card.ask = thresholds.at("ask").get<double>();
  card.join = thresholds.at("join").get<double>();
  card.unlike = thresholds.at("unlike").get<double>();
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    card.fields[i] = given.at("fields").at(FieldWords()[i]).get<double>();
  }
  if (card.ask > card.same) return Invalid("the threshold \"ask\" is above \"same\"");
  return card;
}

}  // namespace

std::shared_ptr<const Model> Model::Shipped() {
  static const std::shared_ptr<const Model> kShipped = [] {
    auto parsed = Parse(std::string(data::kModel));
    // A test reads the kShipped model, so a program with a wrong one is not built.
    return parsed.ok() ? *std::move(parsed) : nullptr;
  }();
  return kShipped;
}

absl::StatusOr<std::shared_ptr<const Model>> Model::Parse(const std::string& text) {
  const Json file = Json::parse(text, nullptr, false);
  if (file.is_discarded() || !file.is_object()) {
    return Invalid("it is not JSON; it may have been cut short");
  }
  try {
    if (file.at("format").get<std::string>() != kFormat) return Invalid("it is no model file");
    if (file.at("format_version").get<int>() != kFormatVersion) {
      return Invalid(absl::StrCat("its format is version ", file.at("format_version").get<int>(),
                                  ", this program reads version ", kFormatVersion));
    }
    if (file.at("digest").get<std::string>() != DigestOf(file)) {
      return Invalid("it has been changed since it was made: its digest does not fit");
    }
    std::shared_ptr<Model> model(new Model());
    model->version_ = file.at("version").get<std::string>();
    model->digest_ = file.at("digest").get<std::string>();
    model->made_from_ = file.at("made_from").get<std::string>();
    for (const Json& each : file.at("scorecards")) {
      BB_ASSIGN_OR_RETURN(Scorecard card, ReadScorecard(each));
      model->scorecards_.push_back(std::move(card));
    }
    if (model->scorecards_.empty()) return Invalid("it holds no scorecard");
    return std::shared_ptr<const Model>(std::move(model));
  } catch (const Json::exception& error) {
    return Invalid(error.what());
  }
}

std::string Model::Write(const std::string& version,
                         const std::string& made_from,
                         const std::vector<Scorecard>& scorecards) {
  Json file = {{"format", kFormat},
               {"format_version", kFormatVersion},
               {"version", version},
               {"made_from", made_from}};
  for (const Scorecard& card : scorecards) file["scorecards"].push_back(ToJson(card));
  file["digest"] = DigestOf(file);
  return file.dump(1) + "\n";
}

const Scorecard* Model::Find(const std::string& key) const {
  const auto found = std::find_if(scorecards_.begin(), scorecards_.end(),
                                  [&](const Scorecard& card) { return card.key == key; });
  return found == scorecards_.end() ? nullptr : &*found;
}

}  // namespace brobygger::matching
