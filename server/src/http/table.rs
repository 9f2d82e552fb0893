//! All routes. The router and the OpenAPI document are made from this table.

use orderkit::{
    Code, CustomerFacts, Draft, GiftCard, Ruleset,
    numbering::VoidRecord,
    replica::protocol::{SyncRequest, SyncResponse},
    returns::Settlement,
    review::ReviewRules,
};

use super::{
    customers, events, health, notices, numbers, openapi, orders, payments, quote, review,
    route::{Group, Reply, Route, Who, delete, get, post, put},
    rules, session, stock, sync, track,
};
use crate::{numbers::NumbersReport, payment::Wish, save::Replaced, sync::PlaceRequest};

/// Every route of the API.
pub(super) fn routes() -> Vec<Route> {
    let parts = [server(), orders(), previews(), beside_orders(), payments(), rules(), goods()];
    parts.into_iter().flatten().collect()
}

fn server() -> Vec<Route> {
    vec![
        get("/health", health::live, Who::Anybody, "Whether the server is up; 503 once it is told to stop")
            .group(Group::Health)
            .answers::<health::Health>(),
        get("/ready", health::ready, Who::Anybody, "Whether it can work: the database answers and it is not stopping")
            .group(Group::Health)
            .answers::<health::Ready>(),
        get("/v1/openapi.json", openapi::document, Who::Anybody, "This document").reply(Reply::AnyJson),
        get("/v1/session", session::holder, Who::User, "Whose token this is").answers::<session::Holder>(),
        post("/v1/session", session::open, Who::Anybody, "A session for trying out, only with `serve --open-sign-in`")
            .takes::<session::SignIn>()
            .harmless("each time another session; one that nobody uses expires")
            .refuses(403, Code::TokenForbids)
            .answers::<session::Session>(),
        delete("/v1/session", session::close, Who::User, "Signs out: the token and all that came from the same sign-in end")
            .answers::<session::Closed>(),
        post("/v1/session/refresh", session::refresh, Who::Anybody, "A new token for a refresh token, which is used up by it")
            .takes::<session::Refresh>()
            .harmless("within a minute the used token gives another pair; later all tokens of the sign-in end")
            .refuses(401, Code::TokenInvalid)
            .answers::<session::Session>(),
        post("/v1/{tenant}/sync", sync::sync, Who::User, "The sync protocol: commands up, verdicts and changes down")
            .group(Group::Sync)
            .takes_large::<SyncRequest>()
            .harmless("a counter that was decided gets its stored verdict")
            .refuses(409, Code::ClientForked)
            .refuses(413, Code::BatchTooLarge)
            .refuses(426, Code::ProtocolUnknown)
            .answers::<SyncResponse>(),
        get("/v1/{tenant}/events", events::listen, Who::User, "Server-sent pokes: that there is something to pull")
            .group(Group::Stream)
            .query::<events::Access>()
            .refuses(429, Code::StreamsTooMany)
            .reply(Reply::EventStream),
        post("/v1/{tenant}/events/token", events::token, Who::User, "A token for the address of the stream, for clients that cannot send headers")
            .harmless("each time another token, which lasts a minute")
            .answers::<events::EventsToken>(),
        post("/v1/{tenant}/track", track::track, Who::Anybody, "A buyer without an account finds one order, by number and contact")
            .takes::<track::Search>()
            .harmless("each time another token for the same order")
            .refuses(404, Code::TrackingUnknown)
            .refuses(422, Code::Required)
            .refuses(422, Code::TextTooLong)
            .refuses(429, Code::TriesTooMany)
            .answers::<track::Found>(),
    ]
}

fn orders() -> Vec<Route> {
    vec![
        get(
            "/v1/{tenant}/orders",
            orders::list,
            Who::User,
            "A page of orders, newest first; customers see their own",
        )
        .query::<orders::ListParameters>()
        .answers::<orders::Page>(),
        post("/v1/{tenant}/orders", orders::place, Who::User, "Places a draft")
            .takes_document::<PlaceRequest>()
            .once()
            .judged()
            .creates::<orders::Detail>(),
        get(
            "/v1/{tenant}/orders/{order}",
            orders::one,
            Who::Buyer,
            "The order, its derived statuses, and its log",
        )
        .query::<orders::DetailParameters>()
        .refuses(404, Code::OrderUnknown)
        .answers::<orders::Detail>(),
        post(
            "/v1/{tenant}/orders/{order}/commands",
            orders::command,
            Who::Buyer,
            "One command of the life of an order",
        )
        .takes_document::<orders::CommandRequest>()
        .once()
        .judged()
        .refuses(404, Code::OrderUnknown)
        .answers::<orders::Detail>(),
    ]
}

