#include "services/reads.h"

#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "ledger/flow.h"
#include "ledger/id.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr size_t kBalancesPage = 1'024;
constexpr size_t kBalancesPageMax = 8'192;

void FillBalance(const State& state, const Volunteer& volunteer, v1::Balance* balance) {
  balance->set_volunteer_id(volunteer.id);
  balance->set_pending_units(volunteer.pending_units);
  balance->set_available_units(volunteer.available_units);
  balance->set_held_units(volunteer.held_units);
  balance->set_debt_units(volunteer.debt_units);
  for (const Lot& lot : volunteer.lots) SetLot(lot.key, lot.units, balance->add_lots());
  // Records that mature on one day into one lot are told together.
  std::map<std::pair<DayNumber, LotKey>, int64_t> pending;
  for (const Pending& entry : volunteer.pending) {
    pending[{entry.matures, entry.lot.key}] += entry.lot.units;
  }
  for (const auto& [key, units] : pending) {
    v1::PendingUnits* out = balance->add_pending();
    out->set_matures_day_number(key.first);
    SetLot(key.second, units, out->mutable_lot());
  }
  balance->set_credited_minutes(volunteer.credited_minutes);
  balance->set_honorary_minutes(volunteer.honorary_minutes);
  balance->set_frozen(volunteer.frozen);
  balance->set_event_count(volunteer.event_count);
  balance->set_last_sequence(volunteer.last_sequence);
  balance->set_closed(volunteer.closed);
  if (volunteer.merged_into) {
    balance->set_merged_into(state.volunteers()[*volunteer.merged_into].id);
  }
}

}  // namespace

std::optional<Refused> ReadBalance(const State& state, const v1::GetBalanceRequest& request,
                                   v1::GetBalanceResponse* response) {
  if (auto refused = CheckMinSize(state, request.min_size())) return refused;
  const Volunteer* volunteer = state.volunteers().Find(request.volunteer_id());
  if (volunteer == nullptr) {
    return NotFound(v1::REFUSAL_VOLUNTEER_UNKNOWN, "volunteer_id", request.volunteer_id());
  }
  FillBalance(state, *volunteer, response->mutable_balance());
  response->set_size(state.size());
  return std::nullopt;
}

std::optional<Refused> ReadBalances(const State& state, const v1::ListBalancesRequest& request,
                                    v1::ListBalancesResponse* response) {
  const PageSize page = PageSizeOf(request.page_size(), kBalancesPage, kBalancesPageMax);
  if (page.refused) return page.refused;
  // "<volunteers when the first page was read>:<next>": who registers later is left out.
  uint64_t end = state.volunteers().size();
  uint64_t next = 0;
  if (!request.page_token().empty()) {
    const auto token = ParsePageToken(request.page_token());
    if (!token || token->first > end || token->second > token->first) return BadPageToken();
    std::tie(end, next) = *token;
  }
  const uint64_t page_end = std::min<uint64_t>(end, next + page.items);
  for (size_t bytes = 0; next < page_end && bytes < kPageBytesMax; ++next) {
    v1::Balance* balance = response->add_balances();
    FillBalance(state, state.volunteers()[static_cast<uint32_t>(next)], balance);
    bytes += balance->ByteSizeLong();
  }
  if (next < end) response->set_next_page_token(Text(end, ":", next));
  response->set_size(state.size());
  return std::nullopt;
}

std::optional<Refused> ReadLedger(const State& state, v1::GetLedgerResponse* response) {
  response->set_ledger_id(state.ledger_id());
  response->set_state(state.ledger().state);
  response->set_time_zone(state.ledger().time_zone);
  response->set_size(state.size());
  response->set_last_recorded_us(state.ledger().last_recorded_us);
  response->set_rule_version(static_cast<uint32_t>(state.ledger().rules.size()));
  return std::nullopt;
}

std::optional<Refused> ReadTrialBalance(const State& state, v1::GetTrialBalanceResponse* response) {
  const LedgerRow& ledger = state.ledger();
  const std::pair<const char*, int64_t> totals[] = {
      {"issued", ledger.issued_units},       {"expired", ledger.expired_units},
      {"revoked", ledger.revoked_units},     {"forfeited", ledger.forfeited_units},
      {"donated", ledger.donated_units},     {"pending", ledger.pending_units},
      {"available", ledger.available_units}, {"held", ledger.held_units},
      {"debt", ledger.debt_units},           {"payable", ledger.payable_units},
      {"settled", ledger.settled_units},     {"written_off", ledger.written_off_units}};
  for (const auto& [account, units] : totals) {
    v1::AccountTotal* total = response->add_totals();
    total->set_account(account);
    total->set_units(units);
  }
  std::map<std::string, int64_t> merchants;
  for (uint32_t i = 0; i < state.merchants().size(); ++i) {
    merchants[state.merchants()[i].id] = state.merchants()[i].payable_units;
  }
  for (const auto& [id, units] : merchants) {
    v1::MerchantBalance* merchant = response->add_merchants();
    merchant->set_merchant_id(id);
    merchant->set_payable_units(units);
  }
  response->set_volunteers(state.volunteers().size());
  response->set_size(state.size());
  return std::nullopt;
}

std::optional<Refused> CheckMinSize(const State& state, uint64_t min_size) {
  if (state.size() >= min_size) return std::nullopt;
  return Refused{v1::REFUSAL_SEQUENCE_NOT_REACHED,
                 "min_size",
                 Text("the ledger has ", state.size(), " events so far"),
                 {{"size", Text(state.size())}}};
}

Refused NotFound(v1::Refusal reason, std::string_view field, const std::string& id) {
  if (IsId(id)) {
    return {reason,
            std::string(field),
            Text("there is no ", field, " ", id),
            {{std::string(field), id}}};
  }
  return {v1::REFUSAL_ID_MALFORMED,
          std::string(field),
          Text(field, " is not 1 to 64 of A-Z a-z 0-9 . _ : -"),
          {}};
}

PageSize PageSizeOf(uint32_t asked, size_t standard, size_t max) {
  if (asked > max) {
    return {0, Refused{v1::REFUSAL_FIELD_INVALID,
                       "page_size",
                       Text("page_size is ", asked, ", not 1 to ", max),
                       {{"max", Text(max)}}}};
  }
  return {asked == 0 ? standard : asked, std::nullopt};
}

std::optional<std::pair<uint64_t, uint64_t>> ParsePageToken(const std::string& token) {
  const std::vector<std::string> parts = absl::StrSplit(token, ':');
  std::pair<uint64_t, uint64_t> numbers{0, 0};
  if (parts.size() > 2 || !absl::SimpleAtoi(parts[0], &numbers.first)) return std::nullopt;
  if (parts.size() == 2 && !absl::SimpleAtoi(parts[1], &numbers.second)) return std::nullopt;
  return numbers;
}

Refused BadPageToken() {
  return {v1::REFUSAL_FIELD_INVALID, "page_token", "not a page token of this list", {}};
}

}  // namespace meritbook
