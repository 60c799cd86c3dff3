#include "services/review_reads.h"

#include <array>
#include <string>
#include <utility>

#include "absl/container/btree_map.h"
#include "ledger/hours.h"
#include "ledger/id.h"
#include "ledger/text.h"
#include "ledger/units.h"
#include "services/reads.h"

namespace meritbook {
namespace {

constexpr size_t kReviewsPage = 100;
constexpr size_t kReviewsPageMax = 1'024;

void FillSegment(const State& state, const Record& record, const Segment& from,
                 v1::CreditSegment* segment) {
  segment->set_service_day_number(from.day);
  segment->set_credited_minutes(from.credited);
  segment->set_honorary_minutes(from.honorary);
  segment->set_rule_version(from.rule_version);
  if (!record.is_award()) {
    const auto& rates = state.ledger().rules[from.rule_version - 1].rates;
    const Rate& rate = rates.at(state.activities()[record.activity].category);
    segment->set_points_per_hour(rate.points_per_hour);
    segment->set_percentage(rate.percentage);
  }
  segment->set_units(from.units);
  if (from.lot.expiry != kNeverExpires) segment->set_expiry_day_number(from.lot.expiry);
  segment->set_graced(from.lot.graced);
}

// What a reviewer is asked for: minutes, of which nobody knows yet how many will earn; of an award
// its points.
void FillAsked(const State& state, const Record& record, v1::Record* out) {
  if (record.is_award()) {
    v1::CreditSegment* segment = out->add_segments();
    segment->set_service_day_number(record.day);
    segment->set_units(int64_t{record.award_points} * kUnitsPerPoint);
    return;
  }
  for (const DayPart& part : PartsOf(record, state.calendar())) {
    v1::CreditSegment* segment = out->add_segments();
    segment->set_service_day_number(part.day);
    segment->set_credited_minutes(static_cast<uint32_t>(part.minutes));
  }
}

void FillRecord(const State& state, uint32_t index, v1::Record* out) {
  const Record& record = state.records()[index];
  out->set_source(state.names()[record.source].id);
  out->set_record_id(record.record_id);
  out->set_volunteer_id(state.volunteers()[state.Survivor(record.volunteer)].id);
  out->set_state(record.state);
  out->set_disputed(record.disputed);
  for (int reason = v1::WaitReason_MIN; reason <= v1::WaitReason_MAX; ++reason) {
    if ((record.wait_reasons >> reason & 1) != 0) {
      out->add_wait_reasons(static_cast<v1::WaitReason>(reason));
    }
  }
  out->set_sequence(record.sequence);
  out->set_last_sequence(record.last_sequence);
  if (record.state == v1::RECORD_STATE_APPROVED) {
    for (const Segment& segment : record.segments) {
      FillSegment(state, record, segment, out->add_segments());
    }
  } else if (record.waits()) {
    FillAsked(state, record, out);
  }
  if (record.activity != kNoIndex) out->set_activity_id(state.activities()[record.activity].id);
  if (record.session != kNoIndex) out->set_session_id(state.sessions()[record.session].id);
  out->set_award(record.award);
  out->set_submitted_by(state.names()[record.submitted_by].id);
  if (record.corrects != kNoIndex) {
    out->set_corrects_record_id(state.records()[record.corrects].record_id);
  }
  if (record.corrected_by != kNoIndex) {
    out->set_corrected_by_record_id(state.records()[record.corrected_by].record_id);
  }
}

void FillActivityReview(const State& state, uint32_t index, v1::Review* review) {
  const Activity& activity = state.activities()[index];
  v1::WaitingActivity* out = review->mutable_activity();
  out->set_activity_id(activity.id);
  out->set_organisation_id(state.organisations()[activity.organisation].id);
  out->set_category(activity.category);
  out->set_submitted_by(state.names()[activity.submitted_by].id);
  out->set_sequence(activity.sequence);
}

void FillRecordReview(const State& state, uint32_t index, v1::Review* review) {
  FillRecord(state, index, review->mutable_record());
}

void FillProposalReview(const State& state, uint32_t index, v1::Review* review) {
  const Proposal& proposal = state.proposals()[index];
  v1::OpenProposal* out = review->mutable_proposal();
  *out->mutable_proposal() = proposal.proposed;
  out->set_proposed_by(state.names()[proposal.proposed_by].id);
  out->set_sequence(proposal.sequence);
}

// One of the queues, by the sequence at which each row began to wait, and how its rows are shown.
struct Queue {
  const absl::btree_map<uint64_t, uint32_t>& rows;
  void (*fill)(const State&, uint32_t index, v1::Review*);
};

}  // namespace

std::optional<Refused> ReadRecord(const State& state, const Caller& caller,
                                  const v1::GetRecordRequest& request,
                                  v1::GetRecordResponse* response) {
  if (auto refused = CheckMinSize(state, request.min_size())) return refused;
  const v1::RecordRef& ref = request.record();
  for (const auto& [field, id] : {std::pair("record.source", &ref.source()),
                                  std::pair("record.record_id", &ref.record_id())}) {
    // Before it is named in a refusal: an endless one would not fit into the answer.
    if (!IsId(*id)) return NotFound(v1::REFUSAL_RECORD_UNKNOWN, field, *id);
  }
  if (!caller.source.empty() && caller.source != ref.source()) {
    return Refused{v1::REFUSAL_SOURCE_NOT_YOURS,
                   "record.source",
                   Text("you post for ", caller.source, " only"),
                   {{"source", caller.source}}};
  }
  const auto index = state.records().IndexOf(RecordKey(ref.source(), ref.record_id()));
  if (!index) {
    return Refused{v1::REFUSAL_RECORD_UNKNOWN,
                   "record.record_id",
                   Text("there is no record ", ref.record_id(), " of ", ref.source()),
                   {{"record_id", ref.record_id()}, {"source", ref.source()}}};
  }
  FillRecord(state, *index, response->mutable_record());
  response->set_size(state.size());
  return std::nullopt;
}

std::optional<Refused> ReadReviews(const State& state, const v1::ListReviewsRequest& request,
                                   v1::ListReviewsResponse* response) {
  const std::array<Queue, 3> queues = {{{state.waiting_activities(), FillActivityReview},
                                        {state.waiting_records(), FillRecordReview},
                                        {state.open_proposals(), FillProposalReview}}};
  const PageSize page = PageSizeOf(request.page_size(), kReviewsPage, kReviewsPageMax);
  if (page.refused) return page.refused;
  std::pair<uint64_t, uint64_t> from{0, 0};
  if (!request.page_token().empty()) {
    const auto token = ParsePageToken(request.page_token());
    if (!token || token->first >= queues.size()) return BadPageToken();
    from = *token;
  }
  response->set_size(state.size());
  uint64_t waiting = 0;
  for (const Queue& queue : queues) waiting += queue.rows.size();
  response->set_waiting_count(waiting);

  size_t bytes = 0;
  for (uint64_t i = from.first; i < queues.size(); ++i) {
    const Queue& queue = queues[i];
    for (auto row = queue.rows.lower_bound(i == from.first ? from.second : 0);
         row != queue.rows.end(); ++row) {
      const size_t filled = static_cast<size_t>(response->reviews_size());
      if (filled == page.items || bytes >= kPageBytesMax) {
        response->set_next_page_token(Text(i, ":", row->first));
        return std::nullopt;
      }
      v1::Review* review = response->add_reviews();
      queue.fill(state, row->second, review);
      bytes += review->ByteSizeLong();
    }
  }
  return std::nullopt;
}

}  // namespace meritbook
