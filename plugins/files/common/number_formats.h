#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "plugins/files/common/zip_archive.h"

namespace brobygger::files {

// Which of a workbook's cell styles show a number as a date or a time.
class NumberFormats {
 public:
  // Reads the part. kTooLarge, kBadXml.
  absl::Status Read(const ZipArchive& archive, const std::string& part);

  // `style` as a cell names it.
  bool IsDate(std::size_t style) const { return style < dates_.size() && dates_[style]; }

 private:
  std::vector<bool> dates_;
};

// Whether a format's code ("dd\-mm\-yyyy") shows a date or a time of day. One that shows how long
// something lasts ("[h]:mm") does not.
bool IsDateCode(std::string_view code);

}  // namespace brobygger::files
