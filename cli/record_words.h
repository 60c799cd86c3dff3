// Owns: what became of a record and why it waits, in both languages.
// Promises: every value has its words; a new one doesn't compile without.
// Thread: any.
#ifndef MERITBOOK_CLI_RECORD_WORDS_H_
#define MERITBOOK_CLI_RECORD_WORDS_H_

#include <string>

#include "cli/language.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::cli {

const char* WordsOf(v1::WaitReason reason, Language language);
const char* WordsOf(v1::RecordState state, Language language);
const char* WordsOf(v1::Verdict verdict, Language language);
const char* WordsOf(v1::CloseReason reason, Language language);

// "many minutes on one day, late"; empty when there is none.
std::string WordsOf(const google::protobuf::RepeatedField<int>& wait_reasons, Language language);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_RECORD_WORDS_H_
