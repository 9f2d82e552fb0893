//! The life of an order as tables. What may follow what is data; docs/life.md is drawn from it.
//!
//! The axes are those of features.md b2. Payment is no axis here: it follows from the ledger.

use crate::{
    command::CommandKind,
    order::{OrderStatus, ShipmentStatus},
    returns::{ReturnKind, ReturnStatus},
};

/// Moves of the order axis: from, by, to. A command that begins an order has no row.
pub const ORDER_MOVES: &[(OrderStatus, CommandKind, OrderStatus)] = {
    use CommandKind as By;
    use OrderStatus as S;
    &[
        (S::Draft, By::SaveDraft, S::Draft),
        (S::Draft, By::Discard, S::Discarded),
        (S::Draft, By::Place, S::Placed),
        (S::Placed, By::Confirm, S::Confirmed),
        (S::Placed, By::Cancel, S::Canceled),
        (S::Placed, By::Expire, S::Expired),
        (S::Confirmed, By::Cancel, S::Canceled),
        (S::Confirmed, By::Complete, S::Completed),
        (S::Completed, By::Reopen, S::Confirmed),
        (S::Canceled, By::Reinstate, S::Placed),
        (S::Expired, By::Reinstate, S::Placed),
    ]
};

/// One move of the shipment axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShipmentMove {
    /// From where; a shipment that nobody wrote down before has no status.
    pub from: Option<ShipmentStatus>,
    /// By which command.
    pub by: CommandKind,
    /// To where.
    pub to: ShipmentStatus,
    /// Only in shops that skip this step.
    pub skips: Option<WorkStep>,
}

/// A step of the work on a shipment that a shop may leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkStep {
    /// Taking goods from the shelf.
    Pick,
    /// Putting them into a parcel.
    Pack,
    /// Both.
    PickAndPack,
}

/// Moves of the shipment axis.
pub const SHIPMENT_MOVES: &[ShipmentMove] = {
    use CommandKind as By;
    use ShipmentStatus as S;
    const fn step(from: ShipmentStatus, by: CommandKind, to: ShipmentStatus) -> ShipmentMove {
        ShipmentMove { from: Some(from), by, to, skips: None }
    }
    const fn skip(
        from: Option<ShipmentStatus>,
        by: CommandKind,
        to: ShipmentStatus,
        step: WorkStep,
    ) -> ShipmentMove {
        ShipmentMove { from, by, to, skips: Some(step) }
    }
    &[
        step(S::Pending, By::Allocate, S::Allocated),
        step(S::Pending, By::CancelShipment, S::Canceled),
        step(S::Allocated, By::Pick, S::Picked),
        step(S::Allocated, By::CancelShipment, S::Canceled),
        step(S::Picked, By::Unpick, S::Allocated),
        step(S::Picked, By::Pack, S::Packed),
        step(S::Packed, By::Unpack, S::Picked),
        step(S::Packed, By::Ship, S::Shipped),
        step(S::Packed, By::ReadyForPickup, S::ReadyForPickup),
        step(S::ReadyForPickup, By::PickUp, S::PickedUp),
        step(S::ReadyForPickup, By::Unpack, S::Picked),
        step(S::Shipped, By::HandOver, S::OutForDelivery),
        step(S::Shipped, By::Deliver, S::Delivered),
        step(S::Shipped, By::FailDelivery, S::DeliveryFailed),
        step(S::Shipped, By::Lose, S::Lost),
        step(S::OutForDelivery, By::Deliver, S::Delivered),
        step(S::OutForDelivery, By::FailDelivery, S::DeliveryFailed),
        step(S::OutForDelivery, By::Lose, S::Lost),
        step(S::DeliveryFailed, By::Redeliver, S::Shipped),
        step(S::DeliveryFailed, By::ReturnToSender, S::ReturnedToSender),
        step(S::DeliveryFailed, By::Lose, S::Lost),
        skip(Some(S::Allocated), By::Pack, S::Packed, WorkStep::Pick),
        skip(Some(S::Picked), By::Ship, S::Shipped, WorkStep::Pack),
        skip(Some(S::Picked), By::ReadyForPickup, S::ReadyForPickup, WorkStep::Pack),
        skip(Some(S::Allocated), By::Ship, S::Shipped, WorkStep::PickAndPack),
        skip(Some(S::Allocated), By::ReadyForPickup, S::ReadyForPickup, WorkStep::PickAndPack),
        skip(None, By::Ship, S::Shipped, WorkStep::PickAndPack),
    ]
};

