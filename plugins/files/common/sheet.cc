#include "plugins/files/common/sheet.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <absl/strings/match.h>

#include "plugins/files/common/book_fault.h"
#include "plugins/files/common/cell_text.h"

namespace brobygger::files {
namespace {

constexpr std::size_t kMostRows = 1'048'576;
constexpr std::size_t kMostColumns = 16'384;
constexpr std::size_t kMostMerges = 50'000;

struct Place {
  std::size_t row = 0;
  std::size_t column = 0;
};

// "BC12" as row 12 and column 54; nothing if it is not written so.
std::optional<Place> PlaceIn(std::string_view text) {
  Place place;
  std::size_t at = 0;
  for (; at < text.size() && text[at] >= 'A' && text[at] <= 'Z'; ++at) {
    place.column = place.column * 26 + static_cast<std::size_t>(text[at] - 'A') + 1;
    if (place.column > kMostColumns) return std::nullopt;
  }
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + at, end, place.row);
  const bool good = at > 0 && read.ec == std::errc() && read.ptr == end && place.row > 0 &&
                    place.row <= kMostRows;
  if (!good) return std::nullopt;
  --place.column;
  return place;
}

std::size_t NumberIn(std::string_view text, std::size_t otherwise) {
  std::size_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? number : otherwise;
}

}  // namespace

SheetReader::SheetReader(std::unique_ptr<ZipPart> part, const BookParts& parts, std::string file)
    : part_(std::move(part)),
      parts_(parts),
      file_(std::move(file)),
      pieces_([this](std::string& to) { return part_->Read(to); }, {"row", "mergeCell"}, file_) {}

absl::StatusOr<bool> SheetReader::Next(BookRow& row) {
  while (true) {
    const auto piece = pieces_.Next();
    if (!piece.ok()) return piece.status();
    if (piece->text.empty()) return false;
    pugi::xml_document document;
    if (!ParseXml(piece->text, document)) return BookError(BookFault::kBadXml, file_);
    if (piece->name == "mergeCell") {
      if (absl::Status wrong = TakeMerges(document.first_child()); !wrong.ok()) return wrong;
      continue;
    }
    if (absl::Status wrong = TakeRow(document.first_child(), row); !wrong.ok()) return wrong;
    if (!row.cells.empty()) return true;
  }
}

absl::Status SheetReader::TakeRow(const pugi::xml_node& node, BookRow& row) {
  row.cells.clear();
  // Rows and cells that do not say where they stand follow the one before.
  row.number = NumberIn(node.attribute("r").value(), last_row_ + 1);
  if (row.number <= last_row_) return BookError(BookFault::kBadXml, file_, "rows out of order");
  if (row.number > kMostRows) return BookError(BookFault::kTooLarge, file_, "rows");
  last_row_ = row.number;
  std::size_t next = 0;
  for (const pugi::xml_node& child : node.children()) {
    if (LocalName(child) != "c") continue;
    const auto place = PlaceIn(child.attribute("r").value());
    BookCell cell = CellOf(child);
    cell.column = place ? place->column : next;
    if (cell.column >= kMostColumns) return BookError(BookFault::kTooLarge, file_, "columns");
    next = cell.column + 1;
    if (!cell.text.empty() || cell.kind == BookCellKind::kUnknown) {
      row.cells.push_back(std::move(cell));
    }
  }
  return absl::OkStatus();
}

BookCell SheetReader::CellOf(const pugi::xml_node& node) const {
  const std::string_view type = node.attribute("t").value();
  const pugi::xml_node value = ChildOf(node, "v");
  const std::string_view stored = value.text().get();
  BookCell cell;
  if (type == "inlineStr") {
    cell.text = TextIn(ChildOf(node, "is"));
    return cell;
  }
  if (stored.empty()) {
    // Programs that do not calculate leave it to Excel, which saves the value.
    if (type != "str" && ChildOf(node, "f")) cell.kind = BookCellKind::kUnknown;
    return cell;
  }
  if (type == "s") {
    cell.text = parts_.texts.At(NumberIn(stored, parts_.texts.size()));
    return cell;
  }
  if (type == "str") {
    cell.text = stored;
    return cell;
  }
  cell.kind = type == "e" ? BookCellKind::kError : BookCellKind::kPlain;
  const bool number = type.empty() || type == "n";
  if (type == "b") {
    cell.text = stored == "1" ? "true" : "false";
  } else if (!number) {
    cell.text = stored;
  } else if (parts_.formats.IsDate(NumberIn(node.attribute("s").value(), 0))) {
    cell.text = DateText(stored, parts_.since_1904);
  } else {
    cell.text = NumberText(stored);
  }
  return cell;
}

absl::Status SheetReader::TakeMerges(const pugi::xml_node& node) {
  const std::string_view range = node.attribute("ref").value();
  const std::size_t colon = std::min(range.find(':'), range.size());
  const auto first = PlaceIn(range.substr(0, colon));
  const auto last = colon < range.size() ? PlaceIn(range.substr(colon + 1)) : first;
  if (!first || !last) return BookError(BookFault::kBadXml, file_, "a range");
  if (merges_.size() == kMostMerges) return BookError(BookFault::kTooLarge, file_, "merges");
  merges_.push_back({first->row, last->row, first->column, last->column});
  return absl::OkStatus();
}

}  // namespace brobygger::files
