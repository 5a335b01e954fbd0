#include "plugins/files/common/workbook.h"

#include <map>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "plugins/files/common/book_fault.h"

namespace brobygger::files {
namespace {

constexpr std::size_t kMostSmallPart = std::size_t{4} << 20;
constexpr std::size_t kMostSheet = std::size_t{1} << 30;

// What a part leads to.
struct Relation {
  std::string type;  // what its address ends with: "worksheet"
  std::string part;
};
using Relations = std::map<std::string, Relation>;  // by key

absl::StatusOr<std::unique_ptr<pugi::xml_document>> SmallPart(const ZipArchive& archive,
                                                              const std::string& part) {
  const auto text = archive.Whole(part, kMostSmallPart);
  if (!text.ok()) return text.status();
  if (absl::StrContains(*text, "<!DOCTYPE")) return BookError(BookFault::kDoctype, archive.name());
  auto document = std::make_unique<pugi::xml_document>();
  // pugixml does not recurse, and no part of ours is nested: nothing deep is walked here.
  if (!ParseXml(*text, *document)) return BookError(BookFault::kBadXml, archive.name());
  return document;
}

// "xl/workbook.xml" and "worksheets/sheet1.xml" as "xl/worksheets/sheet1.xml".
std::string PartBeside(const std::string& part, const std::string& target) {
  if (!target.empty() && target[0] == '/') return target.substr(1);
  std::string folder = part.substr(0, part.rfind('/') + 1);
  std::string rest = target;
  while (absl::StartsWith(rest, "../") && !folder.empty()) {
    rest.erase(0, 3);
    folder.pop_back();
    folder.resize(folder.rfind('/') + 1);
  }
  return folder + rest;
}

absl::StatusOr<Relations> RelationsOf(const ZipArchive& archive, const std::string& part) {
  const std::size_t name = part.rfind('/') + 1;
  const std::string where =
      absl::StrCat(part.substr(0, name), "_rels/", part.substr(name), ".rels");
  Relations relations;
  if (!archive.Has(where)) return relations;
  const auto document = SmallPart(archive, where);
  if (!document.ok()) return document.status();
  for (const pugi::xml_node& node : ChildOf(**document, "Relationships").children()) {
    const std::string type = node.attribute("Type").value();
    relations[node.attribute("Id").value()] = {type.substr(type.rfind('/') + 1),
                                               PartBeside(part, node.attribute("Target").value())};
  }
  return relations;
}

std::string PartOfType(const Relations& relations, const std::string& type) {
  for (const auto& [id, relation] : relations) {
    if (relation.type == type) return relation.part;
  }
  return "";
}

// The attribute that names a relation, whatever the prefix.
std::string RelationIn(const pugi::xml_node& sheet) {
  for (const pugi::xml_attribute& attribute : sheet.attributes()) {
    if (absl::EndsWith(attribute.name(), ":id")) return attribute.value();
  }
  return "";
}

BookFault FaultOfZip(const ZipArchive& archive) {
  if (archive.Has("xl/workbook.bin")) return BookFault::kBinary;
  if (archive.Has("word/document.xml") || archive.Has("ppt/presentation.xml")) {
    return BookFault::kDocument;
  }
  const auto kind = archive.Has("mimetype") ? archive.Whole("mimetype", 1024) : std::string();
  const bool ods = kind.ok() && absl::StrContains(*kind, "opendocument");
  return ods ? BookFault::kOds : BookFault::kNoWorkbook;
}

// The part of the sheet to read; only sheets of cells count, not charts.
absl::StatusOr<std::string> ChooseSheet(const pugi::xml_node& book,
                                        const Relations& relations,
                                        const std::string& wanted,
                                        const std::string& file) {
  for (const pugi::xml_node& sheet : ChildOf(book, "sheets").children()) {
    const auto relation = relations.find(RelationIn(sheet));
    if (relation == relations.end() || relation->second.type != "worksheet") continue;
    const std::string state = sheet.attribute("state").value();
    const bool hidden = state == "hidden" || state == "veryHidden";
    const bool named = absl::EqualsIgnoreCase(sheet.attribute("name").value(), wanted);
    if (wanted.empty() ? !hidden : named) return relation->second.part;
  }
  return BookError(wanted.empty() ? BookFault::kNoSheet : BookFault::kNoSuchSheet, file);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Workbook>> Workbook::Open(std::string_view bytes,
                                                         const std::string& sheet,
                                                         const std::string& file) {
  if (!IsZip(bytes)) return BookError(FaultOfOther(bytes), file);
  auto archive = ZipArchive::Open(bytes, file);
  if (!archive.ok()) return archive.status();
  std::unique_ptr<Workbook> book(new Workbook(*std::move(archive), file));  // a private constructor
  if (absl::Status wrong = book->Read(sheet); !wrong.ok()) return wrong;
  return book;
}

absl::StatusOr<std::string> Workbook::BookPart() const {
  const auto root = RelationsOf(*archive_, "");
  if (!root.ok()) return root.status();
  const std::string part = PartOfType(*root, "officeDocument");
  const bool book = !part.empty() && archive_->Has(part) && !absl::EndsWith(part, ".bin") &&
                    !archive_->Has("word/document.xml") && !archive_->Has("ppt/presentation.xml");
  if (!book) return BookError(FaultOfZip(*archive_), file_);
  return part;
}

absl::Status Workbook::Read(const std::string& sheet) {
  const auto part = BookPart();
  if (!part.ok()) return part.status();
  const auto relations = RelationsOf(*archive_, *part);
  if (!relations.ok()) return relations.status();
  const auto document = SmallPart(*archive_, *part);
  if (!document.ok()) return document.status();
  const pugi::xml_node book = ChildOf(**document, "workbook");
  parts_.since_1904 = ChildOf(book, "workbookPr").attribute("date1904").as_bool();
  auto chosen = ChooseSheet(book, *relations, sheet, file_);
  if (!chosen.ok()) return chosen.status();
  sheet_part_ = *std::move(chosen);
  if (const std::string texts = PartOfType(*relations, "sharedStrings"); archive_->Has(texts)) {
    if (absl::Status wrong = parts_.texts.Read(*archive_, texts); !wrong.ok()) return wrong;
  }
  const std::string styles = PartOfType(*relations, "styles");
  return archive_->Has(styles) ? parts_.formats.Read(*archive_, styles) : absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<SheetReader>> Workbook::Rows() const {
  auto part = archive_->Part(sheet_part_, kMostSheet);
  if (!part.ok()) return part.status();
  return std::make_unique<SheetReader>(*std::move(part), parts_, file_);
}

}  // namespace brobygger::files
