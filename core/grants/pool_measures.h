#pragma once

#include <string>

#include "brobygger/grant/v1/pool.pb.h"
#include "brobygger/registry/v1/association.pb.h"

// Criteria that ask for a number; for this module's own files.
namespace brobygger::grants {

// "The association has at least 20 members".
registry::v1::LocalizedText WantedMeasure(const grant::v1::PoolLeast& least);

// How the association stands: by the newest year whose figures tell, or by the day it was
// founded. Without criterion and wanted text.
grant::v1::PoolCheck CheckMeasure(const grant::v1::PoolLeast& least,
                                  const registry::v1::Association& association,
                                  const std::string& today);

}  // namespace brobygger::grants
