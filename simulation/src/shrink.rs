//! Making a failing plan shorter: parts are left out as long as it still fails in the same way.

use crate::{Simulator, plan::Plan};

/// Runs that are tried at most.
const MAX_RUNS: u32 = 2_000;

/// The shortest plan found that breaks the same invariant as `plan` does, and how many runs it took.
pub fn shrink(simulator: &mut Simulator, plan: &Plan) -> (Plan, u32) {
    let Some(wanted) = simulator.run_plan(plan).broken.first().and_then(|it| invariant(it)) else {
        return (plan.clone(), 1);
    };
    let mut runs = 1;
    let mut best = plan.clone();
    let mut fails = |candidate: &Plan| {
        runs += 1;
        let broken = simulator.run_plan(candidate).broken;
        runs < MAX_RUNS && broken.iter().any(|it| invariant(it).as_ref() == Some(&wanted))
    };
    loop {
        let before = (best.events.len(), best.chances.len());
        let mut size = best.events.len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            while at < best.events.len() {
                let mut candidate = best.clone();
                let end = (at + size).min(candidate.events.len());
                candidate.events.drain(at..end);
                if fails(&candidate) { best = candidate } else { at += size }
            }
            size /= 2;
        }
        for at in (0..best.chances.len()).rev() {
            let mut candidate = best.clone();
            candidate.chances.remove(at);
            if fails(&candidate) {
                best = candidate;
            }
        }
        if (best.events.len(), best.chances.len()) == before {
            return (best, runs);
        }
    }
}

/// The number of the invariant that a fault names.
fn invariant(broken: &str) -> Option<String> {
    broken.split(':').next().map(str::to_owned)
}
