#include "cli/audit/envelope.h"

#include <string_view>
#include <utility>

#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {
namespace {

// Where a principal's request ids count.
struct Scope {
  v1::RequestScope scope = v1::REQUEST_SCOPE_PRINCIPAL;
  std::string_view source;
};

Scope ScopeOf(const Principal& principal) {
  if (!principal.source.empty()) return {v1::REQUEST_SCOPE_SOURCE, principal.source};
  if (!principal.merchant_id.empty()) return {v1::REQUEST_SCOPE_MERCHANT, principal.merchant_id};
  return {};
}

MaybeViolation CheckKind(const v1::Event& event, const BodyTraits& traits) {
  const bool by_ledger = traits.kind == v1::COMMAND_KIND_UNSPECIFIED;
  if (event.kind() != traits.kind) {
    return Violation{Invariant::KIND_WRONG, Text("expected kind ", static_cast<int>(traits.kind),
                                                 ", found ", static_cast<int>(event.kind()))};
  }
  if (by_ledger &&
      !(event.actor().empty() && event.source().empty() && event.request_id().empty() &&
        event.scope() == v1::REQUEST_SCOPE_UNSPECIFIED)) {
    return Violation{Invariant::KIND_WRONG,
                     "what the ledger does by itself has no actor and no request id"};
  }
  return std::nullopt;
}

// Principals of the server's configuration are not in the log: of them only the form is known.
MaybeViolation CheckActor(const v1::Event& event, const Principal* actor) {
  if (actor != nullptr) {
    const Scope want = ScopeOf(*actor);
    if (event.scope() == want.scope && event.source() == want.source) return std::nullopt;
    return Violation{
        Invariant::SCOPE_WRONG,
        Text("expected scope ", static_cast<int>(want.scope), " of \"", want.source, "\", found ",
             static_cast<int>(event.scope()), " of \"", Shown(event.source()), "\"")};
  }
  if (auto violation = RequirePersonId("actor", event.actor())) return violation;
  const bool named =
      event.scope() == v1::REQUEST_SCOPE_SOURCE || event.scope() == v1::REQUEST_SCOPE_MERCHANT;
  if (named) return RequireId("source", event.source());
  if (event.scope() == v1::REQUEST_SCOPE_PRINCIPAL && event.source().empty()) return std::nullopt;
  return Violation{Invariant::SCOPE_WRONG,
                   Text("scope ", static_cast<int>(event.scope()), " of \"", Shown(event.source()),
                        "\" is none that a command can have")};
}

MaybeViolation CheckRevoked(const Principal* actor) {
  if (actor == nullptr || !actor->revoked) return std::nullopt;
  return Violation{Invariant::PRINCIPAL_REVOKED,
                   Text(Shown(actor->id), " acted after being revoked")};
}

MaybeViolation CheckSequence(const v1::Event& event, uint64_t index) {
  if (event.sequence() == index) return std::nullopt;
  return Violation{Invariant::SEQUENCE_WRONG,
                   Text("expected ", index, ", found ", event.sequence())};
}

}  // namespace

MaybeViolation EnvelopeAudit::TakeTimes(const v1::Event& event) {
  const int64_t before_us = std::exchange(last_recorded_us_, event.recorded_us());
  if (auto violation = RequireInstant("recorded_us", event.recorded_us())) return violation;
  if (event.recorded_us() < before_us) {
    return Violation{Invariant::RECORDED_TIME_DECREASES,
                     Text("expected at least ", before_us, " us, found ", event.recorded_us())};
  }
  if (event.occurred_us() > event.recorded_us()) {
    return Violation{
        Invariant::OCCURRED_AFTER_RECORDED,
        Text("occurred at ", event.occurred_us(), " us, recorded at ", event.recorded_us())};
  }
  return std::nullopt;
}

MaybeViolation EnvelopeAudit::TakeCommandEvents(const v1::Event& event, uint64_t index) {
  if (open_.events_missing > 0) {
    --open_.events_missing;
    if (event.command_first_sequence() == open_.first_sequence &&
        event.command_event_count() == open_.event_count && event.actor() == open_.actor &&
        event.request_id() == open_.request_id) {
      return std::nullopt;
    }
    const uint32_t missing = std::exchange(open_.events_missing, 0) + 1;
    return Violation{Invariant::COMMAND_EVENTS_BROKEN, Text(missing, " events of the command at ",
                                                            open_.first_sequence, " are missing")};
  }
  const bool alone = event.kind() == v1::COMMAND_KIND_UNSPECIFIED;
  if (event.command_first_sequence() != index || event.command_event_count() == 0 ||
      (alone && event.command_event_count() != 1)) {
    return Violation{
        Invariant::COMMAND_EVENTS_BROKEN,
        Text("expected a command's first event, found one of ", event.command_event_count(),
             " from ", event.command_first_sequence(), " on")};
  }
  if (event.command_event_count() > 1) {
    open_ = {index, event.command_event_count(), event.command_event_count() - 1, event.actor(),
             event.request_id()};
  }
  return std::nullopt;
}

