#include "storage/state_rows.h"

#include <algorithm>
#include <utility>

#include "ledger/check.h"
#include "ledger/sha256.h"
#include "ledger/text.h"
#include "meritbook/state/v1/row.pb.h"

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

std::string RequestKeyBytes(const RequestKey& key) {
  std::string bytes(1, kRequestKey);
  for (uint64_t word : {key.high, key.low}) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(word >> shift));
  }
  return bytes;
}

uint64_t Word(std::string_view bytes) {
  uint64_t word = 0;
  for (char c : bytes) word = word << 8 | static_cast<unsigned char>(c);
  return word;
}

// By TableKind.
std::vector<uint32_t> TableRows(const State& state) {
  return {state.principals().size(), state.volunteers().size(), state.organisations().size(),
          state.activities().size(), state.sessions().size(),   state.merchants().size(),
          state.items().size()};
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
  out.set_available_units(row.available_units);
  out.set_payable_units(row.payable_units);
  for (const uint32_t count : TableRows(state)) out.add_table_rows(count);
  return out;
}

rows::VolunteerRow Encode(const Volunteer& row) {
  rows::VolunteerRow out;
  out.set_volunteer_id(row.id);
  out.set_pending_units(row.pending_units);
  out.set_available_units(row.available_units);
  out.set_held_units(row.held_units);
  out.set_debt_units(row.debt_units);
  for (const Lot& lot : row.lots) {
    v1::LotUnits* units = out.add_lots();
    if (lot.expiry != kNeverExpires) units->set_expiry_day_number(lot.expiry);
    units->set_units(lot.units);
  }
  out.set_credited_minutes(row.credited_minutes);
  out.set_honorary_minutes(row.honorary_minutes);
  out.set_frozen(row.frozen);
  out.set_event_count(row.event_count);
  out.set_last_sequence(row.last_sequence);
  for (const ServedInterval& served : row.intervals) {
    out.add_interval_minutes(served.start_minute);
    out.add_interval_minutes(served.minutes);
  }
  for (const DayMinutes& day : row.days) {
    out.add_day_minutes(day.day);
    out.add_day_minutes(day.credited);
    out.add_day_minutes(day.honorary);
  }
  return out;
}

