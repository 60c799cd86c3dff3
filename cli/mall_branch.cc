// The part of the command tree about the mall: merchants, items, orders, codes, vouchers, the
// counter.
#include "cli/command_branch.h"
#include "cli/counter_command.h"
#include "cli/item_commands.h"
#include "cli/merchant_commands.h"
#include "cli/order_commands.h"
#include "cli/voucher_commands.h"

namespace meritbook::cli {
namespace {

const std::vector<std::string> kAgeBands = {"under_14", "14_17", "18_59", "60_plus"};
const std::vector<std::string> kFundings = {"programme", "merchant", "donor"};

CLI::Option* AddReason(CLI::App* command, std::string& reason_code) {
  return command->add_option("--reason", reason_code, "A short code of yours")->required();
}

void AddLines(CLI::App* command, LineFlags& flags) {
  command->add_option("--item", flags.items, "ID or ID=QUANTITY; one or more");
  command
      ->add_option("--points", flags.points,
                   "So many points without an item, where the rule has open amounts")
      ->check(CLI::PositiveNumber);
}

void AddMerchantCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const merchant = Group(app, "merchant", "Who redeems points");
  CLI::App* const add = merchant->add_subcommand("add", "Add one (platform, committee)");
  const auto add_flags = std::make_shared<AddMerchantFlags>();
  add->add_option("id", add_flags->merchant_id, "The merchant's id")->required();
  add->add_option("--kind", add_flags->kind, "What kind of shop, such as bakery")->required();
  AddWriteFlags(add, add_flags->write);
  Run(add, invocation, add_flags, &AddMerchant);

  const auto changing = [&](const char* name, const char* help,
                            Outcome (*run)(Session&, const MerchantReasonFlags&)) {
    CLI::App* const command = merchant->add_subcommand(name, help);
    const auto flags = std::make_shared<MerchantReasonFlags>();
    command->add_option("id", flags->merchant_id, "The merchant's id")->required();
    if (run == &OffboardMerchant) {
      command->add_option("--last-day", flags->last_day, "Its last day of selling, YYYY-MM-DD")
          ->required();
    }
    AddReason(command, flags->reason_code);
    AddWriteFlags(command, flags->write);
    Run(command, invocation, flags, run);
  };
  changing("suspend", "Take no new orders for the time being (committee)", &SuspendMerchant);
  changing("resume", "End a suspension (committee)", &ResumeMerchant);
  changing("offboard", "Say when it leaves; open holds are honoured (committee)",
           &OffboardMerchant);

  CLI::App* const show = merchant->add_subcommand("show", "Whether it sells, and what it is owed");
  const auto merchant_id = std::make_shared<std::string>();
  show->add_option("id", *merchant_id, "The merchant's id")->required();
  Run(show, invocation, merchant_id, &ShowMerchant);
  merchant->add_subcommand("list", "All of them (committee, auditor, operator)")
      ->callback([&invocation] { invocation.run = &ListMerchants; });
}

void AddItemCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const item = Group(app, "item", "What is on the shelf");
  CLI::App* const publish = item->add_subcommand("publish", "Offer one (platform, committee)");
  const auto publish_flags = std::make_shared<PublishItemFlags>();
  publish->add_option("id", publish_flags->item_id, "The item's id")->required();
  publish->add_option("--merchant", publish_flags->merchant_id, "Who offers it")->required();
  publish->add_option("--price", publish_flags->price_points, "Whole points; it never changes")
      ->required()
      ->check(CLI::PositiveNumber);
  publish->add_option("--stock", publish_flags->stock, "Pieces on hand at first");
  publish->add_option("--settle", publish_flags->settle_yuan,
                      "Yuan that the merchant is paid for a piece, such as 12.50");
  publish->add_option("--funding", publish_flags->funding, "Who pays that; by default nobody does")
      ->check(CLI::IsMember(kFundings));
  publish->add_option("--budget", publish_flags->budget_source,
                      "Whose budget, an id; programme by default where the programme pays");
  publish->add_option("--limit", publish_flags->limit,
                      "Pieces per person: QUANTITY/once, /day, /month or /year");
  publish->add_option("--age-band", publish_flags->age_bands, "Only for these ages; one or more")
      ->check(CLI::IsMember(kAgeBands));
  AddWriteFlags(publish, publish_flags->write);
  Run(publish, invocation, publish_flags, &PublishItem);

