#include "tests/ledger/script.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "google/protobuf/text_format.h"
#include "ledger/check.h"
#include "ledger/text.h"

namespace meritbook {
namespace {

constexpr std::string_view kTown = R"(
at 2021-03-01 08:00
by operator
CreateLedger
use parties
at 2021-03-10 08:00
)";

// The same parties, while old records still come in.
constexpr std::string_view kOldTown = R"(
at 2022-01-01 00:00
recorded 2021-03-01 08:00
by operator
CreateLedger migrating: true
use parties
recorded 2021-03-10 08:00
)";

constexpr std::string_view kParties = R"(
by committee
PublishRule effective_from_day: "2021-01-01" earning { rates { category: "traffic" points_per_hour: 25 percentage: 100 } recording_unit_minutes: 15 credited_minutes_per_day: 480 backdating_days: 30 } expiry { rolling_months: 12 }
OnboardMerchant merchant_id: "bakery" kind: "food"
OnboardMerchant merchant_id: "teahouse" kind: "food"
PublishItem item_id: "bun" merchant_id: "bakery" price_points: 5 stock: 10
PublishItem item_id: "loaf" merchant_id: "bakery" price_points: 30 stock: 2
PublishItem item_id: "tea" merchant_id: "teahouse" price_points: 20 stock: 3
by app source=app
RegisterOrganisation organisation_id: "o1" kind: ORGANISATION_KIND_TEAM
RegisterActivity activity_id: "patrol" organisation_id: "o1" category: "traffic" starts_us: @2020-01-01T00:00
RegisterActivity activity_id: "fair" organisation_id: "o1" category: "traffic" starts_us: @2021-03-02T08:00 ends_us: @2021-03-04T20:00
RegisterActivity activity_id: "reading" organisation_id: "o1" category: "poetry" starts_us: @2020-01-01T00:00
RegisterSession session_id: "s1" activity_id: "patrol" service_day: "2021-03-05" starts_us: @2021-03-05T09:00 ends_us: @2021-03-05T12:00
RegisterSession session_id: "s2" activity_id: "fair" service_day: "2021-03-03" starts_us: @2021-03-03T09:00 ends_us: @2021-03-03T12:00
RegisterVolunteer volunteer_id: "ann" age_band: AGE_BAND_18_TO_59
RegisterVolunteer volunteer_id: "bob" age_band: AGE_BAND_60_PLUS
)";

// The town with a mall that holds: half an hour, vouchers of 30 days, two hours for what happened
// offline. Oil is paid out of the programme's 10,000 fen, rice out of a donor's 5,000. Ann has 200
// points; the till is the bakery's.
constexpr std::string_view kMall = R"(
use town
by committee
PublishRule effective_from_day: "2021-01-01" earning { rates { category: "traffic" points_per_hour: 25 percentage: 100 } recording_unit_minutes: 15 credited_minutes_per_day: 480 backdating_days: 30 } expiry { rolling_months: 12 } mall { hold_seconds_max: 1800 voucher_days_max: 30 offline_grace_minutes: 120 }
PublishItem item_id: "oil" merchant_id: "bakery" price_points: 10 stock: 100 settle_fen: 300 funding: FUNDING_PROGRAMME
PublishItem item_id: "rice" merchant_id: "bakery" price_points: 20 stock: 100 settle_fen: 500 funding: FUNDING_DONOR budget_source: "donor"
by lin
ProposeChange proposal_id: "b1" allocate_budget { source: "programme" year: 2021 fen: 10000 }
ProposeChange proposal_id: "b2" allocate_budget { source: "donor" year: 2021 fen: 5000 }
by mei
ApproveChange proposal_id: "b1"
ApproveChange proposal_id: "b2"
by app source=app
CreditHours record { record_id: "r0" volunteer_id: "ann" activity_id: "patrol" duration { service_day: "2021-03-05" minutes: 480 } }
by till merchant=bakery
)";