MaybeViolation EnvelopeAudit::TakeRequest(const v1::Event& event, const BodyTraits& traits) {
  const SeenRequests::Space space{
      event.kind(), event.scope(),
      event.scope() == v1::REQUEST_SCOPE_PRINCIPAL ? event.actor() : event.source()};
  const auto repeated = seen_.Note(space, event.request_id(), traits.subject);
  if (repeated.request) {
    return Violation{Invariant::REQUEST_REPEATED,
                     Text("request id ", Shown(event.request_id()), " of \"", Shown(space.name),
                          "\" had its effect before")};
  }
  if (repeated.subject) {
    const bool record = traits.kind == v1::COMMAND_KIND_CREDIT_HOURS;
    return Violation{record ? Invariant::RECORD_REPEATED : Invariant::ORDER_REPEATED,
                     Text(Shown(traits.subject), " of \"", Shown(space.name),
                          "\" stands in the log before, under another request id")};
  }
  // The record or order id is checked with the body.
  if (event.request_id() == traits.subject) return std::nullopt;
  return RequireId("request_id", event.request_id());
}

MaybeViolation EnvelopeAudit::Take(const v1::Event& event, const BodyTraits& traits, uint64_t index,
                                   const Books& books) {
  MaybeViolation first;
  const auto note = [&first](MaybeViolation violation) {
    if (violation && !first) first = std::move(violation);
  };
  note(CheckSequence(event, index));
  note(TakeTimes(event));
  note(CheckKind(event, traits));
  const bool continues = open_.events_missing > 0;
  note(TakeCommandEvents(event, index));
  if (traits.kind == v1::COMMAND_KIND_UNSPECIFIED) return first;
  const Principal* actor = books.principals.Find(event.actor());
  note(CheckActor(event, actor));
  note(CheckRevoked(actor));
  if (!continues) note(TakeRequest(event, traits));
  return first;
}

MaybeViolation EnvelopeAudit::CheckEnd() const {
  if (open_.events_missing == 0) return std::nullopt;
  return Violation{Invariant::COMMAND_EVENTS_BROKEN,
                   Text("the log ends ", open_.events_missing,
                        " events before the end of the command at ", open_.first_sequence)};
}

MaybeViolation TakePassbook(Books& books, const v1::Event& event, const BodyTraits& traits,
                            uint64_t index) {
  const int concerned = traits.volunteer_id.empty() ? 0 : 1;
  if (event.passbook_size() != concerned ||
      (concerned == 1 && event.passbook(0).volunteer_id() != traits.volunteer_id)) {
    return Violation{
        Invariant::PASSBOOK_VOLUNTEERS_WRONG,
        Text("expected ", concerned, concerned == 0 ? " links" : " link, to the volunteer",
             ", found ", event.passbook_size())};
  }
  if (concerned == 0) return std::nullopt;
  Volunteer* volunteer = books.volunteers.Find(traits.volunteer_id);
  if (volunteer == nullptr) return std::nullopt;  // told by the body
  const v1::PassbookLink& link = event.passbook(0);
  const uint64_t count_before = std::exchange(volunteer->event_count, link.event_count());
  const uint64_t last_before = std::exchange(volunteer->last_sequence, index);
  if (link.event_count() != count_before + 1) {
    return Violation{Invariant::PASSBOOK_COUNT_WRONG,
                     Text("expected event ", count_before + 1, ", found ", link.event_count())};
  }
  const bool has_previous = count_before != 0;
  if (link.has_previous_sequence() != has_previous ||
      (has_previous && link.previous_sequence() != last_before)) {
    return Violation{Invariant::PASSBOOK_PREVIOUS_WRONG,
                     Text("expected ", has_previous ? Text(last_before) : "none", ", found ",
                          link.has_previous_sequence() ? Text(link.previous_sequence()) : "none")};
  }
  return std::nullopt;
}

}  // namespace meritbook::audit
