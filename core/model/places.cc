#include "core/model/places.h"

#include <algorithm>
#include <string_view>

#include <absl/container/flat_hash_map.h>
#include <absl/strings/ascii.h>
#include <absl/strings/str_split.h>

#include "core/model/data.h"

namespace brobygger::model {
namespace {

using Columns = std::vector<std::string>;
using Districts = absl::flat_hash_map<std::string, std::string>;

// The rows below the heading. No cell of our files is quoted.
std::vector<Columns> ReadRows(std::string_view csv, char separator) {
  std::vector<Columns> rows;
  for (const auto line : absl::StrSplit(std::string(csv), '\n', absl::SkipWhitespace())) {
    rows.push_back(absl::StrSplit(absl::StripTrailingAsciiWhitespace(line), separator));
  }
  rows.erase(rows.begin());
  return rows;
}

std::vector<registry::v1::Municipality> ReadMunicipalities() {
  std::vector<registry::v1::Municipality> municipalities;
  for (const Columns& row : ReadRows(kMunicipalitiesCsv, ',')) {
    registry::v1::Municipality& municipality = municipalities.emplace_back();
    municipality.set_code(row.at(0));
    municipality.set_official_name(row.at(1));
    municipality.set_is_municipality(row.at(5) == "1");
  }
  std::sort(municipalities.begin(), municipalities.end(),
            [](const auto& left, const auto& right) { return left.code() < right.code(); });
  return municipalities;
}

Districts ReadDistricts() {
  Districts districts;
  for (const Columns& row : ReadRows(kPostalCodesCsv, ';')) {
    // The file has lost the zero that postal codes below 1000 begin with.
    const std::string code =
        std::string(4 - std::min<std::size_t>(4, row.at(0).size()), '0') + row.at(0);
    districts[code] = std::string(absl::StripAsciiWhitespace(row.at(1)));
  }
  return districts;
}

}  // namespace

const std::vector<registry::v1::Municipality>& Municipalities() {
  static const std::vector<registry::v1::Municipality> kMunicipalities = ReadMunicipalities();
  return kMunicipalities;
}

std::string MunicipalityName(const std::string& code) {
  const auto& all = Municipalities();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.code() == code; });
  return found == all.end() ? code : found->official_name();
}

bool IsMunicipalityCode(const std::string& code) {
  const auto& all = Municipalities();
  const auto found = std::lower_bound(all.begin(), all.end(), code,
                                      [](const auto& municipality, const std::string& wanted) {
                                        return municipality.code() < wanted;
                                      });
  return (found != all.end() && found->code() == code) || code == kFictionalMunicipality;
}

std::optional<std::string> PostalDistrict(const std::string& postal_code) {
  static const Districts kDistricts = ReadDistricts();
  const auto found = kDistricts.find(postal_code);
  if (found == kDistricts.end()) return std::nullopt;
  return found->second;
}

}  // namespace brobygger::model