/// One move of the return axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnMove {
    /// From where.
    pub from: ReturnStatus,
    /// By which command.
    pub by: CommandKind,
    /// To where.
    pub to: ReturnStatus,
    /// Only where no goods need to come back: money back alone (仅退款), and claims.
    pub without_goods: bool,
}

/// Moves of the return axis. A request has no row: it begins a return.
pub const RETURN_MOVES: &[ReturnMove] = {
    use CommandKind as By;
    use ReturnStatus as S;
    const fn step(from: ReturnStatus, by: CommandKind, to: ReturnStatus) -> ReturnMove {
        ReturnMove { from, by, to, without_goods: false }
    }
    &[
        step(S::Requested, By::ApproveReturn, S::Approved),
        step(S::Requested, By::DeclineReturn, S::Declined),
        step(S::Requested, By::CancelReturn, S::Canceled),
        step(S::Approved, By::CancelReturn, S::Canceled),
        step(S::Approved, By::ExpireReturn, S::Expired),
        step(S::Approved, By::SendReturn, S::InTransit),
        step(S::Approved, By::ReceiveReturn, S::Received),
        step(S::InTransit, By::ReceiveReturn, S::Received),
        step(S::Received, By::ReceiveReturn, S::Received),
        step(S::Received, By::InspectReturn, S::Inspected),
        step(S::Inspected, By::ReceiveReturn, S::Received),
        step(S::Inspected, By::InspectReturn, S::Inspected),
        step(S::Inspected, By::ResolveReturn, S::Resolved),
        ReturnMove {
            from: S::Approved,
            by: By::ResolveReturn,
            to: S::Resolved,
            without_goods: true,
        },
        step(S::Resolved, By::CloseReturn, S::Closed),
    ]
};

/// Who may give a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The customer whose order it is, and the shop.
    Customer,
    /// The shop's people and programs.
    Shop,
}

/// A condition that the order must meet, whatever the arguments of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// No hold.
    NotOnHold,
    /// A hold.
    OnHold,
    /// What the payment terms ask for before work begins: paid or authorized, unless it is paid later.
    PaymentRule,
    /// The time to pay is over.
    PayTimeOver,
    /// No money was received beside gift cards and the like.
    NothingReceived,
    /// No payment is on its way.
    NothingPending,
    /// Money was received for a closed order.
    LatePayment,
    /// Something is owed, in either direction.
    BalanceOpen,
    /// Nothing is owed, in either direction.
    BalanceSettled,
    /// Nothing has left, but for what came back or was lost.
    NothingShipped,
    /// Nothing is off the shelf.
    NothingInHand,
    /// Something is not set aside yet.
    GoodsOpen,
    /// Something can leave.
    GoodsToShip,
    /// The customer has something that no return holds.
    GoodsToReturn,
    /// No return waits for goods or an answer.
    NoOpenReturn,
    /// All has left.
    GoodsGone,
    /// All has arrived.
    GoodsArrived,
    /// The customer said that the goods are there, or the time to send them back is over.
    ReturnTimeOver,
    /// Nothing is in a parcel, and nothing has left.
    NothingPacked,
    /// Not all goods have left.
    GoodsHere,
    /// An edit waits for a yes.
    EditProposed,
    /// Goods were promised and are not there, and nobody has chosen yet.
    ShortageOpen,
}

/// When a command is possible, whatever its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandRule {
    /// The command.
    pub command: CommandKind,
    /// Who may give it.
    pub who: Who,
    /// In which statuses of the order.
    pub statuses: &'static [OrderStatus],
    /// What else must be so, in the order in which reasons are given.
    pub guards: &'static [Guard],
}