std::string_view World(std::string_view name) {
  if (name == "mall") return kMall;
  if (name == "town") return kTown;
  if (name == "old_town") return kOldTown;
  MB_CHECK(name == "parties");
  return kParties;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// The first word, which is removed with the space after it.
std::string_view TakeWord(std::string_view& text) {
  const size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

using Sent = std::deque<std::unique_ptr<google::protobuf::Message>>;

// Of the kinds of command that there are, the one of this name.
template <size_t... kIndex>
std::optional<CommandBody> MakeNamed(std::string_view kind, Sent& sent,
                                     std::index_sequence<kIndex...>) {
  std::optional<CommandBody> body;
  const auto try_one = [&](auto message) {
    if (message->GetDescriptor()->name() != kind) return;
    body = static_cast<const typename decltype(message)::element_type*>(message.get());
    sent.push_back(std::move(message));
  };
  (try_one(std::make_unique<std::remove_const_t<
               std::remove_pointer_t<std::variant_alternative_t<kIndex, CommandBody>>>>()),
   ...);
  return body;
}

CommandBody MakeBody(std::string_view kind, Sent& sent) {
  const auto body =
      MakeNamed(kind, sent, std::make_index_sequence<std::variant_size_v<CommandBody>>());
  if (!body) {
    ADD_FAILURE() << "no such command: " << kind;
    std::abort();
  }
  return *body;
}

// Kinds whose request id is by default the record's or the order's.
const std::set<std::string_view> kNamedByTheirSubject = {
    "CreditHours", "SubmitHours", "BackfillHours", "RedeemNow", "HoldOrder", "IssueVoucher"};

std::vector<Row>& Registry() {
  static std::vector<Row> rows;
  return rows;
}

}  // namespace

std::string Script::Run(std::string_view line, bool field) {
  const std::string_view whole = line;
  const std::string_view word = TakeWord(line);
  if (word == "at") {
    wall_us_ = Micros(line);
  } else if (word == "recorded") {
    recorded_us_.reset();
    if (line != "-") recorded_us_ = Micros(line);
  } else if (word == "by") {
    Caller caller;
    caller.principal_id = TakeWord(line);
    for (std::string_view binding : Split(line, ' ')) {
      const size_t equals = binding.find('=');
      const std::string value(binding.substr(equals + 1));
      const std::string_view name = binding.substr(0, equals);
      if (name == "of_ledger") {
        caller.of_ledger = true;
        continue;
      }
      MB_CHECK(name == "source" || name == "merchant" || name == "volunteer");
      (name == "source"     ? caller.source
       : name == "merchant" ? caller.merchant_id
                            : caller.volunteer_id) = value;
    }
    callers_.push_back(std::move(caller));
  } else if (word == "code") {
    shown_ = std::string(line);
  } else if (word == "zone") {
    MB_CHECK(absl::LoadTimeZone(std::string(line), &zone_));
  } else if (word == "use") {
    Given(World(line));
  } else if (word == "sweep") {
    auto salt = [this] { return salt_++; };
    ledger_.Sweep({wall_us_, salt}, 1000,
                  [this](std::string_view event) { events_.emplace_back(event); });
  } else {
    auto parsed = Parse(whole);
    if (auto* refused = std::get_if<Refused>(&parsed)) return Tell(*refused, field);
    auto salt = [this] { return salt_++; };
    return Tell(ledger_.Execute(std::get<Command>(parsed), {wall_us_, salt},
                                [this](std::string_view event) { events_.emplace_back(event); }),
                field);
  }
  return "ok";
}

void Script::Given(std::string_view lines) {
  for (std::string_view line : Split(lines, '\n')) {
    while (line.starts_with(' ')) line.remove_prefix(1);
    if (line.empty()) continue;
    const std::string told = Run(line, true);
    ASSERT_EQ(told, "ok") << "given: " << line << "\n" << refused_.message;
  }
}

std::vector<std::string> Script::Atomic(const std::vector<std::string>& lines) {
  std::vector<Command> commands;
  for (const std::string& line : lines) {
    if (line.starts_with("recorded ") || line.starts_with("by ")) {
      Run(line);
      continue;
    }
    auto parsed = Parse(line);
    if (const auto* refused = std::get_if<Refused>(&parsed)) {
      ADD_FAILURE() << line << "\n" << refused->message;
      return {};
    }
    commands.push_back(std::get<Command>(parsed));
  }
  auto salt = [this] { return salt_++; };
  std::vector<std::string> told;
  for (const Answer& answer :
       ledger_.ExecuteAtomic(commands, {wall_us_, salt},
                             [this](std::string_view event) { events_.emplace_back(event); })) {
    told.push_back(Tell(answer, false));
  }
  return told;
}

const Volunteer& Script::volunteer(std::string_view id) const {
  const Volunteer* row = state().volunteers().Find(id);
  MB_CHECK(row != nullptr);
  return *row;
}

v1::Event Script::event(size_t sequence) const {
  v1::Event event;
  MB_CHECK(event.ParseFromString(events_.at(sequence)));
  return event;
}

int64_t Script::Micros(std::string_view text) const {
  std::string spelt(text);
  std::replace(spelt.begin(), spelt.end(), 'T', ' ');
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d %H:%M", spelt, zone_, &time, &error)) {
    ADD_FAILURE() << spelt << ": " << error;
  }
  return absl::ToUnixMicros(time);
}

