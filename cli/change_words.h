// Owns: a change that needs two people, in a line that the second person can judge it by.
// Promises: every kind of change has its words, with all amounts and ids that it carries.
// Thread: any.
#ifndef MERITBOOK_CLI_CHANGE_WORDS_H_
#define MERITBOOK_CLI_CHANGE_WORDS_H_

#include <string>

#include "absl/time/time.h"
#include "cli/language.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::cli {

// "adjust v-bai by +10.00, without end (goodwill)"; without the proposal's id.
std::string WordsOf(const v1::ProposeChange& proposal, Language language, absl::TimeZone zone);

// "2021-03-06, 2 h" of a length; with clock times "2 h from 2021-03-06 08:00+08:00".
std::string WordsOf(const v1::ServiceRecord& record, Language language, absl::TimeZone zone);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_CHANGE_WORDS_H_
