//! Returns: their steps and guards, what is given for them, exchanges, claims, goodwill, and random lives.

mod edited;
mod exchange;
mod issues;
mod life;
mod lives;
mod policies;
mod random;
mod steps;