std::string EncodeRow(const State& state, RowRef ref) {
  switch (ref.table) {
    case TableKind::kPrincipal: {
      const Principal& row = state.principals()[ref.index];
      rows::PrincipalRow out;
      *out.mutable_principal() = row.registered;
      out.set_revoked(row.revoked);
      return out.SerializeAsString();
    }
    case TableKind::kVolunteer:
      return Encode(state.volunteers()[ref.index]).SerializeAsString();
    case TableKind::kOrganisation: {
      const Organisation& row = state.organisations()[ref.index];
      rows::OrganisationRow out;
      out.set_organisation_id(row.id);
      out.set_kind(row.kind);
      return out.SerializeAsString();
    }
    case TableKind::kActivity: {
      const Activity& row = state.activities()[ref.index];
      rows::ActivityRow out;
      out.set_activity_id(row.id);
      out.set_category(row.category);
      out.set_starts_us(row.starts_us);
      if (row.ends_us) out.set_ends_us(*row.ends_us);
      return out.SerializeAsString();
    }
    case TableKind::kSession: {
      const Session& row = state.sessions()[ref.index];
      rows::SessionRow out;
      out.set_session_id(row.id);
      out.set_activity(row.activity);
      out.set_service_day_number(row.day);
      out.set_starts_us(row.starts_us);
      out.set_ends_us(row.ends_us);
      return out.SerializeAsString();
    }
    case TableKind::kMerchant: {
      const Merchant& row = state.merchants()[ref.index];
      rows::MerchantRow out;
      out.set_merchant_id(row.id);
      out.set_payable_units(row.payable_units);
      return out.SerializeAsString();
    }
    case TableKind::kItem: {
      const Item& row = state.items()[ref.index];
      rows::ItemRow out;
      out.set_item_id(row.id);
      out.set_merchant(row.merchant);
      out.set_price_points(row.price_points);
      out.set_received(row.received);
      out.set_delivered(row.delivered);
      return out.SerializeAsString();
    }
  }
  MB_CHECK(false);
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
      return LoadTableRow(static_cast<TableKind>(key[1]),
                          static_cast<uint32_t>(Word(key.substr(2))), value);
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

  template <typename Row>
  absl::Status Add(uint32_t index, Row row) {
    if (state_.Add(std::move(row)) == index) return absl::OkStatus();
    return Missing();
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
    ledger.available_units = row->available_units();
    ledger.payable_units = row->payable_units();
    for (const v1::PublishRule& rule : row->rules()) {
      if (!ParseDay(rule.effective_from_day())) return absl::DataLossError("a rule without a day");
      ledger.rules.emplace_back(static_cast<uint32_t>(ledger.rules.size() + 1), rule);
    }
    last_event_sha256_ = row->last_event_sha256();
    table_rows_.assign(row->table_rows().begin(), row->table_rows().end());
    return absl::OkStatus();
  }

  absl::Status LoadTableRow(TableKind table, uint32_t index, std::string_view value) {
    switch (table) {
      case TableKind::kPrincipal: {
        const auto row = Parse<rows::PrincipalRow>(value);
        if (!row.ok()) return row.status();
        Principal out;
        out.id = row->principal().principal_id();
        out.registered = row->principal();
        out.revoked = row->revoked();
        return Add(index, std::move(out));
      }
      case TableKind::kVolunteer: {
        const auto row = Parse<rows::VolunteerRow>(value);
        if (!row.ok()) return row.status();
        return AddVolunteer(index, *row);
      }
      case TableKind::kOrganisation: {
        const auto row = Parse<rows::OrganisationRow>(value);
        if (!row.ok()) return row.status();
        return Add(index, Organisation{row->organisation_id(), row->kind()});
      }
      case TableKind::kActivity: {
        const auto row = Parse<rows::ActivityRow>(value);
        if (!row.ok()) return row.status();
        Activity out{row->activity_id(), row->category(), row->starts_us(), std::nullopt};
        if (row->has_ends_us()) out.ends_us = row->ends_us();
        return Add(index, std::move(out));
      }
      case TableKind::kSession: {
        const auto row = Parse<rows::SessionRow>(value);
        if (!row.ok()) return row.status();
        if (row->activity() >= state_.activities().size()) return Missing();
        return Add(index, Session{row->session_id(), row->activity(), row->service_day_number(),
                                  row->starts_us(), row->ends_us()});
      }
      case TableKind::kMerchant: {
        const auto row = Parse<rows::MerchantRow>(value);
        if (!row.ok()) return row.status();
        return Add(index, Merchant{row->merchant_id(), row->payable_units()});
      }
      case TableKind::kItem: {
        const auto row = Parse<rows::ItemRow>(value);
        if (!row.ok()) return row.status();
        if (row->merchant() >= state_.merchants().size()) return Missing();
        return Add(index, Item{row->item_id(), row->merchant(), row->price_points(),
                               row->received(), row->delivered()});
      }
    }
    return absl::DataLossError("a state row of an unknown table");
  }

  absl::Status AddVolunteer(uint32_t index, const rows::VolunteerRow& row) {
    Volunteer out;
    out.id = row.volunteer_id();
    out.pending_units = row.pending_units();
    out.available_units = row.available_units();
    out.held_units = row.held_units();
    out.debt_units = row.debt_units();
    out.credited_minutes = row.credited_minutes();
    out.honorary_minutes = row.honorary_minutes();
    out.frozen = row.frozen();
    out.event_count = row.event_count();
    out.last_sequence = row.last_sequence();
    for (int i = 0; i + 1 < row.interval_minutes_size(); i += 2) {
      out.intervals.push_back({row.interval_minutes(i), row.interval_minutes(i + 1)});
    }
    for (int i = 0; i + 2 < row.day_minutes_size(); i += 3) {
      out.days.push_back({row.day_minutes(i), static_cast<uint16_t>(row.day_minutes(i + 1)),
                          static_cast<uint16_t>(row.day_minutes(i + 2))});
    }
    std::vector<Lot> lots;
    for (const v1::LotUnits& lot : row.lots()) {
      lots.push_back(
          {lot.has_expiry_day_number() ? lot.expiry_day_number() : kNeverExpires, lot.units()});
    }
    if (absl::Status status = Add(index, std::move(out)); !status.ok()) return status;
    state_.SetLots(index, std::move(lots));
    return absl::OkStatus();
  }

  absl::Status LoadRequest(std::string_view key, std::string_view value) {
    const auto row = Parse<rows::RequestRow>(value);
    if (!row.ok()) return row.status();
    state_.AddRequest({Word(key.substr(0, 8)), Word(key.substr(8))},
                      {row->sequence(), row->content(), row->names_subject()});
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
  return absl::OkStatus();
}

}  // namespace

StateWrite EncodeDirty(Ledger& ledger) {
  StateWrite write;
  const State& state = ledger.state();
  DirtyRows dirty = ledger.mutable_state().TakeDirty();
  write.ledger = state.ledger_id();
  write.applied_size = state.size();
  if (dirty.rows.empty() && dirty.requests.empty()) return write;
  write.rows.reserve(dirty.rows.size() + dirty.requests.size() + 1);
  write.rows.push_back(
      {std::string(1, kLedgerKey), EncodeLedger(state, ledger.last_event()).SerializeAsString()});
  for (const RowRef& ref : dirty.rows) write.rows.push_back({TableKey(ref), EncodeRow(state, ref)});
  for (const RequestKey& key : dirty.requests) {
    const RequestEntry* entry = state.FindRequest(key);
    MB_CHECK(entry != nullptr);
    rows::RequestRow row;
    row.set_sequence(entry->sequence);
    row.set_content(entry->content);
    row.set_names_subject(entry->names_subject);
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
