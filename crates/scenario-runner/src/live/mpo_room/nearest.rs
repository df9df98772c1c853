//! What came instead of what was waited for, on both sides.

use mpo_process::Task;
use serde_json::Value;
use sim_world::Instant;

use super::MpoRoom;
use crate::live::arrivals::{ArrivedTask, RejectedRequest, Wanted};
use crate::live::mambu_room::Unsent;
use crate::live::messages::NEAREST;

/// Where a wait begins.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    began: Instant,
    era: u64,
    /// How many tasks there were.
    created: u64,
}

/// What came instead of what was waited for.
pub(super) struct Nearest {
    pub(super) rejections: Vec<Value>,
    pub(super) other_tasks: Vec<Value>,
    pub(super) tasks: Vec<Value>,
    pub(super) unsent: Unsent,
    pub(super) reached_mpo: bool,
}

impl MpoRoom {
    /// Where a wait begins.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            began: self.world.now(),
            era: self.mpo.era(),
            created: self.mpo.inspect(|mpo| mpo.tasks().created()),
        }
    }

    /// What came instead, each with whether it came while waiting.
    pub(super) async fn nearest(
        &self,
        mark: Mark,
        wanted: Option<&Wanted>,
        is_shown: impl Fn(&RejectedRequest) -> bool,
    ) -> Nearest {
        let before = if mark.era == self.mpo.era() {
            mark.created
        } else {
            0
        };
        let said = |mut json: Value, while_waiting: bool| {
            json["while_waiting"] = while_waiting.into();
            json
        };
        let mut rejections: Vec<_> = {
            let entries = self.mpo.journal().entries();
            let newest = entries.iter().rev().flat_map(|entry| {
                let of_one = RejectedRequest::of(&entry.what).into_iter().rev();
                of_one.map(|rejection| (rejection, entry.at >= mark.began))
            });
            newest
                .filter(|(rejection, _)| is_shown(rejection))
                .take(NEAREST)
                .collect()
        };
        rejections.reverse();
        let newest = |is_shown: &dyn Fn(&Task) -> bool| {
            self.mpo.inspect(|mpo| {
                let tasks = mpo.tasks().iter().rev().filter(|(_, task)| is_shown(task));
                let mut newest: Vec<_> = tasks
                    .take(NEAREST)
                    .map(|(ordinal, task)| self.task(ordinal, task))
                    .collect();
                newest.reverse();
                newest
            })
        };
        let other_tasks = newest(&|task| wanted.is_some_and(|wanted| !wanted.is_task(task)));
        let tasks = newest(&|_| true);
        let exchanges = self.exchanges_of_tasks();
        let exchange = |task: &ArrivedTask| exchanges.get(&task.ordinal).copied();
        let json = |task: &ArrivedTask, message| said(task.json(message), task.ordinal > before);
        let reached_mpo = !(rejections.is_empty() && tasks.is_empty());
        let unsent = match self.bank.get() {
            Some((bank, _)) => {
                bank.asked(move |bank| async move { bank.unsent(mark.began) })
                    .await
            }
            None => None,
        };
        Nearest {
            rejections: self
                .joined(
                    &rejections,
                    |(rejection, _)| rejection.exchange,
                    |(rejection, while_waiting), message| said(rejection.json(message), *while_waiting),
                )
                .await,
            other_tasks: self.joined(&other_tasks, exchange, json).await,
            tasks: self.joined(&tasks, exchange, json).await,
            unsent: unsent.unwrap_or_default(),
            reached_mpo,
        }
    }

    /// What to make of a miss.
    pub(super) fn hint(&self, reached_mpo: bool, unsent: &Unsent) -> String {
        if reached_mpo {
            "what came instead stands under `nearest`, the newest last".into()
        } else if !(unsent.events.is_empty() && unsent.messages.is_empty()) {
            "nothing reached MPO; why stands under `nearest`, the newest last".into()
        } else if let Some((_, server)) = self.bank.get() {
            format!("nothing reached MPO; see GET {server}/sim/messages")
        } else {
            "nothing reached MPO".into()
        }
    }
}