  CLI::App* const withdraw = item->add_subcommand(
      "withdraw", "Take one off the shelf for ever (platform, committee, merchant)");
  const auto withdraw_flags = std::make_shared<WithdrawItemFlags>();
  withdraw->add_option("id", withdraw_flags->item_id, "The item's id")->required();
  AddReason(withdraw, withdraw_flags->reason_code);
  AddWriteFlags(withdraw, withdraw_flags->write);
  Run(withdraw, invocation, withdraw_flags, &WithdrawItem);

  CLI::App* const show = item->add_subcommand("show", "Price, pieces, who pays");
  const auto item_id = std::make_shared<std::string>();
  show->add_option("id", *item_id, "The item's id")->required();
  Run(show, invocation, item_id, &ShowItem);

  CLI::App* const list = item->add_subcommand("list", "The shelf");
  const auto list_flags = std::make_shared<ListItemsFlags>();
  list->add_option("--merchant", list_flags->merchant_id, "Of this merchant only");
  list->add_flag("--withdrawn", list_flags->withdrawn, "Also what was taken off");
  Run(list, invocation, list_flags, &ListItems);

  CLI::App* const stock = Group(app, "stock", "Pieces on hand");
  const auto counting = [&](const char* name, const char* help,
                            Outcome (*run)(Session&, const StockFlags&)) {
    CLI::App* const command = stock->add_subcommand(name, help);
    const auto flags = std::make_shared<StockFlags>();
    command->add_option("item", flags->item_id, "The item's id")->required();
    command->add_option("quantity", flags->quantity, "How many pieces")
        ->required()
        ->check(CLI::PositiveNumber);
    if (run == &ReturnStock) AddReason(command, flags->reason_code);
    AddWriteFlags(command, flags->write);
    Run(command, invocation, flags, run);
  };
  counting("receive", "Add pieces of an item (platform, committee, merchant)", &ReceiveStock);
  counting("return", "Take pieces away that nobody ordered (platform, committee, merchant)",
           &ReturnStock);
}

void AddPlacing(CLI::App* command, PlaceFlags& flags) {
  command->add_option("--volunteer", flags.volunteer_id, "Who pays");
  command->add_option("--pay-code", flags.pay_code, "Who pays, by the digits that she shows");
  command->add_option("--terminal", flags.terminal_id,
                      "The till's id; wrong pay codes are counted for each");
  command->add_option("--merchant", flags.merchant_id, "Who is paid")->required();
  AddLines(command, flags.lines);
  command->add_option("--order", flags.order_id,
                      "The order's id; a random one by default. The same again pays once");
}

void AddOrderCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const redeem = app.add_subcommand(
      "redeem", "Spend points for goods handed over at once (merchant, platform)");
  const auto redeem_flags = std::make_shared<PlaceFlags>();
  AddPlacing(redeem, *redeem_flags);
  AddWriteFlags(redeem, redeem_flags->write);
  Run(redeem, invocation, redeem_flags, &Redeem);

  CLI::App* const order = Group(app, "order", "Orders in two steps, and taking back");
  CLI::App* const hold =
      order->add_subcommand("hold", "Set points and pieces aside (merchant, platform)");
  const auto hold_flags = std::make_shared<PlaceFlags>();
  AddPlacing(hold, *hold_flags);
  hold->add_option("--seconds", hold_flags->hold_seconds, "For how long; the rule's longest");
  hold->add_flag("--offline", hold_flags->offline,
                 "The goods may be handed over without a connection");
  AddWriteFlags(hold, hold_flags->write);
  Run(hold, invocation, hold_flags, &Hold);

  const auto placed = [&](const char* name, const char* help,
                          Outcome (*run)(Session&, const PlacedFlags&)) {
    CLI::App* const command = order->add_subcommand(name, help);
    const auto flags = std::make_shared<PlacedFlags>();
    command->add_option("id", flags->order_id, "The order's id")->required();
    command->add_option("--owner", flags->owner,
                        "Who placed it, if not you: platform/ID, merchant/ID or principal/ID");
    if (run == &Confirm || run == &Refund) AddLines(command, flags->lines);
    if (run == &Confirm) {
      command->add_option("--happened-at", flags->happened_at,
                          "When it was handed over, if that was offline, RFC 3339");
    }
    if (run == &Cancel || run == &Refund) AddReason(command, flags->reason_code);
    if (run != &ShowOrder) AddWriteFlags(command, flags->write);
    Run(command, invocation, flags, run);
  };
  placed("confirm", "The goods were handed over, all or these (merchant, platform)", &Confirm);
  placed("cancel", "End a hold without effect (merchant, platform, committee)", &Cancel);
  placed("refund", "Take goods back and give the points back (merchant, platform)", &Refund);
  placed("show", "What became of one", &ShowOrder);

  CLI::App* const list = order->add_subcommand("list", "Those that are held");
  const auto list_flags = std::make_shared<ListOrdersFlags>();
  list->add_option("--merchant", list_flags->merchant_id, "Placed with this merchant only");
  list->add_option("--volunteer", list_flags->volunteer_id, "Of this volunteer only");
  Run(list, invocation, list_flags, &ListOrders);

  CLI::App* const issue =
      Group(app, "paycode", "Codes that a volunteer shows at a till")
          ->add_subcommand("issue", "Make one: 9 digits, for one order (platform)");
  const auto code_flags = std::make_shared<PayCodeFlags>();
  issue->add_option("volunteer", code_flags->volunteer_id, "Who will pay")->required();
  issue->add_option("--merchant", code_flags->merchant_id, "Good there only");
  issue->add_option("--seconds", code_flags->seconds, "For how long, 1 to 120; 60 by default")
      ->check(CLI::Range(1, 120));
  Run(issue, invocation, code_flags, &IssuePayCode);
}

