#include "storage/state_rows.h"

#include <algorithm>
#include <utility>

#include "ledger/check.h"
#include "ledger/sha256.h"
#include "ledger/text.h"
#include "meritbook/state/v1/row.pb.h"
#include "storage/row_codec.h"

namespace meritbook {
namespace {

namespace rows = state::v1;

// Keys. On disk. Never renumber without a new kStateSchemaVersion.
//   'l'                        the ledger's own row
//   't' table(1) index(4, BE)  a row of a table; indexes ascend from 0 without a gap
//   'r' key(16)                a request
constexpr char kLedgerKey = 'l';
constexpr char kTableKey = 't';
constexpr char kRequestKey = 'r';

std::string TableKey(RowRef ref) {
  std::string key = {kTableKey, static_cast<char>(ref.table)};
  for (int shift = 24; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>(ref.index >> shift));
  }
  return key;
}

std::string RequestKeyBytes(const RequestKey& key) { return kRequestKey + KeyBytes(key); }

uint64_t Word(std::string_view bytes) {
  uint64_t word = 0;
  for (char c : bytes) word = word << 8 | static_cast<unsigned char>(c);
  return word;
}

// By TableKind.
std::vector<uint32_t> TableRows(const State& state) {
  return {state.principals().size(), state.volunteers().size(), state.organisations().size(),
          state.activities().size(), state.sessions().size(),   state.merchants().size(),
          state.items().size(),      state.names().size(),      state.records().size(),
          state.orders().size(),     state.proposals().size(),  state.budgets().size(),
          state.statements().size()};
}

rows::LedgerRow EncodeLedger(const State& state, std::string_view last_event) {
  const LedgerRow& row = state.ledger();
  rows::LedgerRow out;
  out.set_time_zone(row.time_zone);
  out.set_state(row.state);
  out.set_last_recorded_us(row.last_recorded_us);
  const Hash hash = Sha256(last_event);
  out.set_last_event_sha256(hash.data(), hash.size());
  for (const Rule& rule : row.rules) *out.add_rules() = rule.published;
  out.set_issued_units(row.issued_units);
  out.set_expired_units(row.expired_units);
  out.set_revoked_units(row.revoked_units);
  out.set_forfeited_units(row.forfeited_units);
  out.set_donated_units(row.donated_units);
  out.set_pending_units(row.pending_units);
  out.set_held_units(row.held_units);
  out.set_debt_units(row.debt_units);
  out.set_available_units(row.available_units);
  out.set_payable_units(row.payable_units);
  out.set_settled_units(row.settled_units);
  out.set_written_off_units(row.written_off_units);
  out.set_closed_through_month_next(row.closed_through ? *row.closed_through + 1 : 0);
  for (const uint32_t count : TableRows(state)) out.add_table_rows(count);
  return out;
}

// Rebuilds a State from its rows, in key order.
class RowLoader {
 public:
  RowLoader(const std::string& ledger_id, uint64_t size) : state_(ledger_id) {
    state_.MutableLedger().size = size;
  }

  absl::Status Load(std::string_view key, std::string_view value) {
    if (key == std::string_view(&kLedgerKey, 1)) return LoadLedgerRow(value);
    if (key.size() == 6 && key[0] == kTableKey) {
      return DecodeRow({static_cast<TableKind>(key[1]), static_cast<uint32_t>(Word(key.substr(2)))},
                       value, state_);
    }
    if (key.size() == 17 && key[0] == kRequestKey) return LoadRequest(key.substr(1), value);
    return absl::DataLossError("a state row under an unknown key");
  }

  // Once all rows are loaded.
  absl::Status Check() const {
    if (table_rows_ != TableRows(state_)) return Missing();
    return absl::OkStatus();
  }

  State Take() {
    state_.TakeDirty();
    return std::move(state_);
  }
  const std::string& last_event_sha256() const { return last_event_sha256_; }

 private:
  static absl::Status Missing() { return absl::DataLossError("a state row is missing"); }

  template <typename Row>
  static absl::StatusOr<Row> Parse(std::string_view value) {
    Row row;
    if (row.ParseFromArray(value.data(), static_cast<int>(value.size()))) return row;
    return absl::DataLossError("a state row that can't be read");
  }

  absl::Status LoadLedgerRow(std::string_view value) {
    const auto row = Parse<rows::LedgerRow>(value);
    if (!row.ok()) return row.status();
    if (!Calendar::ForZone(row->time_zone())) return absl::DataLossError("unknown time zone");
    state_.SetTimeZone(row->time_zone());
    LedgerRow& ledger = state_.MutableLedger();
    ledger.state = row->state();
    ledger.last_recorded_us = row->last_recorded_us();
    ledger.issued_units = row->issued_units();
    ledger.expired_units = row->expired_units();
    ledger.revoked_units = row->revoked_units();
    ledger.forfeited_units = row->forfeited_units();
    ledger.donated_units = row->donated_units();
    ledger.pending_units = row->pending_units();
    ledger.held_units = row->held_units();
    ledger.debt_units = row->debt_units();
    ledger.available_units = row->available_units();
    ledger.payable_units = row->payable_units();
    ledger.settled_units = row->settled_units();
    ledger.written_off_units = row->written_off_units();
    if (const MonthNumber next = row->closed_through_month_next(); next != 0) {
      ledger.closed_through = next - 1;
      ledger.open_from_us = state_.calendar().StartOf(FirstDayOf(next));
    }
    for (const v1::PublishRule& rule : row->rules()) {
      if (!ParseDay(rule.effective_from_day())) return absl::DataLossError("a rule without a day");
      ledger.rules.emplace_back(static_cast<uint32_t>(ledger.rules.size() + 1), rule);
    }
    last_event_sha256_ = row->last_event_sha256();
    table_rows_.assign(row->table_rows().begin(), row->table_rows().end());
    return absl::OkStatus();
  }

