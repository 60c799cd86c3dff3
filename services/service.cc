#include "services/service.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "ledger/check.h"
#include "ledger/text.h"
#include "services/clock.h"
#include "services/rpc_services.h"
#include "services/server.h"
#include "services/state_writer.h"
#include "storage/rocks_event_log.h"
#include "storage/state_rows.h"

namespace meritbook {
namespace {

// Also the limit of a batch: 8,192 items of up to 2 kB.
constexpr int kMessageBytesMax = 16 << 20;
// Calls under way take less; but a connected client that sleeps is waited for as long as this.
constexpr std::chrono::seconds kDrainMax{5};

// Random bits by the page: a call to the generator costs more than a decision. For salt, and apart
// from it for pay codes: each copy may be used by one thread at a time.
class Salt {
 public:
  uint64_t operator()() {
    if (next_ == words_->size()) {
      MB_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(words_->data()),
                          static_cast<int>(sizeof *words_)) == 1);
      next_ = 0;
    }
    return (*words_)[next_++];
  }

 private:
  using Words = std::array<uint64_t, 512>;
  std::shared_ptr<Words> words_ = std::make_shared<Words>();
  size_t next_ = words_->size();
};

}  // namespace

struct Service::Parts {
  server::v1::Config config;
  std::function<void(const std::string&)> warn;
  Principals principals;
  Growth growth;
  PayCodes pay_codes{{.clock = &SystemClock(), .random = Salt()}};
  std::unique_ptr<StateStore> state_store;
  std::unique_ptr<StateWriter> state_writer;
  std::unique_ptr<SequencerThread> sequencer;
  std::unique_ptr<Follower> follower;
  std::unique_ptr<Worker> worker;
  std::unique_ptr<Worker> trials;
  Server server;
  std::vector<std::unique_ptr<grpc::Service>> rpc_services;
  std::unique_ptr<grpc::Server> grpc_server;
  int port = 0;

  SequencerOptions Options() {
    SequencerOptions options;
    options.open_log = [this]() -> absl::StatusOr<std::shared_ptr<EventLog>> {
      RocksEventLogOptions log;
      log.dir = config.data_dir();
      log.free_bytes_floor = config.free_bytes_floor();
      log.warn = [this](std::string_view line) { warn(std::string(line)); };
      auto opened = OpenRocksEventLog(std::move(log));
      if (!opened.ok()) return opened.status();
      return std::shared_ptr<EventLog>(*std::move(opened));
    };
    options.load = [this](EventLog& log, const std::string& ledger_id) {
      return LoadLedger(log, *state_store, ledger_id, warn);
    };
    options.clock = &SystemClock();
    options.salt = Salt();
    options.state_sink = state_writer.get();
    options.on_loaded = [this](const State& state) { principals.Load(state); };
    options.on_durable = [this] {
      growth.Notify();
      follower->Wake();
    };
    options.warn = warn;
    options.clock_ahead_us_max = static_cast<int64_t>(config.clock_ahead_seconds_max()) * 1'000'000;
    return options;
  }

  absl::Status StartGrpc() {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    rpc_services.push_back(NewHoursService(server));
    rpc_services.push_back(NewMallService(server));
    rpc_services.push_back(NewSettlementService(server));
    rpc_services.push_back(NewAccountService(server));
    rpc_services.push_back(NewAuditService(server));
    rpc_services.push_back(NewReportService(server));
    rpc_services.push_back(NewAdminService(server));
    grpc::ServerBuilder builder;
    // Otherwise a second server could listen on the same port, unnoticed.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.SetMaxReceiveMessageSize(kMessageBytesMax);
    builder.AddListeningPort(config.listen(), grpc::InsecureServerCredentials(), &port);
    for (const auto& service : rpc_services) builder.RegisterService(service.get());
    grpc_server = builder.BuildAndStart();
    if (grpc_server == nullptr || port == 0) {
      return absl::UnavailableError(Text("can't listen on ", config.listen()));
    }
    return absl::OkStatus();
  }
};

Service::Service(server::v1::Config config, std::function<void(const std::string&)> warn)
    : parts_(std::make_unique<Parts>()) {
  parts_->config = std::move(config);
  parts_->warn = std::move(warn);
}

Service::~Service() { (void)Stop(); }

absl::Status Service::Start() {
  Parts& p = *parts_;
  StateStoreOptions state;
  state.dir = p.config.data_dir();
  state.schema_version = kStateSchemaVersion;
  state.warn = [&p](std::string_view line) { p.warn(std::string(line)); };
  auto store = StateStore::Open(std::move(state));
  if (!store.ok()) return store.status();
  p.state_store = *std::move(store);
  p.state_writer = std::make_unique<StateWriter>(p.state_store.get(), p.warn);
  p.worker = std::make_unique<Worker>();
  p.trials = std::make_unique<Worker>();
  p.sequencer = std::make_unique<SequencerThread>(p.Options(), p.config.queue_commands_max());
  p.follower = std::make_unique<Follower>([&p] { return p.sequencer->log(); }, p.warn);
  for (const auto& principal : p.config.principals()) p.principals.AddServerWide(principal);
  if (absl::Status status = p.sequencer->Start(); !status.ok()) return status;
  p.server = {p.sequencer.get(), &p.principals, p.follower.get(), &p.growth,
              p.worker.get(),    &p.pay_codes,  p.trials.get()};
  return p.StartGrpc();
}

int Service::port() const { return parts_->port; }

absl::Status Service::Stop() {
  Parts& p = *parts_;
  absl::Status status;
  p.growth.Stop();
  if (p.grpc_server) {
    p.grpc_server->GetHealthCheckService()->SetServingStatus(false);
    p.grpc_server->Shutdown(std::chrono::system_clock::now() + kDrainMax);
    p.grpc_server->Wait();
  }
  if (p.trials) p.trials->Stop();  // before the log is closed
  if (p.follower) p.follower->Stop();
  // Also while the log is being opened again: its thread would call what goes away below.
  if (p.sequencer) status = p.sequencer->Stop();
  if (p.worker) p.worker->Stop();
  p.grpc_server.reset();
  p.follower.reset();
  p.sequencer.reset();
  p.state_writer.reset();
  p.state_store.reset();
  p.worker.reset();
  p.trials.reset();
  return status;
}

}  // namespace meritbook