void AddVoucherCommands(CLI::App& app, Invocation& invocation) {
  CLI::App* const voucher = Group(app, "voucher", "Slips for people without a phone");
  CLI::App* const issue =
      voucher->add_subcommand("issue", "Place an order and print its slip (platform, committee)");
  const auto issue_flags = std::make_shared<IssueVoucherFlags>();
  issue->add_option("--volunteer", issue_flags->volunteer_id, "Who pays")->required();
  issue->add_option("--merchant", issue_flags->merchant_id, "Where it is redeemed")->required();
  AddLines(issue, issue_flags->lines);
  issue->add_option("--days", issue_flags->valid_days,
                    "How many days it is good, today first; the rule's longest by default");
  issue->add_option("--order", issue_flags->order_id,
                    "The order's id; by default one that the counter finds by the slip");
  issue
      ->add_option("--page", issue_flags->page_file,
                   "Also write a page to print, mode 0600; the file must not be there")
      ->type_name("FILE");
  AddWriteFlags(issue, issue_flags->write);
  Run(issue, invocation, issue_flags, &IssueVoucher);

  CLI::App* const show = voucher->add_subcommand("show", "What is on one, and what became of it");
  const auto shown = std::make_shared<std::string>();
  show->add_option("code", *shown, "The digits on the slip, or its order's id")->required();
  Run(show, invocation, shown, &ShowVoucher);

  CLI::App* const confirm =
      voucher->add_subcommand("confirm", "What is on it was handed over (merchant, platform)");
  const auto confirm_flags = std::make_shared<ConfirmVoucherFlags>();
  confirm->add_option("code", confirm_flags->code,
                      "The digits on the slip; read from standard input by default");
  AddLines(confirm, confirm_flags->lines);
  confirm->add_option("--happened-at", confirm_flags->happened_at,
                      "When it was handed over, if that was offline, RFC 3339");
  AddWriteFlags(confirm, confirm_flags->write);
  Run(confirm, invocation, confirm_flags, &ConfirmVoucher);
}

void AddCounterCommand(CLI::App& app, Invocation& invocation) {
  CLI::App* const counter = app.add_subcommand(
      "counter", "A till for a clerk with a keyboard and a scan gun (merchant, platform)");
  const auto flags = std::make_shared<CounterFlags>();
  flags->terminal_id = "till-1";
  counter->add_option("--merchant", flags->merchant_id,
                      "Whose counter it is; by default the merchant of your key");
  counter->add_option("--terminal", flags->terminal_id, "This till's id")->capture_default_str();
  counter
      ->add_option("--journal", flags->journal_file,
                   "Where vouchers are noted while the server is away; by default in your state "
                   "folder")
      ->type_name("FILE");
  counter->add_flag("--send", flags->send, "Send the vouchers that wait there, and end");
  Run(counter, invocation, flags, &RunCounter);
}

}  // namespace

void AddMallCommands(CLI::App& app, Invocation& invocation) {
  AddMerchantCommands(app, invocation);
  AddItemCommands(app, invocation);
  AddOrderCommands(app, invocation);
  AddVoucherCommands(app, invocation);
  AddCounterCommand(app, invocation);
}

}  // namespace meritbook::cli