  absl::Status LoadRequest(std::string_view key, std::string_view value) {
    const auto row = Parse<rows::RequestRow>(value);
    if (!row.ok()) return row.status();
    const RequestKey request = KeyFromBytes(key);
    if (state_.FindRequest(request) != nullptr) {
      return absl::DataLossError("a request stands twice");
    }
    state_.AddRequest(request, {row->sequence(), row->content()});
    return absl::OkStatus();
  }

  State state_;
  std::string last_event_sha256_;
  std::vector<uint32_t> table_rows_;
};

// The stored rows, if they are exactly the log's first events.
absl::StatusOr<std::unique_ptr<Ledger>> LoadRows(const EventLog& log, const StateStore& store,
                                                 const std::string& ledger_id) {
  const uint64_t size = store.AppliedSize(ledger_id);
  if (size == 0) return std::make_unique<Ledger>(ledger_id);
  if (size > log.Size(ledger_id)) return absl::DataLossError("the state is ahead of the log");
  auto last = log.Read(ledger_id, size - 1, 1, 1);
  if (!last.ok()) return last.status();
  RowLoader loader(ledger_id, size);
  const absl::Status loaded = store.Load(
      ledger_id,
      [&](std::string_view key, std::string_view value) { return loader.Load(key, value); });
  if (!loaded.ok()) return loaded;
  if (loader.last_event_sha256() != AsBytes(Sha256((*last)[0]))) {
    return absl::DataLossError("the state belongs to another log");
  }
  if (absl::Status status = loader.Check(); !status.ok()) return status;
  return std::make_unique<Ledger>(loader.Take(), std::string((*last)[0]));
}

absl::Status ReplayRest(const EventLog& log, Ledger& ledger) {
  constexpr size_t kEventsMax = 1 << 16;
  constexpr size_t kBytesMax = 4 << 20;
  const std::string& id = ledger.state().ledger_id();
  const uint64_t size = log.Size(id);
  while (ledger.state().size() < size) {
    const auto run = log.Read(id, ledger.state().size(), kEventsMax, kBytesMax);
    if (!run.ok()) return run.status();
    MB_CHECK(!run->empty());
    for (size_t i = 0; i < run->size(); ++i) {
      if (absl::Status status = ledger.Replay((*run)[i]); !status.ok()) return status;
    }
  }
  if (ledger.state().ledger().open_command) {
    return absl::DataLossError(
        Text("ledger ", id, ", event ", size, ": the log ends in the midst of a command"));
  }
  return absl::OkStatus();
}

}  // namespace

StateWrite EncodeDirty(Ledger& ledger) {
  StateWrite write;
  const State& state = ledger.state();
  MB_CHECK(!state.ledger().open_command);  // a group ends with a command
  DirtyRows dirty = ledger.mutable_state().TakeDirty();
  write.ledger = state.ledger_id();
  write.applied_size = state.size();
  if (dirty.rows.empty() && dirty.requests.empty()) return write;
  write.rows.reserve(dirty.rows.size() + dirty.requests.size() + 1);
  write.rows.push_back(
      {std::string(1, kLedgerKey), EncodeLedger(state, ledger.last_event()).SerializeAsString()});
  for (const RowRef& ref : dirty.rows) write.rows.push_back({TableKey(ref), EncodeRow(state, ref)});
  for (const auto& [key, entry] : dirty.requests) {
    rows::RequestRow row;
    row.set_sequence(entry.sequence);
    row.set_content(entry.content);
    write.rows.push_back({RequestKeyBytes(key), row.SerializeAsString()});
  }
  return write;
}

absl::StatusOr<std::unique_ptr<Ledger>> LoadLedger(
    const EventLog& log, StateStore& store, const std::string& ledger_id,
    const std::function<void(const std::string&)>& warn) {
  auto ledger = LoadRows(log, store, ledger_id);
  absl::Status status = ledger.status();
  if (status.ok()) {
    status = ReplayRest(log, **ledger);
    if (status.ok()) return ledger;
    if (store.AppliedSize(ledger_id) == 0) return status;  // it was replayed from the first event
  }
  // A disk that fails says nothing against the rows.
  if (!absl::IsDataLoss(status)) return status;
  warn(Text("ledger ", ledger_id,
            ": stored state discarded, the log is replayed: ", MessageOf(status)));
  // A damaged store takes no rows any more either, and is wiped at the next start.
  status = store.Discard(ledger_id);
  if (!status.ok() && !absl::IsDataLoss(status)) return status;
  ledger = std::make_unique<Ledger>(ledger_id);
  status = ReplayRest(log, **ledger);
  if (!status.ok()) return status;
  return ledger;
}

}  // namespace meritbook