std::variant<Command, Refused> Script::Parse(std::string_view line) {
  const std::string_view kind = TakeWord(line);
  const CommandBody body = MakeBody(kind, sent_);
  std::optional<std::string_view> request_id;
  if (line.starts_with('#')) {
    const std::string_view id = TakeWord(line).substr(1);
    if (id != "-") request_id = request_ids_.emplace_back(Expand(id));
  } else if (kNamedByTheirSubject.count(kind) == 0) {
    request_id = request_ids_.emplace_back(Text("q", request_ids_.size()));
  }
  google::protobuf::Message* message = sent_.back().get();
  if (!google::protobuf::TextFormat::ParseFromString(Expand(line), message)) {
    ADD_FAILURE() << "not in text format: " << line;
  }
  if (callers_.empty()) callers_.push_back({"somebody", "", "", ""});
  ShowCode show_code;
  if (const auto volunteer_id = std::exchange(shown_, std::nullopt)) {
    show_code = [this, volunteer_id]() -> std::variant<ShownCode, Refused> {
      ++codes_asked_;
      return ShownCode{*volunteer_id, std::string(16, 'c')};
    };
  }
  return Prepare(callers_.back(), body, request_id, recorded_us_, std::move(show_code));
}

std::string Script::Expand(std::string_view text) const {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '@') {
      constexpr size_t kLength = std::string_view("2021-03-05T09:00").size();
      out += std::to_string(Micros(text.substr(i + 1, kLength)));
      i += kLength;
    } else if (text[i] == '$') {
      out += std::to_string(state().size());
    } else if (text[i] == '^') {
      size_t end = i + 1;
      while (end < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[end]))) ++end;
      out.append(std::stoul(std::string(text.substr(i + 1, end - i - 1))) - 1, out.back());
      i = end - 1;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string Script::Tell(const Answer& answer, bool field) {
  if (std::holds_alternative<Accepted>(answer)) return "ok";
  if (std::holds_alternative<AlreadyApplied>(answer)) return "again";
  refused_ = std::get<Refused>(answer);
  EXPECT_FALSE(refused_.message.empty());
  const std::string_view name = RefusalName(refused_.reason);
  return field ? Text(name, " ", refused_.field) : std::string(name);
}

