// Owns: the checks on what every event carries around its body.
// Promises: follows the log whatever it says, so that one wrong envelope is told once.
// Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_ENVELOPE_H_
#define MERITBOOK_CLI_AUDIT_ENVELOPE_H_

#include <cstdint>
#include <string>

#include "cli/audit/body.h"
#include "cli/audit/books.h"
#include "cli/audit/finding.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

class EnvelopeAudit {
 public:
  // Whether the event at this place in the log continues the command before it.
  bool Continues(const v1::Event& event, uint64_t index);
  // `index` is the event's place in the log; the books are those before the event.
  MaybeViolation Take(const Taking& taking, const BodyTraits& traits, uint64_t index);

  // Nothing when the last command is complete.
  MaybeViolation CheckEnd() const;

 private:
  // The command whose events are still to come.
  struct OpenCommand {
    uint64_t first_sequence = 0;
    uint32_t event_count = 0;
    uint32_t events_missing = 0;
    std::string actor;
    std::string source;
    int scope = 0;
    std::string request_id;
    int kind = 0;
    int64_t recorded_us = 0;
  };

  MaybeViolation TakeTimes(const v1::Event& event, const BodyTraits& traits);
  MaybeViolation TakeContinued(const v1::Event& event);
  MaybeViolation TakeFirst(const v1::Event& event, uint64_t index, const Books& books);
  MaybeViolation TakeRequest(const v1::Event& event, const BodyTraits& traits, Books& books);

  int64_t last_recorded_us_ = 0;
  OpenCommand open_;
};

// The passbook links of an event that is in the books already. Follows them.
MaybeViolation TakePassbook(Books& books, const v1::Event& event, const BodyTraits& traits,
                            uint64_t index);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_ENVELOPE_H_
