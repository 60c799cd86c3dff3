#include "cli/counter.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "cli/order_words.h"
#include "cli/problem.h"
#include "cli/quantity.h"
#include "cli/request_id.h"
#include "cli/voucher_code.h"

namespace meritbook::cli {
namespace {

constexpr const char* kGreen = "\033[1;32m";
constexpr const char* kRed = "\033[1;31m";
constexpr const char* kPlain = "\033[0m";
// A clock that is ahead by more than this is not put right by waiting.
constexpr int64_t kClockAheadUsMax = 3'600'000'000;

// The counter is set up wrongly; the voucher may be fine.
bool IsOurs(std::string_view reason) {
  return reason == "UNAUTHENTICATED" || reason == "ROLE_MISSING" || reason == "LEDGER_UNKNOWN" ||
         reason == "MERCHANT_NOT_YOURS" || reason == "RECORDED_TIME_MISSING";
}

}  // namespace

Counter::Counter(CounterSettings settings, TillServer& server, CounterJournal& journal,
                 std::istream& in, std::function<void(std::string_view)> show,
                 std::function<int64_t()> now_us)
    : settings_(std::move(settings)),
      server_(server),
      journal_(journal),
      in_(in),
      show_(std::move(show)),
      now_us_(std::move(now_us)) {}

void Counter::Done(std::string_view text) const {
  Line(Text(settings_.colour ? kGreen : "", Say("DONE", "完成"), settings_.colour ? kPlain : "",
            "  ", text));
}

void Counter::Refused(const absl::Status& status) const {
  Line(Text(settings_.colour ? kRed : "", Say("REFUSED", "拒绝"), settings_.colour ? kPlain : "",
            "  ", Sentence(status, settings_.language)));
}

std::optional<std::string> Counter::Ask(std::string_view question) {
  show_(Text(question, settings_.terminal ? "" : "\n"));
  std::string line;
  if (!std::getline(in_, line)) {
    if (settings_.terminal) show_("\n");
    return std::nullopt;
  }
  return std::string(absl::StripAsciiWhitespace(line));
}

// Too many wrong pay codes are answered like a busy server, but waiting is all that helps.
bool Counter::IsAway(const absl::Status& status) const {
  return RetryCanHelp(status.raw_code()) && ReasonOf(status) != "PAY_CODE_TRIES_EXCEEDED";
}

std::string Counter::ShownTime(int64_t us) const {
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixMicros(us), settings_.zone);
}

std::string Counter::Why(const absl::Status& away) const {
  if (!ReasonOf(away).empty()) return Sentence(away, settings_.language);
  return absl::IsDeadlineExceeded(away) ? Say("the server doesn't answer in time", "服务器应答超时")
                                        : Say("the server can't be reached", "无法连接服务器");
}

absl::StatusOr<std::string> Counter::NewId() const { return RandomId("till-"); }

Counter::Reply Counter::AskWhetherAgain(const absl::Status& away, bool offline_possible) {
  Line(Text(settings_.colour ? kRed : "", Say("NO ANSWER", "无应答"),
            settings_.colour ? kPlain : "",
            Say("  don't hand anything over yet: ", "  请先不要交付："), Why(away)));
  const auto answer =
      offline_possible ? Ask(Say("Enter = try again, o = hand over and send it later, x = leave: ",
                                 "回车重试，o 先交付稍后补报，x 放弃："))
                       : Ask(Say("Enter = try again (nothing doubles), x = leave: ",
                                 "回车重试（不会重复扣分），x 放弃："));
  if (!answer) return Reply::kEnd;
  if (*answer == "x") return Reply::kLeave;
  return offline_possible && *answer == "o" ? Reply::kOffline : Reply::kAgain;
}

void Counter::Help() const {
  Line(
      Say("Type or scan what the customer shows, then Enter:\n"
          "  9 digits    a pay code: choose the goods, then she pays\n"
          "  20 digits   a voucher's slip: hand over what is on it\n"
          "  an id       an order that waits for pick-up (o ID where it is digits only)\n"
          "Goods: the number in the list or the id; bun=2 for two, bun=0 for none after all;\n"
          "       p=30 for 30 points without an item, where the programme allows it.\n"
          "Enter alone sends vouchers that wait; q = quit, h = this help.\n"
          "While the server is away a voucher can be taken all the same: it is noted here and\n"
          "sent later. Look at the slip then: merchant, last day, goods.",
          "输入或扫描顾客出示的号码，然后按回车：\n"
          "  9 位数字    付款码：选择商品后扣分\n"
          "  20 位数字   兑换券：按券面交付\n"
          "  编号        待取的订单（纯数字的编号请输入 o 编号）\n"
          "商品：输入列表序号或编号；bun=2 表示两件，bun=0 表示不要；\n"
          "      p=30 表示不指定商品的 30 积分（须规则允许）。\n"
          "直接按回车：补报已收的兑换券；q 退出，h 帮助。\n"
          "服务器无法连接时仍可收券：先在本机记录，稍后补报。请核对券面的商户、有效期和商品。"));
}

