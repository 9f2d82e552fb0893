//! The order in which promotions run.

use super::{Phase, Promotion, Ruleset, StackingMode};

/// Positions of the promotions by phase, priority and id. A group whose promotions are decided together has its turn where its
/// first one would have it, whatever their phases are; those on shipping have one of their own.
pub(super) fn of(ruleset: &Ruleset) -> Vec<Vec<usize>> {
    let mut turns: Vec<Vec<usize>> = Vec::with_capacity(ruleset.promotions.len());
    for at in sorted(&ruleset.promotions) {
        let Some(promotion) = ruleset.promotions.get(at) else { continue };
        let together = decided_together(promotion, ruleset);
        let same = |turn: &&mut Vec<usize>| {
            let first = turn.first().and_then(|first| ruleset.promotions.get(*first));
            together
                && first.is_some_and(|first| {
                    first.group == promotion.group
                        && first.is_on_shipping() == promotion.is_on_shipping()
                })
        };
        match turns.iter_mut().find(same) {
            Some(turn) => turn.push(at),
            None => turns.push(vec![at]),
        }
    }
    turns
}

fn decided_together(promotion: &Promotion, ruleset: &Ruleset) -> bool {
    let Some(id) = &promotion.group else { return false };
    let group = ruleset.stacking.groups.iter().find(|group| group.id == *id);
    group.is_some_and(|group| group.mode != StackingMode::Sequential)
}

fn sorted(promotions: &[Promotion]) -> Vec<usize> {
    let rank = |at: usize| -> Option<(Phase, i32, &str)> {
        promotions.get(at).map(|rule| (rule.phase(), rule.priority, rule.id.as_str()))
    };
    let mut order: Vec<usize> = Vec::with_capacity(promotions.len());
    for at in 0..promotions.len() {
        // Insertion is enough for a thousand, and needs no second sort in the browser module.
        let place = order.partition_point(|&earlier| rank(earlier) <= rank(at));
        order.insert(place, at);
    }
    order
}
