#include "core/exchange/texts.h"

#include "core/base/text_table.h"

namespace brobygger::exchange {

const std::string& Text(const std::string& key, const std::string& language) {
  static const base::TextTable kTable(kTextsCsv);
  return kTable.Get(key, language);
}

}  // namespace brobygger::exchange
