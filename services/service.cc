#include "services/service.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <openssl/rand.h>

#include <array>
#include <atomic>
#include <chrono>
#include <iterator>
#include <utility>
#include <vector>

#include "ledger/check.h"
#include "ledger/text.h"
#include "services/backups.h"
#include "services/clock.h"
#include "services/health.h"
#include "services/losses.h"
#include "services/repeating_thread.h"
#include "services/rpc_services.h"
#include "services/scrubber.h"
#include "services/server.h"
#include "services/server_status.h"
#include "services/state_writer.h"
#include "storage/restore.h"
#include "storage/rocks_event_log.h"
#include "storage/rocks_state_store.h"
#include "storage/state_rows.h"

namespace meritbook {
namespace {

// Also the limit of a batch: 8,192 items of up to 2 kB.
constexpr int kMessageBytesMax = 16 << 20;
// Calls under way take less; but a connected client that sleeps is waited for as long as this.
constexpr std::chrono::seconds kDrainMax{5};

constexpr std::chrono::seconds kRoomInterval{1};

// What health checks may ask for by name.
constexpr const char* kServiceNames[] = {
    "meritbook.v1.HoursService",   "meritbook.v1.MallService",  "meritbook.v1.SettlementService",
    "meritbook.v1.AccountService", "meritbook.v1.AuditService", "meritbook.v1.ReportService",
    "meritbook.v1.AdminService"};

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
  std::unique_ptr<Worker> state_worker;
  std::unique_ptr<StateWriter> state_writer;
  std::unique_ptr<Losses> losses;
  std::unique_ptr<SequencerThread> sequencer;
  std::unique_ptr<Follower> follower;
  std::unique_ptr<Worker> worker;
  std::unique_ptr<Worker> trials;
  std::unique_ptr<Backups> backups;
  std::unique_ptr<Scrubber> scrubber;
  std::unique_ptr<Health> health;
  // Sampled apart: to ask a disk that hangs takes as long as it hangs.
  std::atomic<uint64_t> free_bytes = 0;
  std::unique_ptr<RepeatingThread> scrub_thread;
  std::unique_ptr<RepeatingThread> health_thread;
  std::unique_ptr<RepeatingThread> room_thread;
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
    options.on_loaded = [this](const State& state) {
      principals.Load(state);
      losses->Loaded(state, *sequencer);
    };
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
    StartHealth();
    return absl::OkStatus();
  }

  void StartHealth() {
    MB_CHECK(std::size(kServiceNames) == rpc_services.size());
    // Makes the names known; from here on all are told together.
    for (const char* name : kServiceNames) {
      grpc_server->GetHealthCheckService()->SetServingStatus(name, true);
    }
    health = std::make_unique<Health>(
        Health::Options{.vitals = [this] { return sequencer->vitals(); },
                        .clock = &SystemClock(),
                        .tell =
                            [this](bool serving) {
                              grpc_server->GetHealthCheckService()->SetServingStatus(serving);
                            },
                        .warn = warn});
    health_thread = std::make_unique<RepeatingThread>([this] { return health->Turn(); });
  }

  void StartWatching() {
    SampleRoom();
    room_thread = std::make_unique<RepeatingThread>([this] {
      SampleRoom();
      return kRoomInterval;
    });
    if (config.scrub_bytes_per_second() == 0) return;
    scrubber = std::make_unique<Scrubber>(
        ScrubberOptions{.log = [this] { return sequencer->log(); },
                        .clock = &SystemClock(),
                        .bytes_per_second = config.scrub_bytes_per_second(),
                        .warn = warn});
    scrub_thread = std::make_unique<RepeatingThread>([this] { return scrubber->Turn(); });
  }

  void SampleRoom() {
    const auto sampled = MachineDisk().FreeBytes(config.data_dir());
    if (sampled.ok()) free_bytes = *sampled;
  }

  v1::GetServerStatusResponse Status() const {
    return ServerStatusOf({.vitals = sequencer->vitals(),
                           .now_us = SystemClock().MonotonicUs(),
                           .free_bytes = free_bytes,
                           .free_bytes_floor = config.free_bytes_floor(),
                           .scrub = scrubber ? scrubber->progress() : ScrubProgress{},
                           .last_backup_us = backups->last_backup_us()});
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
  if (absl::Status s = FinishRestoration(p.config.data_dir()); !s.ok()) return s;
  p.losses = std::make_unique<Losses>(p.config.data_dir());
  if (absl::Status s = p.losses->Read(); !s.ok()) return s;
  StateStoreOptions state;
  state.dir = p.config.data_dir();
  state.schema_version = kStateSchemaVersion;
  state.warn = [&p](std::string_view line) { p.warn(std::string(line)); };
  auto store = OpenStateStore(std::move(state));
  if (!store.ok()) return store.status();
  p.state_store = *std::move(store);
  p.state_worker = std::make_unique<Worker>();
  p.state_writer = std::make_unique<StateWriter>(p.state_store.get(), p.state_worker.get(), p.warn);
  p.worker = std::make_unique<Worker>();
  p.trials = std::make_unique<Worker>();
  p.sequencer = std::make_unique<SequencerThread>(p.Options(), p.config.queue_commands_max());
  p.follower = std::make_unique<Follower>([&p] { return p.sequencer->log(); }, p.warn);
  for (const auto& principal : p.config.principals()) p.principals.AddServerWide(principal);
  if (absl::Status status = p.sequencer->Start(); !status.ok()) return status;
  if (absl::Status status = p.losses->Settle(); !status.ok()) return status;
  p.backups =
      std::make_unique<Backups>(BackupsOptions{.folder = p.config.backup_dir(),
                                               .free_bytes_floor = p.config.free_bytes_floor(),
                                               .log = [&p] { return p.sequencer->log(); },
                                               .clock = &SystemClock(),
                                               .warn = p.warn});
  p.server = {p.sequencer.get(), &p.principals, p.follower.get(), &p.growth,
              p.worker.get(),    &p.pay_codes,  p.trials.get()};
  p.server.status = [&p] { return p.Status(); };
  p.server.backups = p.backups.get();
  p.StartWatching();
  return p.StartGrpc();
}

int Service::port() const { return parts_->port; }

absl::Status Service::Stop() {
  Parts& p = *parts_;
  absl::Status status;
  p.growth.Stop();
  if (p.backups) p.backups->Stop();
  if (p.grpc_server) {
    p.grpc_server->GetHealthCheckService()->Shutdown();  // whatever health says from now on
    p.grpc_server->Shutdown(std::chrono::system_clock::now() + kDrainMax);
    p.grpc_server->Wait();
  }
  p.health_thread.reset();
  // Before the log is closed.
  p.scrub_thread.reset();
  p.room_thread.reset();
  if (p.trials) p.trials->Stop();
  if (p.follower) p.follower->Stop();
  // Also while the log is being opened again: its thread would call what goes away below.
  if (p.sequencer) status = p.sequencer->Stop();
  if (p.worker) p.worker->Stop();
  p.grpc_server.reset();
  p.backups.reset();
  p.follower.reset();
  p.sequencer.reset();
  p.losses.reset();
  p.state_writer.reset();
  p.state_worker.reset();
  p.state_store.reset();
  p.worker.reset();
  p.trials.reset();
  return status;
}

}  // namespace meritbook
