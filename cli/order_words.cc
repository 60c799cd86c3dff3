#include "cli/order_words.h"

#include "cli/quantity.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

// The same word that people write for an open amount; no item's name, since the position has none.
constexpr const char* kOpenAmount = "points";

void Add(std::string& text, const std::string& item_id, uint32_t quantity) {
  text += Text(text.empty() ? "" : " ", ItemName(item_id), "=", quantity);
}

}  // namespace

std::string ItemName(const std::string& item_id) { return item_id.empty() ? kOpenAmount : item_id; }

std::string LinesText(const google::protobuf::RepeatedPtrField<v1::OrderLine>& lines) {
  std::string text;
  for (const v1::OrderLine& line : lines) Add(text, line.item_id(), line.quantity());
  return text;
}

std::string LinesText(const google::protobuf::RepeatedPtrField<v1::PricedLine>& lines) {
  std::string text;
  for (const v1::PricedLine& line : lines) Add(text, line.item_id(), line.quantity());
  return text;
}

std::string LinesText(const google::protobuf::RepeatedPtrField<v1::OrderedLine>& lines) {
  std::string text;
  for (const v1::OrderedLine& line : lines) {
    Add(text, line.line().item_id(), line.line().quantity());
  }
  return text;
}

std::string OwnerText(const v1::OrderRef& order) {
  switch (order.scope()) {
    case v1::REQUEST_SCOPE_SOURCE:
      return Text("platform/", order.owner());
    case v1::REQUEST_SCOPE_MERCHANT:
      return Text("merchant/", order.owner());
    case v1::REQUEST_SCOPE_PRINCIPAL:
      return Text("principal/", order.owner());
    case v1::REQUEST_SCOPE_UNSPECIFIED:
    case v1::RequestScope_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::RequestScope_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return "";
}

v1::OrderOwner OwnerOf(const v1::OrderRef& order) {
  v1::OrderOwner owner;
  if (order.scope() == v1::REQUEST_SCOPE_SOURCE) owner.set_source(order.owner());
  if (order.scope() == v1::REQUEST_SCOPE_MERCHANT) owner.set_merchant_id(order.owner());
  if (order.scope() == v1::REQUEST_SCOPE_PRINCIPAL) owner.set_principal_id(order.owner());
  return owner;
}

absl::StatusOr<v1::OrderOwner> ParseOwner(std::string_view text) {
  const size_t slash = text.find('/');
  const std::string_view kind = text.substr(0, slash);
  const std::string name(slash == std::string_view::npos ? "" : text.substr(slash + 1));
  v1::OrderOwner owner;
  if (kind == "platform") owner.set_source(name);
  if (kind == "merchant") owner.set_merchant_id(name);
  if (kind == "principal") owner.set_principal_id(name);
  if (!name.empty() && owner.owner_case() != v1::OrderOwner::OWNER_NOT_SET) return owner;
  return absl::InvalidArgumentError(
      Text("--owner ", text, ": write platform/ID, merchant/ID or principal/ID"));
}

const char* WordsOf(v1::OrderState state, Language language) {
  switch (state) {
    case v1::ORDER_STATE_HELD:
      return Pick(language, "held", "预留中");
    case v1::ORDER_STATE_CONFIRMED:
      return Pick(language, "handed over", "已交付");
    case v1::ORDER_STATE_CANCELLED:
      return Pick(language, "cancelled", "已取消");
    case v1::ORDER_STATE_TIMED_OUT:
      return Pick(language, "timed out", "已超时");
    case v1::ORDER_STATE_UNSPECIFIED:
    case v1::OrderState_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::OrderState_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return Pick(language, "unknown", "未知");
}

const char* WordsOf(v1::StatementState state, Language language) {
  switch (state) {
    case v1::STATEMENT_STATE_OPEN:
      return Pick(language, "open", "待确认");
    case v1::STATEMENT_STATE_OBJECTED:
      return Pick(language, "objected", "有异议");
    case v1::STATEMENT_STATE_CLOSED:
      return Pick(language, "closed, to be paid", "已关闭，待付款");
    case v1::STATEMENT_STATE_PAID:
      return Pick(language, "paid", "已付款");
    case v1::STATEMENT_STATE_WRITTEN_OFF:
      return Pick(language, "written off", "已核销");
    case v1::STATEMENT_STATE_CARRIED_FORWARD:
      return Pick(language, "carried forward", "已转入下期");
    case v1::STATEMENT_STATE_UNSPECIFIED:
    case v1::StatementState_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::StatementState_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return Pick(language, "unknown", "未知");
}

const char* WordsOf(v1::Funding funding, Language language) {
  switch (funding) {
    case v1::FUNDING_PROGRAMME:
      return Pick(language, "programme", "项目经费");
    case v1::FUNDING_DONOR:
      return Pick(language, "donor", "捐助方");
    case v1::FUNDING_MERCHANT:
    case v1::FUNDING_UNSPECIFIED:
    case v1::Funding_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::Funding_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return Pick(language, "merchant", "商户自筹");
}

std::string WordsOf(const v1::ItemLimit& limit, Language language) {
  if (limit.quantity() == 0) return "";
  const char* period = "";
  switch (limit.period()) {
    case v1::LIMIT_PERIOD_ONCE:
      period = Pick(language, " for ever", "（终身）");
      break;
    case v1::LIMIT_PERIOD_DAY:
      period = Pick(language, " a day", "（每日）");
      break;
    case v1::LIMIT_PERIOD_MONTH:
      period = Pick(language, " a month", "（每月）");
      break;
    case v1::LIMIT_PERIOD_YEAR:
      period = Pick(language, " a year", "（每年）");
      break;
    case v1::LIMIT_PERIOD_UNSPECIFIED:
    case v1::LimitPeriod_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::LimitPeriod_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return Text(Grouped(limit.quantity()), period);
}

}  // namespace meritbook::cli
