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

MaybeViolation EnvelopeAudit::TakeTimes(const v1::Event& event, const BodyTraits& traits) {
  const int64_t before_us = std::exchange(last_recorded_us_, event.recorded_us());
  if (auto violation = RequireInstant("recorded_us", event.recorded_us())) return violation;
  if (event.recorded_us() < before_us) {
    return Violation{Invariant::RECORDED_TIME_DECREASES,
                     Text("expected at least ", before_us, " us, found ", event.recorded_us())};
  }
  if (!traits.timed_apart && event.occurred_us() != event.recorded_us()) {
    return Violation{
        Invariant::OCCURRED_WRONG,
        Text("expected ", event.recorded_us(), " us as recorded, found ", event.occurred_us())};
  }
  return std::nullopt;
}

bool EnvelopeAudit::Continues(const v1::Event& event, uint64_t index) {
  if (open_.events_missing == 0) return false;
  // Another command, before this one was complete.
  return event.command_first_sequence() != index;
}

MaybeViolation EnvelopeAudit::TakeContinued(const v1::Event& event) {
  --open_.events_missing;
  if (event.command_first_sequence() == open_.first_sequence &&
      event.command_event_count() == open_.event_count && event.actor() == open_.actor &&
      event.source() == open_.source && event.scope() == open_.scope &&
      event.request_id() == open_.request_id && event.kind() == open_.kind &&
      event.recorded_us() == open_.recorded_us) {
    return std::nullopt;
  }
  return Violation{
      Invariant::COMMAND_EVENTS_BROKEN,
      Text("not of one envelope with the command's first event, at ", open_.first_sequence)};
}

MaybeViolation EnvelopeAudit::TakeFirst(const v1::Event& event, uint64_t index,
                                        const Books& books) {
  const uint32_t missing = std::exchange(open_.events_missing, 0);
  const uint32_t known = CommandEventsOf(books, event);
  const uint32_t count = known == 0 ? event.command_event_count() : known;
  if (count > 1) {
    open_ = {index,
             count,
             count - 1,
             event.actor(),
             event.source(),
             event.scope(),
             event.request_id(),
             event.kind(),
             event.recorded_us()};
  }
  if (missing > 0) {
    return Violation{Invariant::COMMAND_EVENTS_BROKEN,
                     Text(missing, " events of the command before are missing")};
  }
  if (event.command_first_sequence() == index && count > 0 &&
      event.command_event_count() == count) {
    return std::nullopt;
  }
  return Violation{
      Invariant::COMMAND_EVENTS_BROKEN,
      Text("expected a command's first event of ", count, ", found one of ",
           event.command_event_count(), " from ", event.command_first_sequence(), " on")};
}

MaybeViolation EnvelopeAudit::TakeRequest(const v1::Event& event, const BodyTraits& traits,
                                          Books& books) {
  const IdBook::Space space{
      event.scope(), event.scope() == v1::REQUEST_SCOPE_PRINCIPAL ? event.actor() : event.source()};
  if (books.ids.NoteRequest(space, traits.kind, event.request_id())) {
    return Violation{Invariant::REQUEST_REPEATED,
                     Text("request id ", Shown(event.request_id()), " of \"", Shown(space.name),
                          "\" had its effect before")};
  }
  // The record or order id is checked with the body.
  if (event.request_id() == traits.subject) return std::nullopt;
  return RequireId("request_id", event.request_id());
}

MaybeViolation EnvelopeAudit::Take(const Taking& taking, const BodyTraits& traits, uint64_t index) {
  const v1::Event& event = taking.event;
  MaybeViolation first;
  const auto note = [&first](MaybeViolation violation) {
    if (violation && !first) first = std::move(violation);
  };
  note(CheckSequence(event, index));
  note(TakeTimes(event, traits));
  note(CheckKind(event, traits));
  note(taking.continues ? TakeContinued(event) : TakeFirst(event, index, taking.books));
  if (traits.kind == v1::COMMAND_KIND_UNSPECIFIED) return first;
  // A loss is declared on the server's machine: whoever does it need be nobody of the ledger.
  const Principal* known = event.has_loss_declared() ? nullptr : taking.principal;
  note(CheckActor(event, known));
  note(CheckRevoked(known));
  if (!taking.continues) note(TakeRequest(event, traits, taking.books));
  return first;
}

MaybeViolation EnvelopeAudit::CheckEnd() const {
  if (open_.events_missing == 0) return std::nullopt;
  return Violation{Invariant::COMMAND_EVENTS_BROKEN,
                   Text("the log ends ", open_.events_missing,
                        " events before the end of the command at ", open_.first_sequence)};
}

namespace {

MaybeViolation TakeLink(Books& books, const v1::PassbookLink& link, uint64_t index) {
  Volunteer* volunteer = books.volunteers.Find(link.volunteer_id());
  if (volunteer == nullptr) return std::nullopt;  // told by the body
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

}  // namespace

MaybeViolation TakePassbook(Books& books, const v1::Event& event, const BodyTraits& traits,
                            uint64_t index) {
  const int concerned =
      (traits.volunteer_id.empty() ? 0 : 1) + (traits.survivor_id.empty() ? 0 : 1);
  if (event.passbook_size() != concerned ||
      (concerned > 0 && event.passbook(0).volunteer_id() != traits.volunteer_id) ||
      (concerned > 1 && event.passbook(1).volunteer_id() != traits.survivor_id)) {
    return Violation{Invariant::PASSBOOK_VOLUNTEERS_WRONG,
                     Text("expected ", concerned, " links, to the volunteers concerned, found ",
                          event.passbook_size())};
  }
  MaybeViolation first;
  for (const v1::PassbookLink& link : event.passbook()) {
    auto violation = TakeLink(books, link, index);
    if (!first) first = std::move(violation);
  }
  return first;
}

}  // namespace meritbook::audit
