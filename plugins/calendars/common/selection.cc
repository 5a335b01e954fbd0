#include "plugins/calendars/common/selection.h"

#include <iterator>

namespace brobygger::calendars {

void KeepSelected(const std::set<std::string>& selected, plugin::v1::Record& record) {
  if (selected.empty()) return;
  auto& fields = *record.mutable_fields();
  for (auto field = fields.begin(); field != fields.end();) {
    field = selected.count(field->first) > 0 ? std::next(field) : fields.erase(field);
  }
}

}  // namespace brobygger::calendars
