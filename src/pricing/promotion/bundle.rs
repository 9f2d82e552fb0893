//! Which units serve which part of a bundle.
//!
//! Parts may want the same goods. Units are taken from the dearest on, and one that finds its parts full makes room by moving
//! others to parts that still have some: the sets of units that can be served together are the independent sets of a transversal
//! matroid (Edmonds and Fulkerson 1965), so this finds a bundle wherever there is one, and the dearest one.

use super::units::{self, Run};
use crate::ruleset::{BundlePart, UnitPick};

/// Units of one line that serve a part.
#[derive(Clone, Copy)]
struct Serving {
    /// The position among the runs.
    run: usize,
    part: usize,
    count: u32,
}

struct Assignment<'r> {
    /// For each part, the runs of which it takes units.
    parts: &'r [Vec<Run>],
    /// All runs, the dearest first.
    runs: Vec<Run>,
    /// Units that each part still lacks.
    lacks: Vec<u32>,
    servings: Vec<Serving>,
}

/// Units for so many bundles; `None` if there are too few.
pub(super) fn assigned(parts: &[BundlePart], runs: &[Vec<Run>], times: u32) -> Option<Vec<Run>> {
    let lacks = parts.iter().map(|part| part.quantity.checked_mul(times)).collect::<Option<_>>()?;
    let mut all: Vec<Run> = Vec::new();
    for run in runs.iter().flatten() {
        if !all.iter().any(|known| known.line == run.line) {
            all.push(*run);
        }
    }
    units::sort(&mut all, UnitPick::Dearest);
    let mut assignment = Assignment { parts: runs, runs: all, lacks, servings: Vec::new() };
    let mut chosen = Vec::new();
    for run in 0..assignment.runs.len() {
        let count = assignment.serve(run);
        if let Some(run) = assignment.runs.get(run).filter(|_| count > 0) {
            chosen.push(Run { count, ..*run });
        }
    }
    assignment.lacks.iter().all(|lack| *lack == 0).then_some(chosen)
}

impl Assignment<'_> {
    /// Gives as many units of a run to the parts as find room; how many that are.
    fn serve(&mut self, run: usize) -> u32 {
        let mut left = self.runs.get(run).map_or(0, |run| run.count);
        let all = left;
        while left > 0 {
            let Some(path) = self.path(run) else { break };
            let moved = self.push(run, &path, left);
            left = left.saturating_sub(moved);
        }
        all.saturating_sub(left)
    }

    fn takes(&self, part: usize, run: usize) -> bool {
        let line = self.runs.get(run).map(|run| run.line);
        self.parts.get(part).is_some_and(|runs| runs.iter().any(|it| Some(it.line) == line))
    }

    /// Parts from one that takes the run to one that lacks units; each next part takes units of a run that serves the one before.
    fn path(&self, run: usize) -> Option<Vec<usize>> {
        let count = self.parts.len();
        let mut from: Vec<Option<usize>> = vec![None; count];
        let mut queue: Vec<usize> = (0..count).filter(|part| self.takes(*part, run)).collect();
        let mut seen: Vec<bool> = (0..count).map(|part| queue.contains(&part)).collect();
        let mut next = 0;
        while let Some(part) = queue.get(next).copied() {
            next = next.saturating_add(1);
            if self.lacks.get(part).is_some_and(|lack| *lack > 0) {
                let mut path = vec![part];
                let mut at = part;
                while let Some(before) = from.get(at).copied().flatten() {
                    path.push(before);
                    at = before;
                }
                path.reverse();
                return Some(path);
            }
            for other in 0..count {
                let open = seen.get(other).is_some_and(|seen| !seen);
                if open && self.between(part, other).is_some() {
                    if let Some(flag) = seen.get_mut(other) {
                        *flag = true;
                    }
                    if let Some(before) = from.get_mut(other) {
                        *before = Some(part);
                    }
                    queue.push(other);
                }
            }
        }
        None
    }

    /// A serving of one part whose units another one takes as well.
    fn between(&self, part: usize, other: usize) -> Option<usize> {
        self.servings
            .iter()
            .position(|it| it.part == part && it.count > 0 && self.takes(other, it.run))
    }

    /// Moves as many units along the path as go at once, at most `most`; how many that are.
    fn push(&mut self, run: usize, path: &[usize], most: u32) -> u32 {
        let last = path.last().copied().unwrap_or_default();
        let mut moved = most.min(self.lacks.get(last).copied().unwrap_or(0));
        let steps = || path.iter().zip(path.iter().skip(1));
        for (part, other) in steps() {
            let serving = self.between(*part, *other).and_then(|at| self.servings.get(at));
            moved = moved.min(serving.map_or(0, |it| it.count));
        }
        let servings: Vec<Option<usize>> =
            steps().map(|(part, other)| self.between(*part, *other)).collect();
        for (at, (_, other)) in servings.into_iter().zip(steps()) {
            let Some(serving) = at.and_then(|at| self.servings.get_mut(at)) else { continue };
            serving.count = serving.count.saturating_sub(moved);
            let run = serving.run;
            self.servings.push(Serving { run, part: *other, count: moved });
        }
        let first = path.first().copied().unwrap_or_default();
        self.servings.push(Serving { run, part: first, count: moved });
        if let Some(lack) = self.lacks.get_mut(last) {
            *lack = lack.saturating_sub(moved);
        }
        moved
    }
}
