#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

struct zip;
struct zip_file;

namespace brobygger::files {

// One part of a zip file, unpacked as it is read. Its checksum is held against it at its end.
// Belongs to one thread; must not outlive the archive.
class ZipPart {
 public:
  ~ZipPart();
  ZipPart(const ZipPart&) = delete;
  ZipPart& operator=(const ZipPart&) = delete;

  // Appends the next bytes to `to`; false at the end. kCut if it is damaged, kTooLarge beyond
  // what was allowed.
  absl::StatusOr<bool> Read(std::string& to);

 private:
  friend class ZipArchive;
  ZipPart(zip_file* file, std::size_t most_bytes, std::string name);

  zip_file* file_;
  std::size_t left_;
  std::string name_;
};

// A zip file in memory. Belongs to one thread.
class ZipArchive {
 public:
  // `bytes` must outlive it. `name` is for the words. kCut if it is no whole zip file.
  static absl::StatusOr<std::unique_ptr<ZipArchive>> Open(std::string_view bytes,
                                                          const std::string& name);
  ~ZipArchive();
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;

  bool Has(const std::string& part) const;
  // kNoWorkbook if there is no such part.
  absl::StatusOr<std::unique_ptr<ZipPart>> Part(const std::string& part,
                                                std::size_t most_bytes) const;
  // The whole of a part.
  absl::StatusOr<std::string> Whole(const std::string& part, std::size_t most_bytes) const;

  const std::string& name() const { return name_; }

 private:
  ZipArchive(zip* archive, std::string name) : archive_(archive), name_(std::move(name)) {}

  zip* archive_;
  std::string name_;
};

}  // namespace brobygger::files
