#include "storage/row_codec.h"

#include <utility>

#include "absl/status/statusor.h"
#include "ledger/check.h"
#include "ledger/flow.h"
#include "storage/mall_codec.h"

namespace meritbook {
namespace {

namespace rows = state::v1;

v1::LotUnits LotRow(const LotKey& key, int64_t units) {
  v1::LotUnits row;
  SetLot(key, units, &row);
  return row;
}

rows::PrincipalRow Encode(const Principal& row) {
  rows::PrincipalRow out;
  *out.mutable_principal() = row.registered;
  out.set_revoked(row.revoked);
  return out;
}

rows::VolunteerRow Encode(const Volunteer& row) {
  rows::VolunteerRow out;
  out.set_volunteer_id(row.id);
  out.set_pending_units(row.pending_units);
  out.set_available_units(row.available_units);
  out.set_held_units(row.held_units);
  out.set_debt_units(row.debt_units);
  for (const Lot& lot : row.lots) SetLot(lot.key, lot.units, out.add_lots());
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
  for (const Pending& entry : row.pending) {
    rows::PendingRow* pending = out.add_pending();
    pending->set_matures_day_number(entry.matures);
    pending->set_record(entry.record);
    *pending->mutable_lot() = LotRow(entry.lot.key, entry.lot.units);
  }
  for (const LostLot& entry : row.lost) {
    rows::LostRow* lost = out.add_lost();
    *lost->mutable_expired() = LotRow(entry.key, entry.expired_units);
    lost->set_forfeited_units(entry.forfeited_units);
  }
  for (const ActivityMinutes& entry : row.activities) {
    out.add_activity_minutes(entry.activity);
    out.add_activity_minutes(entry.minutes);
  }
  for (const AwardCount& entry : row.awards) {
    rows::AwardCountRow* award = out.add_awards();
    award->set_award(entry.award);
    award->set_year(entry.year);
    award->set_times(entry.times);
  }
  out.set_merged_into_next(Next(row.merged_into.value_or(kNoIndex)));
  out.set_age_band(row.age_band);
  for (const uint32_t order : row.open_orders) out.add_open_orders(order);
  for (const Bought& entry : row.bought) {
    out.add_bought(static_cast<int32_t>(entry.item));
    out.add_bought(entry.period);
    out.add_bought(static_cast<int32_t>(entry.quantity));
  }
  if (row.day_orders != DayOrders{}) *out.mutable_day_orders() = EncodeDayOrders(row.day_orders);
  out.set_closed(row.closed);
  out.set_has_opening_balance(row.has_opening_balance);
  return out;
}

rows::OrganisationRow Encode(const Organisation& row) {
  rows::OrganisationRow out;
  out.set_organisation_id(row.id);
  out.set_kind(row.kind);
  if (row.headcount) out.set_headcount(*row.headcount);
  return out;
}

rows::ActivityRow Encode(const Activity& row) {
  rows::ActivityRow out;
  out.set_activity_id(row.id);
  out.set_category(row.category);
  out.set_starts_us(row.starts_us);
  if (row.ends_us) out.set_ends_us(*row.ends_us);
  out.set_organisation(row.organisation);
  if (row.capacity) out.set_capacity(*row.capacity);
  out.set_state(static_cast<uint32_t>(row.state));
  out.set_submitted_by(row.submitted_by);
  out.set_sequence(row.sequence);
  return out;
}

rows::SessionRow Encode(const Session& row) {
  rows::SessionRow out;
  out.set_session_id(row.id);
  out.set_activity(row.activity);
  out.set_service_day_number(row.day);
  out.set_starts_us(row.starts_us);
  out.set_ends_us(row.ends_us);
  return out;
}

rows::NameRow Encode(const Name& row) {
  rows::NameRow out;
  out.set_name(row.id);
  return out;
}

rows::RecordRow Encode(const Record& row) {
  rows::RecordRow out;
  out.set_key(KeyBytes(row.id));
  out.set_record_id(row.record_id);
  out.set_source(row.source);
  out.set_submitted_by(row.submitted_by);
  out.set_disputed_by(row.disputed_by);
  out.set_volunteer(row.volunteer);
  out.set_activity_next(Next(row.activity));
  out.set_session_next(Next(row.session));
  out.set_day_number(row.day);
  out.set_start_minute(row.start_minute);
  out.set_minutes(row.minutes);
  out.set_award(row.award);
  out.set_award_points(row.award_points);
  for (const Segment& entry : row.segments) {
    rows::SegmentRow* segment = out.add_segments();
    segment->set_day_number(entry.day);
    segment->set_credited_minutes(entry.credited);
    segment->set_honorary_minutes(entry.honorary);
    segment->set_rule_version(entry.rule_version);
    SetLot(entry.lot, entry.units, segment->mutable_lot());
  }
  out.set_state(row.state);
  out.set_backfilled(row.backfilled);
  out.set_disputed(row.disputed);
  out.set_wait_reasons(row.wait_reasons);
  out.set_credited_day_number(row.credited_day);
  out.set_corrects_next(Next(row.corrects));
  out.set_corrected_by_next(Next(row.corrected_by));
  out.set_sequence(row.sequence);
  out.set_last_sequence(row.last_sequence);
  return out;
}

rows::ProposalRow Encode(const Proposal& row) {
  rows::ProposalRow out;
  *out.mutable_proposed() = row.proposed;
  out.set_proposed_by(row.proposed_by);
  out.set_open(row.open);
  out.set_sequence(row.sequence);
  return out;
}

absl::Status Missing() { return absl::DataLossError("a state row is missing"); }

// `table` is the state's own.
template <typename Row, typename Rows>
absl::Status Add(State& state, const Rows& table, uint32_t index, Row row) {
  if (index != table.size()) return Missing();
  if (table.Find(row.id) != nullptr) return absl::DataLossError("a state row stands twice");
  state.Add(std::move(row));
  return absl::OkStatus();
}

Principal Decode(const rows::PrincipalRow& row) {
  Principal out;
  out.id = row.principal().principal_id();
  out.registered = row.principal();
  out.revoked = row.revoked();
  return out;
}

Volunteer Decode(const rows::VolunteerRow& row) {
  Volunteer out;
  out.id = row.volunteer_id();
  out.pending_units = row.pending_units();
  out.available_units = row.available_units();
  out.held_units = row.held_units();
  out.debt_units = row.debt_units();
  out.lots = LotsOf(row.lots());
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
  for (const rows::PendingRow& entry : row.pending()) {
    out.pending.push_back(
        {entry.matures_day_number(), entry.record(), {KeyOf(entry.lot()), entry.lot().units()}});
  }
  for (const rows::LostRow& entry : row.lost()) {
    out.lost.push_back({KeyOf(entry.expired()), entry.expired().units(), entry.forfeited_units()});
  }
  for (int i = 0; i + 1 < row.activity_minutes_size(); i += 2) {
    out.activities.push_back({row.activity_minutes(i), row.activity_minutes(i + 1)});
  }
  for (const rows::AwardCountRow& entry : row.awards()) {
    out.awards.push_back({entry.award(), entry.year(), entry.times()});
  }
  if (row.merged_into_next() != 0) out.merged_into = Index(row.merged_into_next());
  out.age_band = row.age_band();
  out.open_orders.assign(row.open_orders().begin(), row.open_orders().end());
  for (int i = 0; i + 2 < row.bought_size(); i += 3) {
    out.bought.push_back({static_cast<uint32_t>(row.bought(i)), row.bought(i + 1),
                          static_cast<uint32_t>(row.bought(i + 2))});
  }
  out.day_orders = DecodeDayOrders(row.day_orders());
  out.closed = row.closed();
  out.has_opening_balance = row.has_opening_balance();
  return out;
}

Organisation Decode(const rows::OrganisationRow& row) {
  Organisation out{row.organisation_id(), row.kind(), std::nullopt};
  if (row.has_headcount()) out.headcount = row.headcount();
  return out;
}

Activity Decode(const rows::ActivityRow& row) {
  Activity out;
  out.id = row.activity_id();
  out.organisation = row.organisation();
  out.category = row.category();
  out.starts_us = row.starts_us();
  if (row.has_ends_us()) out.ends_us = row.ends_us();
  if (row.has_capacity()) out.capacity = row.capacity();
  out.state = static_cast<ActivityState>(row.state());
  out.submitted_by = row.submitted_by();
  out.sequence = row.sequence();
  return out;
}

Record Decode(const rows::RecordRow& row) {
  Record out;
  out.id = KeyFromBytes(row.key());
  out.record_id = row.record_id();
  out.source = row.source();
  out.submitted_by = row.submitted_by();
  out.disputed_by = row.disputed_by();
  out.volunteer = row.volunteer();
  out.activity = Index(row.activity_next());
  out.session = Index(row.session_next());
  out.day = row.day_number();
  out.start_minute = row.start_minute();
  out.minutes = row.minutes();
  out.award = row.award();
  out.award_points = row.award_points();
  for (const rows::SegmentRow& segment : row.segments()) {
    out.segments.push_back({segment.day_number(), static_cast<uint16_t>(segment.credited_minutes()),
                            static_cast<uint16_t>(segment.honorary_minutes()),
                            segment.rule_version(), segment.lot().units(), KeyOf(segment.lot())});
  }
  out.state = row.state();
  out.backfilled = row.backfilled();
  out.disputed = row.disputed();
  out.wait_reasons = static_cast<uint8_t>(row.wait_reasons());
  out.credited_day = row.credited_day_number();
  out.corrects = Index(row.corrects_next());
  out.corrected_by = Index(row.corrected_by_next());
  out.sequence = row.sequence();
  out.last_sequence = row.last_sequence();
  return out;
}

Proposal Decode(const rows::ProposalRow& row) {
  Proposal out;
  out.id = row.proposed().proposal_id();
  out.proposed = row.proposed();
  out.proposed_by = row.proposed_by();
  out.open = row.open();
  out.sequence = row.sequence();
  return out;
}

template <typename Row>
absl::StatusOr<Row> Parse(std::string_view value) {
  Row row;
  if (row.ParseFromArray(value.data(), static_cast<int>(value.size()))) return row;
  return absl::DataLossError("a state row that can't be read");
}

// Rules and tables that come later may still be missing; what indexes are built from may not.
bool Stands(const State& state, const Record& record) {
  return record.volunteer < state.volunteers().size() &&
         (record.activity == kNoIndex || record.activity < state.activities().size()) &&
         (record.session == kNoIndex || record.session < state.sessions().size()) &&
         record.source < state.names().size() && record.submitted_by < state.names().size() &&
         record.disputed_by < state.names().size();
}

}  // namespace

std::string EncodeRow(const State& state, RowRef ref) {
  switch (ref.table) {
    case TableKind::kPrincipal:
      return Encode(state.principals()[ref.index]).SerializeAsString();
    case TableKind::kVolunteer:
      return Encode(state.volunteers()[ref.index]).SerializeAsString();
    case TableKind::kOrganisation:
      return Encode(state.organisations()[ref.index]).SerializeAsString();
    case TableKind::kActivity:
      return Encode(state.activities()[ref.index]).SerializeAsString();
    case TableKind::kSession:
      return Encode(state.sessions()[ref.index]).SerializeAsString();
    case TableKind::kMerchant:
      return Encode(state.merchants()[ref.index]).SerializeAsString();
    case TableKind::kItem:
      return Encode(state.items()[ref.index]).SerializeAsString();
    case TableKind::kName:
      return Encode(state.names()[ref.index]).SerializeAsString();
    case TableKind::kRecord:
      return Encode(state.records()[ref.index]).SerializeAsString();
    case TableKind::kOrder:
      return Encode(state.orders()[ref.index]).SerializeAsString();
    case TableKind::kProposal:
      return Encode(state.proposals()[ref.index]).SerializeAsString();
    case TableKind::kBudget:
      return Encode(state.budgets()[ref.index]).SerializeAsString();
    case TableKind::kStatement:
      return Encode(state.statements()[ref.index]).SerializeAsString();
  }
  MB_CHECK(false);
}

absl::Status DecodeRow(RowRef ref, std::string_view bytes, State& state) {
  switch (ref.table) {
    case TableKind::kPrincipal: {
      const auto row = Parse<rows::PrincipalRow>(bytes);
      return row.ok() ? Add(state, state.principals(), ref.index, Decode(*row)) : row.status();
    }
    case TableKind::kVolunteer: {
      const auto row = Parse<rows::VolunteerRow>(bytes);
      return row.ok() ? Add(state, state.volunteers(), ref.index, Decode(*row)) : row.status();
    }
    case TableKind::kOrganisation: {
      const auto row = Parse<rows::OrganisationRow>(bytes);
      return row.ok() ? Add(state, state.organisations(), ref.index, Decode(*row)) : row.status();
    }
    case TableKind::kActivity: {
      const auto row = Parse<rows::ActivityRow>(bytes);
      if (!row.ok()) return row.status();
      if (row->organisation() >= state.organisations().size()) return Missing();
      return Add(state, state.activities(), ref.index, Decode(*row));
    }
    case TableKind::kSession: {
      const auto row = Parse<rows::SessionRow>(bytes);
      if (!row.ok()) return row.status();
      if (row->activity() >= state.activities().size()) return Missing();
      return Add(state, state.sessions(), ref.index,
                 Session{row->session_id(), row->activity(), row->service_day_number(),
                         row->starts_us(), row->ends_us()});
    }
    case TableKind::kMerchant: {
      const auto row = Parse<rows::MerchantRow>(bytes);
      return row.ok() ? Add(state, state.merchants(), ref.index, Decode(*row)) : row.status();
    }
    case TableKind::kItem: {
      const auto row = Parse<rows::ItemRow>(bytes);
      if (!row.ok()) return row.status();
      if (row->merchant() >= state.merchants().size()) return Missing();
      return Add(state, state.items(), ref.index, Decode(*row));
    }
    case TableKind::kName: {
      const auto row = Parse<rows::NameRow>(bytes);
      return row.ok() ? Add(state, state.names(), ref.index, Name{row->name()}) : row.status();
    }
    case TableKind::kRecord: {
      const auto row = Parse<rows::RecordRow>(bytes);
      if (!row.ok()) return row.status();
      Record record = Decode(*row);
      if (!Stands(state, record)) return Missing();
      return Add(state, state.records(), ref.index, std::move(record));
    }
    case TableKind::kOrder: {
      const auto row = Parse<rows::OrderRow>(bytes);
      if (!row.ok()) return row.status();
      Order order = Decode(*row);
      if (order.volunteer >= state.volunteers().size() ||
          order.merchant >= state.merchants().size() || order.owner >= state.names().size()) {
        return Missing();
      }
      return Add(state, state.orders(), ref.index, std::move(order));
    }
    case TableKind::kProposal: {
      const auto row = Parse<rows::ProposalRow>(bytes);
      if (!row.ok()) return row.status();
      if (row->proposed_by() >= state.names().size()) return Missing();
      return Add(state, state.proposals(), ref.index, Decode(*row));
    }
    case TableKind::kBudget: {
      const auto row = Parse<rows::BudgetRow>(bytes);
      return row.ok() ? Add(state, state.budgets(), ref.index, Decode(*row)) : row.status();
    }
    case TableKind::kStatement: {
      const auto row = Parse<rows::StatementRow>(bytes);
      if (!row.ok()) return row.status();
      if (row->merchant() >= state.merchants().size()) return Missing();
      return Add(state, state.statements(), ref.index, Decode(*row));
    }
  }
  return absl::DataLossError("a state row of an unknown table");
}

std::string KeyBytes(const RequestKey& key) {
  std::string bytes(16, '\0');
  for (size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(key.high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<char>(key.low >> (56 - 8 * i));
  }
  return bytes;
}

RequestKey KeyFromBytes(std::string_view bytes) {
  RequestKey key;
  for (size_t i = 0; i < bytes.size(); ++i) {
    uint64_t& word = i < 8 ? key.high : key.low;
    word = word << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return key;
}

}  // namespace meritbook
