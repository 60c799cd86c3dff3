// Owns: a whole server: stores, sequencer, read models, gRPC.
// Promises: Start serves or says why not; Stop answers what was accepted and leaves a clean store.
// Thread: Start and Stop from one.
#ifndef MERITBOOK_SERVICES_SERVICE_H_
#define MERITBOOK_SERVICES_SERVICE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "meritbook/server/v1/config.pb.h"

namespace meritbook {

class Service {
 public:
  // `config` has passed CheckConfig. `warn` is called from any thread, one line a call.
  Service(server::v1::Config config, std::function<void(const std::string&)> warn);
  ~Service();

  absl::Status Start();
  // The port that is listened on.
  int port() const;
  absl::Status Stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_SERVICE_H_