namespace {

std::string DescribeLot(const LotKey& key, int64_t units) {
  return Text(key.expiry, key.graced ? "g:" : ":", units);
}

std::string DescribeAmount(const Amount& amount) { return Text(amount.units, "/", amount.fen); }

std::string DescribeFen(const std::vector<BudgetFen>& by_budget) {
  std::string out;
  for (const BudgetFen& part : by_budget) out += Text(" budget ", part.budget, ":", part.fen);
  return out;
}

std::string DescribeDay(const DayOrders& orders) {
  return Text("orders ", orders.day, ":", orders.orders, "/", orders.points);
}

std::string DescribeVolunteer(const Volunteer& row) {
  std::string out =
      Text("volunteer ", row.id, row.frozen ? " frozen" : "", row.closed ? " closed" : "",
           row.has_opening_balance ? " opened" : "", " pending ", row.pending_units, " available ",
           row.available_units, " held ", row.held_units, " debt ", row.debt_units, " minutes ",
           row.credited_minutes, "+", row.honorary_minutes, " events ", row.event_count, " last ",
           row.last_sequence);
  if (row.merged_into) out += Text(" into ", *row.merged_into);
  for (const Lot& lot : row.lots) out += " lot " + DescribeLot(lot.key, lot.units);
  for (const Pending& pending : row.pending) {
    out += Text(" pending ", pending.matures, "/", pending.record, " ",
                DescribeLot(pending.lot.key, pending.lot.units));
  }
  for (const LostLot& lost : row.lost) {
    out += Text(" lost ", DescribeLot(lost.key, lost.expired_units), "/", lost.forfeited_units);
  }
  for (const ServedInterval& served : row.intervals) {
    out += Text(" served ", served.start_minute, "+", served.minutes);
  }
  for (const DayMinutes& day : row.days) {
    out += Text(" day ", day.day, ":", day.credited, "+", day.honorary);
  }
  for (const ActivityMinutes& activity : row.activities) {
    out += Text(" activity ", activity.activity, ":", activity.minutes);
  }
  for (const AwardCount& count : row.awards) {
    out += Text(" award ", count.award, "/", count.year, ":", count.times);
  }
  for (const uint32_t order : row.open_orders) out += Text(" order ", order);
  for (const Bought& bought : row.bought) {
    out += Text(" bought ", bought.item, "/", bought.period, ":", bought.quantity);
  }
  return out + Text(" age ", static_cast<int>(row.age_band), " ", DescribeDay(row.day_orders));
}

std::string DescribeMerchant(const Merchant& row) {
  std::string out =
      Text("merchant ", row.id, " ", row.payable_units, "/", row.payable_fen,
           row.suspended ? " suspended" : "", " last day ", row.last_day.value_or(-1), " open ",
           row.open_orders, " ", DescribeDay(row.day_orders), " newest ", row.newest_statement,
           " since ", DescribeAmount(row.since.paid), " ", DescribeAmount(row.since.reversed), " ",
           DescribeAmount(row.since.written_off), DescribeFen(row.since.by_budget));
  for (const BookedMonth& booked : row.booked) {
    out += Text(" month ", booked.month, " ", DescribeAmount(booked.confirmed), " ",
                DescribeAmount(booked.refunded), DescribeFen(booked.by_budget));
  }
  return out;
}

std::string DescribeItem(const Item& row) {
  return Text("item ", row.id, " ", row.merchant, " ", row.price_points, " received ", row.received,
              " delivered ", row.delivered, " returned ", row.returned, " sent back ",
              row.sent_back, " reserved ", row.reserved, " fen ", row.settle_fen, " funding ",
              static_cast<int>(row.funding), " ", row.budget_source, " limit ",
              row.limit.quantity(), "/", static_cast<int>(row.limit.period()), " ages ",
              static_cast<int>(row.age_bands), row.withdrawn ? " withdrawn" : "");
}

std::string DescribeOrder(const Order& row) {
  std::string out = Text("order ", row.order_id, " ", row.id.high, ":", row.id.low, " of ",
                         static_cast<int>(row.scope), "/", row.owner, " ", row.volunteer, " ",
                         row.merchant, " state ", static_cast<int>(row.state), " placed ",
                         row.placed_us, " deadline ", row.deadline_us, " ends ", row.ends_us,
                         " delivered ", row.delivered_us, " voucher ", row.voucher_sha256);
  for (const OrderedLine& line : row.lines) {
    out += Text(" line ", line.item, " ", line.quantity, " at ", line.price_points, "/",
                line.settle_fen, " budget ", line.budget, " delivered ", line.delivered, " back ",
                line.refunded);
  }
  for (const Lot& lot : row.lots) out += " lot " + DescribeLot(lot.key, lot.units);
  return out;
}

std::string DescribeBudget(const Budget& row) {
  return Text("budget ", row.id, " ", row.name.year(), "/", row.name.source(), " allocated ",
              row.allocated_fen, " reserved ", row.reserved_fen, " owed ", row.owed_fen, " paid ",
              row.paid_fen, " warn ", row.warn_percent, row.warned ? " warned" : "");
}

std::string DescribeStatement(const Statement& row) {
  const StatementAmounts& amounts = row.amounts;
  return Text("statement ", row.id, " ", row.merchant, " state ", static_cast<int>(row.state),
              " through ", row.through.value_or(-1), " opening ", DescribeAmount(amounts.opening),
              " confirmed ", DescribeAmount(amounts.confirmed), " refunded ",
              DescribeAmount(amounts.refunded), " paid ", DescribeAmount(amounts.paid),
              " reversed ", DescribeAmount(amounts.reversed), " written off ",
              DescribeAmount(amounts.written_off), DescribeFen(row.by_budget), " previous ",
              row.previous, " opened ", row.opened_us, " closes ", row.closes_us, " at ",
              row.sequence, " ", row.payment_reference);
}

std::string DescribeRecord(const State& state, const Record& row) {
  std::string out = Text("record ", row.record_id, " of ", row.source, " key ", row.id.high, ":",
                         row.id.low, " by ", row.submitted_by, "/", row.disputed_by, " volunteer ",
                         row.volunteer, " activity ", row.activity, " session ", row.session,
                         " day ", row.day, " from ", row.start_minute, "+", row.minutes, " award ",
                         row.award, ":", row.award_points, " state ", static_cast<int>(row.state));
  if (row.backfilled) out += " backfilled";
  if (row.disputed) out += " disputed";
  out += Text(" waits ", static_cast<int>(row.wait_reasons), " credited ", row.credited_day,
              " corrects ", row.corrects, " corrected by ", row.corrected_by, " at ", row.sequence,
              " last ", row.last_sequence);
  for (const Segment& segment : row.segments) {
    out += Text(" segment ", segment.day, ":", segment.credited, "+", segment.honorary, " v",
                segment.rule_version, " ", DescribeLot(segment.lot, segment.units));
  }
  if (row.activity != kNoIndex) {
    if (const State::People* people = state.PeopleAt(OccurrenceOf(row))) {
      const std::map<uint32_t, uint32_t> sorted(people->begin(), people->end());
      for (const auto& [volunteer, records] : sorted) {
        out += Text(" person ", volunteer, "*", records);
      }
    }
  }
  return out;
}

}  // namespace

