#pragma once

#include <memory>
#include <string>

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>

#include "plugins/common/transfer.h"
#include "plugins/files/csv/config.h"

namespace brobygger::csv {

// How we log in where a file is fetched from.
struct Credentials {
  std::string password;     // also of the private key
  std::string private_key;  // SFTP: PEM text
};

struct FetchedFile {
  bool unchanged = false;  // it is the one whose ETag was told
  std::string bytes = {};
  std::string etag = {};
};

// Fetches one file by HTTPS (or HTTP from this machine) or SFTP, whole or not at all. Belongs to
// one thread.
class RemoteFile {
 public:
  RemoteFile(const Config& config, const Credentials& credentials);

  // `known_etag`: of the file that is here already; "" if none is. Calls `beat` about once a
  // second; an error from it ends the fetch.
  absl::StatusOr<FetchedFile> Fetch(const std::string& known_etag,
                                    absl::FunctionRef<absl::Status()> beat);

  // Its name, for messages.
  const std::string& name() const { return name_; }

 private:
  absl::StatusOr<FetchedFile> FetchByHttp(const std::string& known_etag,
                                          const common::Transfer::StillWanted& wanted);
  absl::StatusOr<FetchedFile> FetchBySftp(const common::Transfer::StillWanted& wanted);
  absl::StatusOr<common::TransferAnswer> Ask(common::Transfer& from,
                                             const common::TransferRequest& request,
                                             const common::Transfer::StillWanted& wanted) const;
  // What is told of the file at the server once it has been still for as long as asked.
  absl::StatusOr<common::TransferAnswer> WaitUntilStill(
      const common::Transfer::StillWanted& wanted);

  const Config config_;
  std::string name_;
  common::Transfer home_;       // with the login
  common::Transfer elsewhere_;  // where a redirect leads: without
};

}  // namespace brobygger::csv
