// Owns: what an id may look like.
// Promises: no phone or identity number enters the log as an id.
// Thread: any.
#ifndef MERITBOOK_LEDGER_ID_H_
#define MERITBOOK_LEDGER_ID_H_

#include <string_view>

namespace meritbook {

// [A-Za-z0-9._:-]{1,64}.
bool IsId(std::string_view text);

// True if `id` is, as a whole, a mobile number of mainland China (11 digits, 1[3-9]…) or a resident
// identity number (GB 11643: 18 characters with known province code, plausible birth date and right
// checksum, X or x).
bool IsPersonalIdentifier(std::string_view id);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_ID_H_
