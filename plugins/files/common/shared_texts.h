#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <pugixml.hpp>

#include "plugins/files/common/zip_archive.h"

namespace brobygger::files {

// The texts that the cells of a workbook share, by number. At most 64 MiB and four million.
class SharedTexts {
 public:
  // Reads the part. kTooLarge, kBadXml.
  absl::Status Read(const ZipArchive& archive, const std::string& part);

  // Nothing ("") where there is none of that number.
  std::string_view At(std::size_t number) const;
  std::size_t size() const { return ends_.size(); }

 private:
  std::string all_;
  std::vector<std::uint32_t> ends_;
};

// The text in an <si> or <is>: of all its runs, without what is only read aloud.
std::string TextIn(const pugi::xml_node& node);

// The name of a node without its prefix.
std::string_view LocalName(const pugi::xml_node& node);

// The first child of a name, whatever its prefix.
pugi::xml_node ChildOf(const pugi::xml_node& node, std::string_view name);

// Reads an XML text that may be one element of a larger one; false if it is none.
bool ParseXml(std::string_view text, pugi::xml_document& document);

}  // namespace brobygger::files