std::string DescribeRow(const State& state, RowRef ref) {
  switch (ref.table) {
    case TableKind::kPrincipal: {
      const Principal& row = state.principals()[ref.index];
      return Text("principal ", row.id, row.revoked ? " revoked " : " ",
                  row.registered.ShortDebugString());
    }
    case TableKind::kVolunteer:
      return DescribeVolunteer(state.volunteers()[ref.index]);
    case TableKind::kOrganisation: {
      const Organisation& row = state.organisations()[ref.index];
      return Text("organisation ", row.id, " ", static_cast<int>(row.kind), " headcount ",
                  row.headcount ? Text(*row.headcount) : "unknown");
    }
    case TableKind::kActivity: {
      const Activity& row = state.activities()[ref.index];
      return Text("activity ", row.id, " ", row.organisation, " ", row.category, " ", row.starts_us,
                  " ", row.ends_us.value_or(-1), " capacity ", row.capacity.value_or(0), " state ",
                  static_cast<int>(row.state), " by ", row.submitted_by, " at ", row.sequence);
    }
    case TableKind::kSession: {
      const Session& row = state.sessions()[ref.index];
      return Text("session ", row.id, " ", row.activity, " ", row.day, " ", row.starts_us, " ",
                  row.ends_us);
    }
    case TableKind::kMerchant:
      return DescribeMerchant(state.merchants()[ref.index]);
    case TableKind::kItem:
      return DescribeItem(state.items()[ref.index]);
    case TableKind::kName:
      return Text("name ", state.names()[ref.index].id);
    case TableKind::kRecord:
      return DescribeRecord(state, state.records()[ref.index]);
    case TableKind::kOrder:
      return DescribeOrder(state.orders()[ref.index]);
    case TableKind::kBudget:
      return DescribeBudget(state.budgets()[ref.index]);
    case TableKind::kStatement:
      return DescribeStatement(state.statements()[ref.index]);
    case TableKind::kProposal: {
      const Proposal& row = state.proposals()[ref.index];
      return Text("proposal ", row.id, row.open ? " open" : "", " by ", row.proposed_by, " at ",
                  row.sequence, " ", row.proposed.ShortDebugString());
    }
  }
  std::abort();
}

