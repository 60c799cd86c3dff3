// Owns: orders in words: their positions, who placed them, what became of them.
// Promises: every value has its words in both languages; a new one doesn't compile without.
// Thread: any.
#ifndef MERITBOOK_CLI_ORDER_WORDS_H_
#define MERITBOOK_CLI_ORDER_WORDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "cli/language.h"
#include "meritbook/v1/mall.pb.h"
#include "meritbook/v1/settlement.pb.h"

namespace meritbook::cli {

// "rice-5kg=2 bun=1"; an open amount is "points=30".
std::string LinesText(const google::protobuf::RepeatedPtrField<v1::OrderLine>& lines);
std::string LinesText(const google::protobuf::RepeatedPtrField<v1::PricedLine>& lines);
std::string LinesText(const google::protobuf::RepeatedPtrField<v1::OrderedLine>& lines);
// Of one position: its item, or "points" of an open amount.
std::string ItemName(const std::string& item_id);

// "platform/app", "merchant/bakery", "principal/lin": what --owner takes.
std::string OwnerText(const v1::OrderRef& order);
// InvalidArgument for anything else.
absl::StatusOr<v1::OrderOwner> ParseOwner(std::string_view text);
v1::OrderOwner OwnerOf(const v1::OrderRef& order);

const char* WordsOf(v1::OrderState state, Language language);
const char* WordsOf(v1::StatementState state, Language language);
const char* WordsOf(v1::Funding funding, Language language);
// "2 a month"; empty without a limit.
std::string WordsOf(const v1::ItemLimit& limit, Language language);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_ORDER_WORDS_H_
