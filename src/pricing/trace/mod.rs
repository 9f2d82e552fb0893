//! The trace: why each amount is what it is.

mod exact;
mod kind;
mod shipping;
mod step;

pub(super) use exact::inexact;
pub use kind::{
    CapKind, ConditionKind, CouponObstacle, LimitKind, SuppressionKind, TaxNumberOutcome,
    TenderKind,
};
pub use shipping::{ShippingPart, ShippingPartKind};
pub use step::{RoundedLine, TraceStep};

/// The steps of a quote; one that is silent keeps none, for those who want only amounts.
pub(super) struct Trace {
    steps: Vec<TraceStep>,
    is_kept: bool,
}

impl Trace {
    pub fn kept(capacity: usize) -> Self {
        Self { steps: Vec::with_capacity(capacity), is_kept: true }
    }

    pub fn silent() -> Self {
        Self { steps: Vec::new(), is_kept: false }
    }

    pub fn is_kept(&self) -> bool {
        self.is_kept
    }

    pub fn push(&mut self, step: TraceStep) {
        if self.is_kept {
            self.steps.push(step);
        }
    }

    pub fn append(&mut self, steps: &mut Vec<TraceStep>) {
        if self.is_kept {
            self.steps.append(steps);
        }
    }

    pub fn into_steps(self) -> Vec<TraceStep> {
        self.steps
    }
}
