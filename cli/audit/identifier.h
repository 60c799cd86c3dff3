// Owns: what an id may look like, and which ids give a person away.
// Promises: the auditor's own reading of DESIGN section 2, GB 11643 and GB/T 2260.
// Thread: any.
#ifndef MERITBOOK_CLI_AUDIT_IDENTIFIER_H_
#define MERITBOOK_CLI_AUDIT_IDENTIFIER_H_

#include <string_view>

namespace meritbook::audit {

// [A-Za-z0-9._:-]{1,64}
bool IsWellFormedId(std::string_view id);

// As a whole a mainland mobile number (1[3-9] and nine more digits) or a resident identity number
// (18 characters: known province, plausible birth date, right checksum, X or x).
bool IsPersonalNumber(std::string_view id);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_IDENTIFIER_H_
