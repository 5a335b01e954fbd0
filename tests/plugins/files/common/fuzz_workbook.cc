// Reads whatever libFuzzer makes of the seeds as a workbook; fuzz builds and runs it. The first
// byte says what the rest is: a whole file, or one part of a workbook that is sound but for it,
// since hardly any change of a zip file is one of what is in it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include <zlib.h>

#include "plugins/files/common/workbook.h"

namespace brobygger::files {
namespace {

void Append(std::string& to, std::uint32_t number, int bytes) {
  for (; bytes > 0; --bytes, number = number >> 8) to += static_cast<char>(number & 0xFF);
}

// A zip file of parts that are not packed.
std::string ZipOf(const std::map<std::string, std::string>& parts) {
  std::string zip;
  std::string folder;
  for (const auto& [name, text] : parts) {
    const auto begin = static_cast<std::uint32_t>(zip.size());
    const auto sum = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
    const auto size = static_cast<std::uint32_t>(text.size());
    std::string common;
    Append(common, 20, 2);
    Append(common, 0, 8);  // no flags, not packed, no time
    Append(common, sum, 4);
    Append(common, size, 4);
    Append(common, size, 4);
    Append(common, static_cast<std::uint32_t>(name.size()), 2);
    Append(common, 0, 2);
    zip += "PK\x03\x04" + common + name + text;
    folder += "PK\x01\x02";
    Append(folder, 20, 2);
    folder += common;
    Append(folder, 0, 10);
    Append(folder, begin, 4);
    folder += name;
  }
  const auto begin = static_cast<std::uint32_t>(zip.size());
  zip += folder + "PK\x05\x06";
  Append(zip, 0, 4);
  Append(zip, static_cast<std::uint32_t>(parts.size()), 2);
  Append(zip, static_cast<std::uint32_t>(parts.size()), 2);
  Append(zip, static_cast<std::uint32_t>(folder.size()), 4);
  Append(zip, begin, 4);
  Append(zip, 0, 2);
  return zip;
}

constexpr char kRelations[] = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

std::map<std::string, std::string> SoundParts() {
  const auto relation = [](const char* id, const char* type, const char* target) {
    return std::string("<Relationship Id=\"") + id + "\" Type=\"" + kRelations + "/" + type +
           "\" Target=\"" + target + "\"/>";
  };
  return {
      {"_rels/.rels", "<Relationships>" + relation("r1", "officeDocument", "xl/workbook.xml") +
                          "</Relationships>"},
      {"xl/workbook.xml", "<workbook><sheets><sheet name=\"A\" r:id=\"r1\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels", "<Relationships>" + relation("r1", "worksheet", "s.xml") +
                                         relation("r2", "sharedStrings", "t.xml") +
                                         relation("r3", "styles", "f.xml") + "</Relationships>"},
      {"xl/s.xml",
       "<worksheet><sheetData><row><c s=\"1\"><v>36000</v></c><c t=\"s\"><v>0</v></c></row>"
       "</sheetData></worksheet>"},
      {"xl/t.xml", "<sst><si><t>a</t></si></sst>"},
      {"xl/f.xml",
       "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"}};
}

// What holds of every row, whatever the file was.
void Check(const BookRow& row, std::size_t before) {
  if (row.number <= before || row.cells.empty()) abort();
  for (const BookCell& cell : row.cells) {
    if (cell.column >= 16384) abort();
  }
}

void ReadOne(const std::string& bytes) {
  const auto book = Workbook::Open(bytes, "", "fuzz");
  if (!book.ok()) return;
  const auto rows = (*book)->Rows();
  if (!rows.ok()) return;
  BookRow row;
  for (std::size_t before = 0;; before = row.number) {
    const auto more = (*rows)->Next(row);
    if (!more.ok() || !*more) return;
    Check(row, before);
  }
}

void ReadInput(std::uint8_t kind, const std::string& text) {
  constexpr const char* kParts[] = {
      "xl/s.xml",   "xl/t.xml", "xl/f.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
      "_rels/.rels"};
  const std::size_t part = kind % 7;
  if (part == 6) return ReadOne(text);
  auto parts = SoundParts();
  parts[kParts[part]] = text;
  ReadOne(ZipOf(parts));
}

}  // namespace
}  // namespace brobygger::files

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  brobygger::files::ReadInput(bytes[0], {reinterpret_cast<const char*>(bytes) + 1, size - 1});
  return 0;
}