/// Questions about an order that change nothing.
fn previews() -> Vec<Route> {
    vec![
        post(
            "/v1/{tenant}/orders/{order}/amendments/preview",
            orders::preview_amendment,
            Who::Buyer,
            "What an edit would come to",
        )
        .takes_document::<orders::AmendmentRequest>()
        .judged()
        .refuses(404, Code::OrderUnknown)
        .answers::<orders::Previewed>(),
        post(
            "/v1/{tenant}/orders/{order}/returns/preview",
            orders::preview_return,
            Who::Buyer,
            "What a return would give",
        )
        .takes_document::<orders::PreviewRequest>()
        .judged()
        .refuses(404, Code::OrderUnknown)
        .answers::<Settlement>(),
        get(
            "/v1/{tenant}/allowed/{order}",
            orders::allowed,
            Who::Buyer,
            "Every command and change with the reasons against it, returnable lines, deadlines",
        )
        .refuses(404, Code::OrderUnknown)
        .answers::<orders::Allowed>(),
    ]
}

/// What stands beside an order: notices, prices of drafts, numbers.
fn beside_orders() -> Vec<Route> {
    vec![
        get(
            "/v1/{tenant}/orders/{order}/notices",
            notices::list,
            Who::Staff,
            "What the customer was told of the order",
        )
        .refuses(404, Code::OrderUnknown)
        .answers::<notices::NoticeList>(),
        post(
            "/v1/{tenant}/orders/{order}/notices/{position}/send",
            notices::send_again,
            Who::Staff,
            "Tries a notice again that was given up",
        )
        .harmless("only a notice that was given up is tried again")
        .refuses(404, Code::OrderUnknown)
        .refuses(404, Code::NotFound)
        .answers::<notices::Shown>(),
        post(
            "/v1/{tenant}/quote",
            quote::quote,
            Who::User,
            "Prices a draft: the bytes of the library",
        )
        .query::<quote::Asked>()
        .takes_document::<Draft>()
        .reply(Reply::AnyJson),
        post(
            "/v1/{tenant}/validate",
            quote::validate,
            Who::User,
            "Checks a draft: the bytes of the library",
        )
        .query::<quote::Asked>()
        .takes_document::<Draft>()
        .reply(Reply::AnyJson),
        get(
            "/v1/{tenant}/numbers/report",
            numbers::report,
            Who::Staff,
            "What became of each serial of each series",
        )
        .query::<numbers::ReportParameters>()
        .answers::<NumbersReport>(),
        post("/v1/{tenant}/numbers/void", numbers::void, Who::Staff, "Records serials as given up")
            .takes::<numbers::VoidEntry>()
            .once()
            .judged()
            .answers::<VoidRecord>(),
        post(
            "/v1/{tenant}/numbers/return",
            numbers::give_back_blocks,
            Who::User,
            "Ends the blocks of a device and records what it had left as void",
        )
        .takes::<numbers::ReturnEntry>()
        .harmless("a device without a block gives nothing back")
        .answers::<numbers::Returned>(),
    ]
}

fn payments() -> Vec<Route> {
    vec![
        post("/v1/{tenant}/orders/{order}/payments", payments::pay, Who::Buyer, "Asks the provider to authorize, capture, void or refund")
            .takes::<Wish>()
            .once()
            .judged()
            .refuses(404, Code::OrderUnknown)
            .creates::<payments::Paid>(),
        post("/v1/{tenant}/orders/{order}/payments/{payment}/ask", payments::ask, Who::Staff, "Asks the provider now what became of a payment")
            .harmless("what is known is not asked again")
            .refuses(404, Code::OrderUnknown)
            .refuses(404, Code::NotFound)
            .answers::<payments::Paid>(),
        post("/v1/{tenant}/payments/webhook/{provider}", payments::webhook, Who::Provider, "What a provider says, signed for the tenant")
            .group(Group::Webhook)
            .harmless("a message is taken once, and answered the same")
            .refuses(401, Code::SignatureInvalid)
            .refuses(404, Code::NotFound)
            .judged()
            .reply(Reply::Empty(204)),
        post("/v1/{tenant}/payments/statement", payments::statement, Who::Staff, "A bank statement: lines that name one order are recorded on it, the rest waits in quarantine")
            .takes_large::<payments::StatementRequest>()
            .harmless("a line is known by its id")
            .judged()
            .answers::<payments::StatementAnswer>(),
        get("/v1/{tenant}/quarantine", payments::list, Who::Staff, "Money that fits no order")
            .query::<payments::QuarantineParameters>()
            .answers::<payments::QuarantineList>(),
        post("/v1/{tenant}/quarantine/{entry}/match", payments::match_order, Who::Staff, "Says which order money belongs to")
            .takes::<payments::MatchRequest>()
            .harmless("the same decision again changes nothing")
            .judged()
            .refuses(404, Code::NotFound)
            .refuses(409, Code::QuarantineEnded)
            .answers::<payments::Shown>(),
        post("/v1/{tenant}/quarantine/{entry}/refund", payments::refund, Who::Staff, "Gives money back that fits no order")
            .takes::<payments::ReasonRequest>()
            .harmless("the same decision again changes nothing")
            .judged()
            .refuses(404, Code::NotFound)
            .refuses(409, Code::QuarantineEnded)
            .answers::<payments::Shown>(),
        post("/v1/{tenant}/quarantine/{entry}/dismiss", payments::dismiss, Who::Staff, "Says that an entry means nothing")
            .takes::<payments::ReasonRequest>()
            .harmless("the same decision again changes nothing")
            .judged()
            .refuses(404, Code::NotFound)
            .refuses(409, Code::QuarantineEnded)
            .answers::<payments::Shown>(),
    ]
}

