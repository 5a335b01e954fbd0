#pragma once

#include <string_view>

namespace brobygger::model {

// The files of core/model/data/ as they are, built into the program.
extern const std::string_view kMunicipalitiesCsv;
extern const std::string_view kPostalCodesCsv;
extern const std::string_view kLabelsCsv;
extern const std::string_view kKleCsv;
extern const std::string_view kSensitiveWords;

}  // namespace brobygger::model
