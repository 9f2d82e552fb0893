//! Whole shops in one thread: clients, a server, a network and storage, under faults that follow from a seed.
//!
//! The clients are [`orderkit::client`], the server is the code behind HTTP on a database in memory. Everything else is
//! simulated here: time, messages, storage that loses what was not flushed, pages that end, servers that die. A run makes
//! no choice that does not follow from its seed, so a failing seed fails again, and [`shrink`] makes its plan shorter.

#![expect(clippy::indexing_slicing, reason = "positions in lists that only grow")]

pub mod device;
pub mod invariants;
pub mod network;
pub mod plan;
pub mod server;
pub mod shrink;
pub mod world;

use std::rc::Rc;

use orderkit::Rules;
use plan::Plan;
use server::{Server, shop};
use world::{Outcome, World};

/// What runs seeds, one after the other.
#[derive(Debug)]
pub struct Simulator {
    server: Server,
    rules: Rc<Rules>,
}

impl Simulator {
    /// With a server that is set up once.
    ///
    /// # Panics
    ///
    /// If the simulated shop's rules are not usable, which a test would show.
    pub fn new() -> Self {
        let rules = Rules::from_json(shop::ruleset(0).as_bytes()).expect("usable rules");
        Self { server: Server::new(), rules: Rc::new(rules) }
    }

    /// Runs the plan of a seed.
    pub fn run(&mut self, seed: u64) -> Outcome {
        self.run_plan(&Plan::of(seed))
    }

    /// Runs a plan.
    pub fn run_plan(&mut self, plan: &Plan) -> Outcome {
        World::new(plan, &mut self.server, &self.rules).run()
    }

    /// Runs a plan and prints what happens.
    pub fn tell_plan(&mut self, plan: &Plan) -> Outcome {
        let mut world = World::new(plan, &mut self.server, &self.rules);
        world.is_told = true;
        world.run()
    }
}

impl Default for Simulator {
    fn default() -> Self {
        Self::new()
    }
}