std::vector<RowRef> RowsOf(const State& state) {
  const std::pair<TableKind, uint32_t> tables[] = {
      {TableKind::kPrincipal, state.principals().size()},
      {TableKind::kVolunteer, state.volunteers().size()},
      {TableKind::kOrganisation, state.organisations().size()},
      {TableKind::kActivity, state.activities().size()},
      {TableKind::kSession, state.sessions().size()},
      {TableKind::kMerchant, state.merchants().size()},
      {TableKind::kItem, state.items().size()},
      {TableKind::kName, state.names().size()},
      {TableKind::kRecord, state.records().size()},
      {TableKind::kOrder, state.orders().size()},
      {TableKind::kProposal, state.proposals().size()},
      {TableKind::kBudget, state.budgets().size()},
      {TableKind::kStatement, state.statements().size()}};
  std::vector<RowRef> rows;
  for (const auto& [table, size] : tables) {
    for (uint32_t index = 0; index < size; ++index) rows.push_back({table, index});
  }
  return rows;
}

std::string Describe(const State& state) {
  const LedgerRow& row = state.ledger();
  std::string out =
      Text("ledger ", state.ledger_id(), " ", row.time_zone, " state ", static_cast<int>(row.state),
           " size ", row.size, " last ", row.last_recorded_us, " issued ", row.issued_units,
           " expired ", row.expired_units, " revoked ", row.revoked_units, " forfeited ",
           row.forfeited_units, " donated ", row.donated_units, " pending ", row.pending_units,
           " available ", row.available_units, " held ", row.held_units, " debt ", row.debt_units,
           " payable ", row.payable_units, " settled ", row.settled_units, " written off ",
           row.written_off_units, " closed ", row.closed_through.value_or(-1), " open from ",
           row.open_from_us, row.open_command ? " open" : "", "\n");
  for (const Rule& rule : row.rules) {
    out += Text("rule ", rule.version, " ", rule.published.ShortDebugString(), "\n");
  }
  for (const RowRef ref : RowsOf(state)) out += DescribeRow(state, ref) + "\n";
  for (const auto& [day, volunteer] : state.dues()) {
    out += Text("due ", day, " ", volunteer, "\n");
  }
  for (const Timer& timer : state.timers()) {
    out += Text("timer ", timer.due_us, " ", static_cast<int>(timer.kind), " ", timer.index, "\n");
  }
  for (const auto& [sequence, index] : state.waiting_activities()) {
    out += Text("waiting activity ", sequence, " ", index, "\n");
  }
  for (const auto& [sequence, index] : state.waiting_records()) {
    out += Text("waiting record ", sequence, " ", index, "\n");
  }
  for (const auto& [sequence, index] : state.open_proposals()) {
    out += Text("open proposal ", sequence, " ", index, "\n");
  }
  return out;
}

std::string DescribeReplayed(const std::string& ledger_id, const std::vector<std::string>& events) {
  Ledger ledger(ledger_id);
  for (const std::string& event : events) {
    const absl::Status status = ledger.Replay(event);
    if (!status.ok()) return std::string(MessageOf(status));
  }
  return Describe(ledger.state());
}

RuleTable::RuleTable(std::vector<Row> rows) : rows_(std::move(rows)) {
  Registry().insert(Registry().end(), rows_.begin(), rows_.end());
}

void RuleTable::Run() const {
  for (const Row& row : rows_) {
    SCOPED_TRACE(row.name);
    Script script;
    script.Given(row.given);
    if (testing::Test::HasFatalFailure()) return;
    const size_t size = script.events().size();
    const bool with_field = row.want.find(' ') != std::string::npos;
    const std::string told = script.Run(row.command, with_field);
    EXPECT_EQ(told, row.want) << script.refused().message;
    // A refused command leaves nothing but what the clock has come to.
    size_t own = 0;
    size_t want = 0;
    for (size_t i = size; i < script.events().size(); ++i) {
      const v1::Event event = script.event(i);
      if (event.scope() == v1::REQUEST_SCOPE_UNSPECIFIED) continue;
      ++own;
      want = event.command_event_count();
    }
    EXPECT_EQ(own, told == "ok" ? std::max<size_t>(want, 1) : 0);
    EXPECT_EQ(DescribeReplayed("linhai", script.events()), Describe(script.state()));
  }
}

const std::vector<Row>& RuleTable::All() { return Registry(); }

}  // namespace meritbook
