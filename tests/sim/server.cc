#include "tests/sim/server.h"

#include "storage/state_rows.h"

namespace meritbook::sim {

Server::Server(ServerOptions options) : options_(std::move(options)) {}

Server::~Server() {
  sequencer_.reset();
  state_writer_.reset();
}

absl::Status Server::Start() {
  absl::StatusOr<std::unique_ptr<SimulatedStateStore>> store = SimulatedStateStore::Open(
      *options_.log.disk, options_.log.dir,
      [this](std::string_view line) { options_.warn(std::string(line)); });
  if (!store.ok()) return store.status();
  state_store_ = *std::move(store);
  state_writer_ = std::make_unique<StateWriter>(state_store_.get(), &executor_, options_.warn);

  SequencerOptions sequencer;
  sequencer.open_log = [this]() -> absl::StatusOr<std::shared_ptr<EventLog>> {
    absl::StatusOr<std::shared_ptr<SimulatedEventLog>> log = SimulatedEventLog::Open(options_.log);
    if (!log.ok()) return log.status();
    log_ = *log;
    options_.on_log(**log);
    return std::shared_ptr<EventLog>(*std::move(log));
  };
  sequencer.load = [this](EventLog& log, const std::string& ledger_id) {
    return LoadLedger(log, *state_store_, ledger_id, options_.warn);
  };
  sequencer.clock = options_.log.clock;
  sequencer.salt = options_.salt;
  sequencer.state_sink = state_writer_.get();
  sequencer.warn = options_.warn;
  sequencer.slice_commands_max = options_.slice_commands_max;
  sequencer.pending_bytes_max = options_.pending_bytes_max;
  sequencer.state_interval_us = options_.state_interval_us;
  sequencer_ = std::make_unique<Sequencer>(std::move(sequencer));
  return sequencer_->Open();
}

}  // namespace meritbook::sim
