#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "plugins/files/common/sheet.h"
#include "plugins/files/common/zip_archive.h"

namespace brobygger::files {

// An Excel workbook (.xlsx, ECMA-376, transitional or strict) in memory, of which one sheet is
// read. Formulas are not calculated: the value that was saved counts. Belongs to one thread.
class Workbook {
 public:
  // `sheet` is the sheet's name in any case; "" is the first that is not hidden. `file` is for
  // the words. `bytes` must outlive it. The error says what is wrong and who must do what.
  static absl::StatusOr<std::unique_ptr<Workbook>> Open(std::string_view bytes,
                                                        const std::string& sheet,
                                                        const std::string& file);

  // Reads the sheet from its beginning; must not outlive the workbook.
  absl::StatusOr<std::unique_ptr<SheetReader>> Rows() const;

 private:
  Workbook(std::unique_ptr<ZipArchive> archive, std::string file)
      : archive_(std::move(archive)), file_(std::move(file)) {}

  absl::Status Read(const std::string& sheet);
  absl::StatusOr<std::string> BookPart() const;

  std::unique_ptr<ZipArchive> archive_;
  std::string file_;
  std::string sheet_part_;
  BookParts parts_;
};

}  // namespace brobygger::files
