#include "core/mail/texts.h"

#include "core/base/text_table.h"

namespace brobygger::mail {

std::string Text(const std::string& key, const std::string& language) {
  static const base::TextTable kTexts(kMailTextsCsv);
  return kTexts.Get(key, language);
}

}  // namespace brobygger::mail
