#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <absl/status/status.h>

namespace brobygger::files {

// What can be wrong with a file that should be an Excel workbook (.xlsx). The words for each
// stand in book_fault.cc.
enum class BookFault {
  kCut,       // it is a workbook, but not a whole one
  kOldXls,    // the binary format of before 2007
  kLocked,    // with a password
  kBinary,    // .xlsb
  kOds,       // LibreOffice's own
  kDocument,  // Word, PowerPoint
  kPdf,
  kWebPage,  // HTML, which many systems call .xls
  kRichText,
  kOldXml,       // "XML Spreadsheet 2003"
  kPlainText,    // CSV or the like
  kNoWorkbook,   // some other zip file, or nothing known
  kDoctype,      // XML with a DOCTYPE, which could define entities
  kBadXml,       // XML that is none, or nested too deep
  kTooLarge,     // more than is read once it is unpacked
  kNoSheet,      // no sheet that is seen
  kNoSuchSheet,  // none of the configured name
};

// The Status of `fault` in `file`; `detail` goes to the log.
absl::Status BookError(BookFault fault, const std::string& file, const std::string& detail = "");

// Whether a file that begins so is a zip file, which an .xlsx is.
bool IsZip(std::string_view bytes);

// Which other kind of file it is, if it is no zip file.
BookFault FaultOfOther(std::string_view bytes);

}  // namespace brobygger::files
