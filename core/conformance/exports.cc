#include "core/conformance/exports.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>

#include <elf.h>

#include "core/base/status_macros.h"

namespace brobygger::conformance {
namespace {

constexpr char kEntry[] = "bb_entry_v1";
constexpr char kSection[] = "bbplug";
// The table is frozen: its size, two version numbers, and after some padding five pointers.
constexpr std::uint32_t kTableBytes = 56;
constexpr std::uint64_t kFirstPointer = 16;
constexpr std::uint32_t kHighestVersion = 1000;

// Reads structures out of the bytes of a file, never beyond their end.
class ElfFile {
 public:
  explicit ElfFile(std::string bytes) : bytes_(std::move(bytes)) {}

  template <typename Struct>
  bool Get(std::uint64_t at, Struct& out) const {
    if (at > bytes_.size() || bytes_.size() - at < sizeof(Struct)) return false;
    std::memcpy(&out, bytes_.data() + at, sizeof(Struct));
    return true;
  }

  std::string_view TextAt(std::uint64_t at) const {
    if (at >= bytes_.size()) return "";
    const std::string_view rest = std::string_view(bytes_).substr(at);
    return rest.substr(0, rest.find('\0'));
  }

  std::vector<Elf64_Shdr> Sections() const {
    std::vector<Elf64_Shdr> sections;
    Elf64_Ehdr head{};
    if (!Get(0, head)) return sections;
    for (unsigned at = 0; at < head.e_shnum; ++at) {
      Elf64_Shdr section{};
      if (!Get(head.e_shoff + at * sizeof(section), section)) break;
      sections.push_back(section);
    }
    return sections;
  }

  std::string_view NameOf(const Elf64_Shdr& section, const std::vector<Elf64_Shdr>& all) const {
    Elf64_Ehdr head{};
    if (!Get(0, head) || head.e_shstrndx >= all.size()) return "";
    return TextAt(all[head.e_shstrndx].sh_offset + section.sh_name);
  }

 private:
  std::string bytes_;
};

bool IsElf64(const ElfFile& file) {
  Elf64_Ehdr head{};
  return file.Get(0, head) && std::memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 &&
         head.e_ident[EI_CLASS] == ELFCLASS64;
}

// What one symbol adds.
void Take(const ElfFile& file,
          const std::vector<Elf64_Shdr>& sections,
          const Elf64_Sym& symbol,
          std::string_view name,
          Exports& exports) {
  if (symbol.st_shndx == SHN_UNDEF || name.empty()) return;
  if (ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL &&
      ELF64_ST_VISIBILITY(symbol.st_other) == STV_DEFAULT) {
    exports.strong.emplace_back(name);
  }
  if (name == kEntry && symbol.st_shndx < sections.size() &&
      file.NameOf(sections[symbol.st_shndx], sections) == kSection) {
    exports.entry_in_section = true;
  }
}

ElfFile Open(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return ElfFile(std::string(std::istreambuf_iterator<char>(in), {}));
}

// The places in memory that hold pointers, which the loader fills in.
std::set<std::uint64_t> Pointers(const ElfFile& file, const std::vector<Elf64_Shdr>& sections) {
  std::set<std::uint64_t> pointers;
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_RELA) continue;
    for (std::uint64_t at = 0; at + sizeof(Elf64_Rela) <= section.sh_size;
         at += sizeof(Elf64_Rela)) {
      Elf64_Rela entry{};
      if (!file.Get(section.sh_offset + at, entry)) break;
      pointers.insert(entry.r_offset);
    }
  }
  return pointers;
}

bool FivePointersFrom(const std::set<std::uint64_t>& pointers, std::uint64_t first) {
  for (std::uint64_t at = first; at < first + kTableBytes - kFirstPointer; at += 8) {
    if (pointers.count(at) == 0) return false;
  }
  return true;
}

// What stands in the file where memory at `address` is filled from.
std::optional<std::uint64_t> OffsetOf(std::uint64_t address,
                                      const std::vector<Elf64_Shdr>& sections) {
  for (const Elf64_Shdr& section : sections) {
    const bool in_file = section.sh_type == SHT_PROGBITS && section.sh_addr != 0;
    if (in_file && address >= section.sh_addr && address < section.sh_addr + section.sh_size) {
      return section.sh_offset + (address - section.sh_addr);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<AbiTable> FindAbiTable(const std::string& path) {
  const ElfFile file = Open(path);
  if (!IsElf64(file)) return std::nullopt;
  const std::vector<Elf64_Shdr> sections = file.Sections();
  const std::set<std::uint64_t> pointers = Pointers(file, sections);
  for (const std::uint64_t pointer : pointers) {
    if (pointer < kFirstPointer || !FivePointersFrom(pointers, pointer)) continue;
    const auto offset = OffsetOf(pointer - kFirstPointer, sections);
    AbiTable table{.offset = offset.value_or(0)};
    const bool read = offset.has_value() && file.Get(*offset, table.size) &&
                      file.Get(*offset + 4, table.major) && file.Get(*offset + 8, table.minor);
    const bool fits = read && table.size == kTableBytes && table.major > 0 &&
                      table.major < kHighestVersion && table.minor < kHighestVersion;
    if (fits) return table;
  }
  return std::nullopt;
}

absl::StatusOr<Exports> ReadExports(const std::string& path) {
  const ElfFile file = Open(path);
  if (!IsElf64(file)) return absl::InvalidArgumentError("it is no ELF library of 64 bits");
  const std::vector<Elf64_Shdr> sections = file.Sections();
  Exports exports;
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_DYNSYM || section.sh_link >= sections.size()) continue;
    const std::uint64_t names = sections[section.sh_link].sh_offset;
    for (std::uint64_t at = 0; at + sizeof(Elf64_Sym) <= section.sh_size; at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol{};
      if (!file.Get(section.sh_offset + at, symbol)) break;
      Take(file, sections, symbol, file.TextAt(names + symbol.st_name), exports);
    }
  }
  return exports;
}

}  // namespace brobygger::conformance