/// The rule of every command.
pub const COMMAND_RULES: &[CommandRule] = {
    use CommandKind as C;
    use Guard as G;
    use OrderStatus as S;
    const OPEN: &[OrderStatus] = &[S::Placed, S::Confirmed];
    const WORK: &[OrderStatus] = &[S::Confirmed];
    const SENT: &[OrderStatus] = &[S::Confirmed, S::Completed];
    const NOT_CLOSED: &[OrderStatus] = &[S::Placed, S::Confirmed, S::Completed];
    const CLOSED: &[OrderStatus] = &[S::Canceled, S::Expired];
    const AFTER_DRAFT: &[OrderStatus] =
        &[S::Placed, S::Confirmed, S::Completed, S::Canceled, S::Expired];
    const fn rule(
        command: CommandKind,
        who: Who,
        statuses: &'static [OrderStatus],
        guards: &'static [Guard],
    ) -> CommandRule {
        CommandRule { command, who, statuses, guards }
    }
    const fn shop(
        command: CommandKind,
        statuses: &'static [OrderStatus],
        guards: &'static [Guard],
    ) -> CommandRule {
        rule(command, Who::Shop, statuses, guards)
    }
    &[
        rule(C::SaveDraft, Who::Customer, &[S::Draft], &[]),
        rule(C::Discard, Who::Customer, &[S::Draft], &[]),
        rule(C::Place, Who::Customer, &[S::Draft], &[]),
        shop(C::RecordPayment, AFTER_DRAFT, &[]),
        shop(C::WriteOff, AFTER_DRAFT, &[G::BalanceOpen]),
        shop(C::Confirm, &[S::Placed], &[G::NotOnHold, G::PaymentRule]),
        shop(C::Hold, OPEN, &[]),
        shop(C::Release, OPEN, &[G::OnHold]),
        shop(C::Allocate, WORK, &[G::NotOnHold]),
        shop(C::Pick, WORK, &[G::NotOnHold]),
        shop(C::Unpick, WORK, &[]),
        shop(C::Pack, WORK, &[G::NotOnHold]),
        shop(C::Unpack, WORK, &[]),
        shop(C::CancelShipment, WORK, &[]),
        shop(C::Ship, WORK, &[G::NotOnHold, G::PaymentRule, G::GoodsToShip]),
        shop(C::HandOver, SENT, &[]),
        shop(C::ReadyForPickup, WORK, &[G::NotOnHold]),
        shop(C::PickUp, WORK, &[G::NotOnHold, G::PaymentRule]),
        shop(C::Deliver, SENT, &[]),
        shop(C::FailDelivery, SENT, &[]),
        shop(C::Redeliver, SENT, &[]),
        shop(C::ReturnToSender, SENT, &[]),
        shop(C::Lose, SENT, &[]),
        rule(C::ConfirmReceipt, Who::Customer, WORK, &[G::GoodsGone]),
        shop(C::CancelLines, OPEN, &[G::GoodsOpen]),
        rule(C::SettleShortage, Who::Customer, OPEN, &[G::ShortageOpen]),
        rule(C::Amend, Who::Customer, NOT_CLOSED, &[]),
        rule(C::ProposeAmendment, Who::Customer, OPEN, &[]),
        rule(C::AcceptAmendment, Who::Customer, OPEN, &[G::EditProposed]),
        rule(C::DeclineAmendment, Who::Customer, NOT_CLOSED, &[G::EditProposed]),
        shop(
            C::Complete,
            WORK,
            &[G::GoodsArrived, G::BalanceSettled, G::NoOpenReturn, G::ReturnTimeOver],
        ),
        shop(C::Reopen, &[S::Completed], &[]),
        rule(C::Cancel, Who::Customer, OPEN, &[G::NothingShipped, G::NothingInHand]),
        shop(C::Expire, &[S::Placed], &[G::PayTimeOver, G::NothingReceived, G::NothingPending]),
        shop(C::Reinstate, CLOSED, &[G::LatePayment]),
        rule(C::RequestReturn, Who::Customer, SENT, &[G::GoodsToReturn]),
        shop(C::ApproveReturn, SENT, &[]),
        shop(C::DeclineReturn, SENT, &[]),
        rule(C::SendReturn, Who::Customer, SENT, &[]),
        shop(C::ReceiveReturn, SENT, &[]),
        shop(C::InspectReturn, SENT, &[]),
        shop(C::ResolveReturn, SENT, &[]),
        shop(C::CloseReturn, SENT, &[]),
        rule(C::CancelReturn, Who::Customer, SENT, &[]),
        shop(C::ExpireReturn, SENT, &[]),
        shop(C::GrantCredit, &[S::Placed, S::Confirmed, S::Completed], &[]),
        shop(C::Note, AFTER_DRAFT, &[]),
    ]
};

/// The rule of a command.
pub fn command_rule(command: CommandKind) -> Option<&'static CommandRule> {
    COMMAND_RULES.iter().find(|rule| rule.command == command)
}

/// Where a command leads a shipment, in a shop that skips these steps.
pub fn shipment_move(
    from: Option<ShipmentStatus>,
    by: CommandKind,
    skips: impl Fn(WorkStep) -> bool,
) -> Option<ShipmentStatus> {
    let mut moves = SHIPMENT_MOVES.iter().filter(|it| it.from == from && it.by == by);
    moves.find(|it| it.skips.is_none_or(&skips)).map(|it| it.to)
}

/// Where a command leads a return of this kind.
pub fn return_move(from: ReturnStatus, by: CommandKind, kind: ReturnKind) -> Option<ReturnStatus> {
    let mut moves = RETURN_MOVES.iter().filter(|it| it.from == from && it.by == by);
    moves.find(|it| !it.without_goods || kind.needs_no_goods()).map(|it| it.to)
}
