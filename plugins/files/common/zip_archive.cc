#include "plugins/files/common/zip_archive.h"

#include <algorithm>
#include <array>
#include <utility>

#include <zip.h>

#include "plugins/files/common/book_fault.h"

namespace brobygger::files {
namespace {

// A workbook has a dozen; libzip keeps some hundred bytes of each.
constexpr zip_int64_t kMostParts = 5000;

}  // namespace

ZipPart::ZipPart(zip_file* file, std::size_t most_bytes, std::string name)
    : file_(file), left_(most_bytes), name_(std::move(name)) {}

ZipPart::~ZipPart() { zip_fclose(file_); }

absl::StatusOr<bool> ZipPart::Read(std::string& to) {
  std::array<char, std::size_t{64} << 10> bytes{};
  const zip_int64_t count = zip_fread(file_, bytes.data(), bytes.size());
  if (count < 0) return BookError(BookFault::kCut, name_, zip_file_strerror(file_));
  if (static_cast<std::size_t>(count) > left_) return BookError(BookFault::kTooLarge, name_);
  left_ -= static_cast<std::size_t>(count);
  to.append(bytes.data(), static_cast<std::size_t>(count));
  return count > 0;
}

absl::StatusOr<std::unique_ptr<ZipArchive>> ZipArchive::Open(std::string_view bytes,
                                                             const std::string& name) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr) {
    const absl::Status cut = BookError(BookFault::kCut, name, zip_error_strerror(&error));
    if (source != nullptr) zip_source_free(source);
    zip_error_fini(&error);
    return cut;
  }
  zip_error_fini(&error);
  std::unique_ptr<ZipArchive> opened(new ZipArchive(archive, name));  // a private constructor
  if (zip_get_num_entries(archive, 0) > kMostParts) {
    return BookError(BookFault::kTooLarge, name, "too many parts");
  }
  return opened;
}

ZipArchive::~ZipArchive() { zip_discard(archive_); }

bool ZipArchive::Has(const std::string& part) const {
  return zip_name_locate(archive_, part.c_str(), 0) >= 0;
}

absl::StatusOr<std::unique_ptr<ZipPart>> ZipArchive::Part(const std::string& part,
                                                          std::size_t most_bytes) const {
  const zip_int64_t at = zip_name_locate(archive_, part.c_str(), 0);
  if (at < 0) return BookError(BookFault::kNoWorkbook, name_, "it lacks a part");
  zip_file_t* file = zip_fopen_index(archive_, static_cast<zip_uint64_t>(at), 0);
  if (file == nullptr) return BookError(BookFault::kCut, name_, zip_strerror(archive_));
  return std::unique_ptr<ZipPart>(new ZipPart(file, most_bytes, name_));  // a private constructor
}

absl::StatusOr<std::string> ZipArchive::Whole(const std::string& part,
                                              std::size_t most_bytes) const {
  auto opened = Part(part, most_bytes);
  if (!opened.ok()) return opened.status();
  std::string all;
  while (true) {
    const auto more = (*opened)->Read(all);
    if (!more.ok()) return more.status();
    if (!*more) return all;
  }
}

}  // namespace brobygger::files
