// Owns: what read RPCs copy out about records, and about what waits for somebody.
// Promises: changes nothing; short enough for the sequencer's thread.
// Thread: the sequencer's.
#ifndef MERITBOOK_SERVICES_REVIEW_READS_H_
#define MERITBOOK_SERVICES_REVIEW_READS_H_

#include <optional>

#include "ledger/command.h"
#include "ledger/refusal.h"
#include "ledger/state.h"
#include "meritbook/v1/hours.pb.h"

namespace meritbook {

// A caller who posts for a platform reads that platform's records only.
std::optional<Refused> ReadRecord(const State& state, const Caller& caller,
                                  const v1::GetRecordRequest& request,
                                  v1::GetRecordResponse* response);

// A page token is "<queue>:<sequence>", the place where the next page begins: whatever leaves or
// joins the queues meanwhile, nothing that waited all the time is left out or comes twice.
std::optional<Refused> ReadReviews(const State& state, const v1::ListReviewsRequest& request,
                                   v1::ListReviewsResponse* response);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_REVIEW_READS_H_
