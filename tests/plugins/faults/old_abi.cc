// A plugin of an ABI that this host does not speak.
#include <boost/dll/alias.hpp>

#include "brobygger/sdk/bb_abi.h"

namespace brobygger::tests {
namespace {

void* Create(const bb_host_v1* /*host*/) { return nullptr; }
void Destroy(void* /*self*/) {}
int Call(void* /*self*/,
         const char* /*method*/,
         const void* /*request*/,
         std::size_t /*size*/,
         bb_call* /*call*/,
         void* /*error*/,
         std::size_t* /*error_size*/) {
  return 0;
}

}  // namespace

const bb_plugin_v1* OldTable() {
  static const bb_plugin_v1 table = {.size = sizeof(bb_plugin_v1),
                                     .abi_major = BB_TEST_MAJOR,
                                     .abi_minor = BB_TEST_MINOR,
                                     .name = "test.old",
                                     .version = "0.1.0",
                                     .create = Create,
                                     .destroy = Destroy,
                                     .call = Call};
  return &table;
}

}  // namespace brobygger::tests

using brobygger::tests::OldTable;
BOOST_DLL_ALIAS_SECTIONED(OldTable, bb_entry_v1, bbplug)