fn rules() -> Vec<Route> {
    vec![
        get("/v1/{tenant}/review", review::current, Who::Admin, "The signals of fraud")
            .answers::<ReviewRules>(),
        put("/v1/{tenant}/review", review::replace, Who::Admin, "Sets the signals of fraud")
            .takes_document::<ReviewRules>()
            .judged()
            .answers::<ReviewRules>(),
        get("/v1/{tenant}/ruleset", rules::current, Who::User, "The rules in force")
            .refuses(404, Code::RulesetUnknown)
            .answers::<Ruleset>(),
        put(
            "/v1/{tenant}/ruleset",
            rules::replace,
            Who::Admin,
            "Saves rules as a new version; with `If-Match` only if nobody has saved others",
        )
        .query::<rules::SaveParameters>()
        .takes_large::<Ruleset>()
        .judged()
        .refuses(409, Code::RulesetChanged)
        .answers::<Replaced>(),
        get(
            "/v1/{tenant}/ruleset/uses",
            customers::uses,
            Who::Staff,
            "How often and how far each promotion and price list was used",
        )
        .answers::<customers::Uses>(),
        get(
            "/v1/{tenant}/ruleset/versions",
            rules::versions,
            Who::Admin,
            "The versions with who and when",
        )
        .answers::<rules::Versions>(),
        get(
            "/v1/{tenant}/ruleset/versions/{digest}",
            rules::version,
            Who::Admin,
            "The document of one version",
        )
        .refuses(404, Code::RulesetUnknown)
        .answers::<Ruleset>(),
    ]
}

fn goods() -> Vec<Route> {
    vec![
        get(
            "/v1/{tenant}/customers/{user}",
            customers::customer,
            Who::User,
            "What is known of a customer: for staff, and for the user",
        )
        .answers::<CustomerFacts>(),
        put(
            "/v1/{tenant}/customers/{user}",
            customers::put_customer,
            Who::Admin,
            "Sets groups, points, store credit, tax number, exemptions; what is left out stays",
        )
        .takes::<customers::CustomerEntry>()
        .judged()
        .answers::<CustomerFacts>(),
        get(
            "/v1/{tenant}/gift-cards/{code}",
            customers::gift_card,
            Who::Staff,
            "Balance and end of a gift card",
        )
        .refuses(404, Code::NotFound)
        .answers::<GiftCard>(),
        put(
            "/v1/{tenant}/gift-cards/{code}",
            customers::put_gift_card,
            Who::Admin,
            "Sets balance and end of a gift card",
        )
        .takes::<customers::CardEntry>()
        .judged()
        .answers::<GiftCard>(),
        get("/v1/{tenant}/stock", stock::list, Who::Staff, "The SKUs that are counted")
            .query::<stock::Asked>()
            .answers::<stock::Page>(),
        get(
            "/v1/{tenant}/stock/{sku}",
            stock::one,
            Who::Staff,
            "One of them, with what open orders hold and its log",
        )
        .refuses(404, Code::NotFound)
        .answers::<stock::Detail>(),
        put("/v1/{tenant}/stock/{sku}", stock::put, Who::Admin, "What a count found")
            .takes::<stock::StockEntryRequest>()
            .judged()
            .answers::<stock::Level>(),
        delete("/v1/{tenant}/stock/{sku}", stock::delete, Who::Admin, "It is not counted any more")
            .answers::<stock::Removed>(),
        post(
            "/v1/{tenant}/stock/{sku}/adjust",
            stock::adjust,
            Who::Staff,
            "So many came or went, and why",
        )
        .takes::<stock::AdjustRequest>()
        .once()
        .judged()
        .refuses(404, Code::NotFound)
        .refuses(409, Code::StockChanged)
        .answers::<stock::Level>(),
        post(
            "/v1/{tenant}/stock-leases/return",
            stock::give_back_leases,
            Who::User,
            "Makes what a device may sell without a network anybody's again",
        )
        .takes::<stock::ReturnRequest>()
        .harmless("a device without a part gives nothing back")
        .answers::<stock::Returned>(),
    ]
}
