#include "plugins/files/common/number_formats.h"

#include <algorithm>
#include <map>

#include "plugins/files/common/book_fault.h"
#include "plugins/files/common/shared_texts.h"
#include "plugins/files/common/xml_pieces.h"

namespace brobygger::files {
namespace {

constexpr std::size_t kMostUnpacked = std::size_t{8} << 20;
// Excel itself stops at 65,490.
constexpr std::size_t kMostStyles = 100'000;

// ECMA-376 part 1, 18.8.30; also those of the Far East, which are dates in any language.
bool IsBuiltInDate(unsigned id) {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47 && id != 46) ||
         (id >= 50 && id <= 58);
}

}  // namespace

bool IsDateCode(std::string_view code) {
  bool date = false;
  for (std::size_t at = 0; at < code.size(); ++at) {
    const char sign = code[at];
    if (sign == ';') break;
    if (sign == '\\' || sign == '_' || sign == '*') {
      ++at;
    } else if (sign == '"' || sign == '[') {
      const std::size_t end = code.find(sign == '"' ? '"' : ']', at + 1);
      if (end == std::string_view::npos) return false;
      // "[h]", "[mm]": a length of time. "[Red]" and "[$-406]" say nothing.
      const std::string_view inside = code.substr(at + 1, end - at - 1);
      if (sign == '[' && inside.find_first_not_of("hHmMsS") == std::string_view::npos) return false;
      at = end;
    } else {
      date = date || std::string_view("dDmMyYhHsS").find(sign) != std::string_view::npos;
    }
  }
  return date;
}

absl::Status NumberFormats::Read(const ZipArchive& archive, const std::string& part) {
  auto opened = archive.Part(part, kMostUnpacked);
  if (!opened.ok()) return opened.status();
  XmlPieces pieces([&](std::string& to) { return (*opened)->Read(to); }, {"numFmts", "cellXfs"},
                   archive.name());
  std::map<unsigned, bool> own;
  while (true) {
    const auto piece = pieces.Next();
    if (!piece.ok()) return piece.status();
    if (piece->text.empty()) return absl::OkStatus();
    pugi::xml_document document;
    if (!ParseXml(piece->text, document)) return BookError(BookFault::kBadXml, archive.name());
    for (const pugi::xml_node& node : document.first_child().children()) {
      const unsigned id = node.attribute("numFmtId").as_uint();
      if (piece->name == "numFmts") {
        own[id] = IsDateCode(node.attribute("formatCode").value());
        continue;
      }
      if (LocalName(node) != "xf") continue;
      if (dates_.size() == kMostStyles) return BookError(BookFault::kTooLarge, archive.name());
      const auto told = own.find(id);
      dates_.push_back(told == own.end() ? IsBuiltInDate(id) : told->second);
    }
  }
}

}  // namespace brobygger::files
