#include "plugins/files/common/book_fault.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "brobygger/sdk/error.h"

namespace brobygger::files {
namespace {

using sdk::Diagnostic;

struct Words {
  BookFault fault;
  Diagnostic::Class kind;
  const char* code;
  const char* da;
  const char* en;
};

// Each begins after "<file>: ", and ends before "Nothing was changed."
constexpr Words kWords[] = {
    {BookFault::kCut, Diagnostic::CLASS_TRANSIENT, "truncated",
     "filen er ikke hel. Udtrækket er ikke færdigt eller blev afbrudt; lav det igen.",
     "the file is not whole. The export is not finished or was cut off; make it again."},
    {BookFault::kOldXls, Diagnostic::CLASS_REJECTED, "old_xls",
     "det er en gammel Excel-fil (.xls). Åbn den i Excel, og gem den som Excel-projektmappe "
     "(.xlsx).",
     "it is an old Excel file (.xls). Open it in Excel, and save it as an Excel workbook (.xlsx)."},
    {BookFault::kLocked, Diagnostic::CLASS_REJECTED, "locked",
     "projektmappen er beskyttet med en adgangskode. Gem den uden, i en mappe som kun hub'en kan "
     "læse.",
     "the workbook is protected by a password. Save it without, in a folder that only the hub can "
     "read."},
    {BookFault::kBinary, Diagnostic::CLASS_REJECTED, "xlsb",
     "det er en binær projektmappe (.xlsb). Gem den som Excel-projektmappe (.xlsx).",
     "it is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx)."},
    {BookFault::kOds, Diagnostic::CLASS_REJECTED, "ods",
     "det er et OpenDocument-regneark (.ods). Gem det som .xlsx eller CSV.",
     "it is an OpenDocument spreadsheet (.ods). Save it as .xlsx or CSV."},
    {BookFault::kDocument, Diagnostic::CLASS_REJECTED, "document",
     "det er et dokument eller en præsentation og ikke et regneark. Gem tabellen som .xlsx.",
     "it is a document or a presentation and no spreadsheet. Save the table as .xlsx."},
    {BookFault::kPdf, Diagnostic::CLASS_REJECTED, "pdf",
     "det er en PDF. Bed om udtrækket som .xlsx eller CSV.",
     "it is a PDF. Ask for the export as .xlsx or CSV."},
    {BookFault::kWebPage, Diagnostic::CLASS_REJECTED, "web_page",
     "det er en hjemmeside og ikke en projektmappe, hvad den end hedder. Åbn den i Excel, og gem "
     "den som .xlsx, eller bed om udtrækket som CSV.",
     "it is a web page and no workbook, whatever its name is. Open it in Excel and save it as "
     ".xlsx, or ask for the export as CSV."},
    {BookFault::kRichText, Diagnostic::CLASS_REJECTED, "rich_text",
     "det er et tekstdokument (RTF). Gem tabellen som .xlsx.",
     "it is a text document (RTF). Save the table as .xlsx."},
    {BookFault::kOldXml, Diagnostic::CLASS_REJECTED, "old_xml",
     "det er et XML-regneark fra 2003. Gem det som Excel-projektmappe (.xlsx).",
     "it is an XML spreadsheet of 2003. Save it as an Excel workbook (.xlsx)."},
    {BookFault::kPlainText, Diagnostic::CLASS_CONFIG, "not_xlsx",
     "det er en tekstfil og ikke en projektmappe. Sæt 'format' til csv, hvis den skal læses som "
     "CSV.",
     "it is a text file and no workbook. Set 'format' to csv if it is to be read as CSV."},
    {BookFault::kNoWorkbook, Diagnostic::CLASS_REJECTED, "no_workbook",
     "det er ikke en Excel-projektmappe. Gem den som .xlsx eller CSV.",
     "it is no Excel workbook. Save it as .xlsx or CSV."},
    {BookFault::kDoctype, Diagnostic::CLASS_REJECTED, "doctype",
     "filen indeholder en DOCTYPE, som ingen projektmappe har. Åbn den i Excel, og gem den igen.",
     "the file holds a DOCTYPE, which no workbook has. Open it in Excel, and save it again."},
    {BookFault::kBadXml, Diagnostic::CLASS_REJECTED, "bad_xml",
     "filen er ødelagt. Åbn den i Excel, og gem den igen.",
     "the file is damaged. Open it in Excel, and save it again."},
    {BookFault::kTooLarge, Diagnostic::CLASS_REJECTED, "too_large",
     "filen fylder mere, end der læses, når den er pakket ud. Slet tomme rækker og ark, eller del "
     "den.",
     "the file is larger than what is read once it is unpacked. Remove empty rows and sheets, or "
     "split it."},
    {BookFault::kNoSheet, Diagnostic::CLASS_REJECTED, "no_sheet",
     "projektmappen har intet synligt ark. Vis arket, eller skriv dets navn i 'sheet'.",
     "the workbook has no sheet that is seen. Show the sheet, or give its name in 'sheet'."},
    {BookFault::kNoSuchSheet, Diagnostic::CLASS_CONFIG, "no_such_sheet",
     "projektmappen har intet ark med det navn, der står i 'sheet'. Ret opsætningen, eller bed "
     "dem, der laver udtrækket, om at kalde arket det.",
     "the workbook has no sheet of the name in 'sheet'. Mend the configuration, or ask those who "
     "make the export to name the sheet so."},
};

bool Holds(std::string_view bytes, std::string_view part) {
  return bytes.find(part) != std::string_view::npos;
}

// The text as UTF-16, as it stands in the folder of an OLE2 file.
std::string Wide(std::string_view text) {
  std::string wide;
  for (const char sign : text) wide += {sign, '\0'};
  return wide;
}

}  // namespace

absl::Status BookError(BookFault fault, const std::string& file, const std::string& detail) {
  const Words& words = *std::find_if(std::begin(kWords), std::end(kWords),
                                     [&](const Words& one) { return one.fault == fault; });
  return sdk::MakeError({.kind = words.kind,
                         .code = absl::StrCat("files.csv.", words.code),
                         .da = absl::StrCat(file, ": ", words.da, " Intet er ændret."),
                         .en = absl::StrCat(file, ": ", words.en, " Nothing was changed."),
                         .path = file,
                         .detail = detail});
}

bool IsZip(std::string_view bytes) {
  return bytes.substr(0, 4) == "PK\x03\x04" || bytes.substr(0, 4) == "PK\x05\x06";
}

BookFault FaultOfOther(std::string_view bytes) {
  constexpr std::size_t kBeginning = 1024;
  if (bytes.substr(0, 4) == "\xD0\xCF\x11\xE0") {
    return Holds(bytes, Wide("EncryptedPackage")) ? BookFault::kLocked : BookFault::kOldXls;
  }
  const std::string begin = absl::AsciiStrToLower(std::string(bytes.substr(0, kBeginning)));
  if (absl::StartsWith(begin, "%pdf-")) return BookFault::kPdf;
  if (absl::StartsWith(begin, "{\\rtf")) return BookFault::kRichText;
  if (Holds(begin, "urn:schemas-microsoft-com:office:spreadsheet")) return BookFault::kOldXml;
  if (Holds(begin, "<html") || Holds(begin, "<table") || Holds(begin, "<!doctype html")) {
    return BookFault::kWebPage;
  }
  return Holds(bytes, std::string_view("\0", 1)) ? BookFault::kNoWorkbook : BookFault::kPlainText;
}

}  // namespace brobygger::files