void Counter::Run() {
  Line(Text(settings_.merchant_id, ", ", settings_.terminal_id,
            Say(". h = help, q = quit", "。h 帮助，q 退出")));
  if (journal_.waiting_count() > 0) (void)Send();
  for (;;) {
    if (journal_.waiting_count() > 0 && server_answered_) (void)Send();
    const size_t waiting = journal_.waiting_count();
    const auto shown =
        Ask(waiting == 0 ? Say("Code, voucher or order: ", "付款码、兑换券或订单：")
                         : Text("(", waiting, Say(" to send) ", " 张待补报）"),
                                Say("Code, voucher or order: ", "付款码、兑换券或订单：")));
    if (!shown || *shown == "q") break;
    if (shown->empty()) {
      if (waiting > 0) (void)Send();
    } else if (*shown == "h") {
      Help();
    } else if (Customer(*shown) == Next::kQuit) {
      break;
    }
  }
  if (journal_.waiting_count() > 0) {
    Line(Text(Say("vouchers not sent yet: ", "尚未补报的兑换券："), journal_.waiting_count(),
              "; merit counter --send"));
  }
}

Counter::Next Counter::Customer(const std::string& shown) {
  if (shown.starts_with("o ")) {
    return TakeOrder(std::string(absl::StripAsciiWhitespace(shown.substr(2))));
  }
  const std::string digits = DigitsOf(shown);
  if (digits.size() == kPayCodeDigits) return Sell(digits);
  const auto code = ParseVoucherCode(digits);
  if (code.ok()) return TakeVoucher(*code);
  // Digits that come near are a slip of the hand; an id of digits alone is asked for by "o".
  if (!digits.empty()) {
    Line(digits.size() == kVoucherDigits
             ? std::string(Say("this is no voucher's code: a digit is wrong, or two are swapped; "
                               "scan or type it again",
                               "兑换券号码有误（某位数字错误或相邻两位颠倒），请重新扫描或输入"))
             : Text(digits.size(), Say(" digits: a pay code has 9, a voucher 20; type or scan it "
                                       "again",
                                       " 位数字：付款码为 9 位，兑换券为 20 位，请重新输入")));
    return Next::kCustomer;
  }
  return TakeOrder(shown);
}

SentTally Counter::Send() {
  SentTally tally;
  server_answered_ = false;
  const std::vector<TakenVoucher> vouchers = journal_.vouchers();
  bool away = false;
  for (const TakenVoucher& voucher : vouchers) {
    if (voucher.state != TakenState::kWaiting) continue;
    if (voucher.ledger_id != settings_.ledger_id || voucher.merchant_id != settings_.merchant_id) {
      Line(Text(Say("kept: voucher …", "保留：兑换券 …"), voucher.last_four,
                Say(" was taken for ", " 属于 "), voucher.merchant_id, Say(" of ", "，账本 "),
                voucher.ledger_id));
      ++tally.waiting;
      continue;
    }
    away = away || !SendOne(voucher, tally);
    if (away) ++tally.waiting;
  }
  server_answered_ = false;
  return tally;
}

bool Counter::SendOne(const TakenVoucher& voucher, SentTally& tally) {
  v1::ConfirmOrderRequest request;
  request.set_request_id(voucher.request_id);
  request.set_voucher_code(voucher.code);
  request.mutable_command()->set_happened_us(voucher.happened_us);
  const auto response = server_.Confirm(request);
  const std::string about = Text(Say("voucher …", "兑换券 …"), voucher.last_four, Say(" of ", "，"),
                                 ShownTime(voucher.happened_us), ": ");
  const std::string reason = ReasonOf(response.status());
  // The try before it was noted had come through after all; this one differs by its time only.
  const bool before = reason == "REQUEST_CONFLICT";
  if (response.ok() || before) {
    const absl::Status settled = journal_.Settle(voucher.request_id, TakenState::kDone, "");
    if (!settled.ok()) Line(MessageOf(settled));
    Done(before ? Text(about, Say("sent, it was paid at the first try", "已补报，首次提交时已入账"))
                : Text(about, Say("sent, paid ", "已补报，"), Points(response->units()),
                       Say(" points, ", " 积分，"), LinesText(response->lines())));
    ++tally.done;
    return true;
  }
  if (IsAway(response.status())) {
    Line(Text(about, Say("waits, ", "待补报，"), Why(response.status())));
    return false;
  }
  const bool early =
      reason == "CONFIRM_TIME_INVALID" && now_us_() - voucher.happened_us < kClockAheadUsMax;
  if (early || IsOurs(reason)) {
    Line(Text(about, Say("kept, ", "保留，"), Sentence(response.status(), settings_.language)));
    ++tally.waiting;
    return true;
  }
  const absl::Status settled = journal_.Settle(voucher.request_id, TakenState::kRefused, reason);
  if (!settled.ok()) Line(MessageOf(settled));
  Line(about);
  Refused(response.status());
  ++tally.refused;
  return true;
}

}  // namespace meritbook::cli
