#include "plugins/reference/registry/connector.h"

BROBYGGER_PLUGIN(brobygger::reference::RegistryConnector, "reference.registry", "1.0.0")
