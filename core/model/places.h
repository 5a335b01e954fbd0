#pragma once

#include <optional>
#include <string>
#include <vector>

#include "brobygger/registry/v1/municipality.pb.h"

namespace brobygger::model {

// The 98 municipalities and Christiansø, by code. Lives for ever.
const std::vector<registry::v1::Municipality>& Municipalities();

// The code of a municipality that does not exist, for demonstrations: it can stand
// in records, but is not listed among the municipalities.
inline constexpr char kFictionalMunicipality[] = "0998";

// Whether a municipality, or Christiansø, has this four-digit code, or it is the
// fictional one.
bool IsMunicipalityCode(const std::string& code);

// Its name; of the fictional one, and of one that is not there, the code.
std::string MunicipalityName(const std::string& code);

// The postal district of a four-digit postal code, if there is one.
std::optional<std::string> PostalDistrict(const std::string& postal_code);

}  // namespace brobygger::model
