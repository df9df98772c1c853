//! The tasks that have begun, their numbers, and which references are taken.
//!
//! Bounded by the limits it is given. Knows no link and no authorization.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use mpo_process::{ConvId, Reference, Task};

use crate::happening::StartedTask;
use crate::rejection::Rejection;

/// How much a store keeps.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Active tasks of one process; more are refused.
    pub active_per_process: u64,
    /// Tasks in final nodes; the oldest are forgotten.
    pub finished: u64,
}

/// All tasks of an orchestrator, by their number in order of creation, from 1.
#[derive(Debug, Default)]
pub struct TaskStore {
    /// In order of their numbers. New ones come at the end, and the oldest are mostly the ones that go.
    tasks: VecDeque<(u64, Arc<Task>)>,
    created: u64,
    active: BTreeMap<ConvId, Active>,
    finished: VecDeque<u64>,
}

#[derive(Debug, Default)]
struct Active {
    count: u64,
    references: HashSet<Reference>,
}

impl TaskStore {
    /// The tasks it still knows, with their numbers, in order of creation.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &Task)> {
        self.tasks.iter().map(|(ordinal, task)| (*ordinal, &**task))
    }

    /// The task of that number.
    pub fn get(&self, ordinal: u64) -> Option<&Task> {
        let (_, task) = self.tasks.get(self.place(ordinal)?)?;
        Some(task)
    }

    fn place(&self, ordinal: u64) -> Option<usize> {
        self.tasks
            .binary_search_by_key(&ordinal, |(ordinal, _)| *ordinal)
            .ok()
    }

    /// How many tasks have ever begun.
    pub fn created(&self) -> u64 {
        self.created
    }

    /// Whether an active task of the process holds the reference. Documented: receiver sheet 2.
    pub fn is_taken(&self, conv_id: ConvId, reference: &Reference) -> bool {
        self.active
            .get(&conv_id)
            .is_some_and(|active| active.references.contains(reference))
    }

    /// Takes a task in, unless its reference is taken or its process is full.
    pub fn add(&mut self, task: Task, limits: Limits) -> Result<StartedTask, Rejection> {
        if let Some(reference) = task
            .reference
            .as_ref()
            .filter(|held| self.is_taken(task.conv_id, held))
        {
            return Err(Rejection::DuplicateReference(reference.clone()));
        }
        let active = self.active.entry(task.conv_id).or_default();
        if active.count >= limits.active_per_process {
            return Err(Rejection::TooManyTasks {
                max: limits.active_per_process,
            });
        }
        active.count += 1;
        if let Some(reference) = &task.reference {
            active.references.insert(reference.clone());
        }
        self.created += 1;
        let task = Arc::new(task);
        self.tasks.push_back((self.created, Arc::clone(&task)));
        Ok(StartedTask {
            ordinal: self.created,
            task,
        })
    }

    /// Puts a task into a final node, where it gives its reference free. `false` if there is no such active task.
    pub fn finish(&mut self, ordinal: u64, now_ms: i64, limits: Limits) -> bool {
        let kept = self.place(ordinal).and_then(|place| self.tasks.get_mut(place));
        let Some((_, task)) = kept.filter(|(_, task)| task.is_active()) else {
            return false;
        };
        Arc::make_mut(task).finish(now_ms);
        if let Some(active) = self.active.get_mut(&task.conv_id) {
            active.count = active.count.saturating_sub(1);
            if let Some(reference) = &task.reference {
                active.references.remove(reference);
            }
        }
        self.finished.push_back(ordinal);
        while self.finished.len() as u64 > limits.finished {
            let oldest = self.finished.pop_front();
            if let Some(place) = oldest.and_then(|oldest| self.place(oldest)) {
                self.tasks.remove(place);
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mpo_process::{TaskData, TaskId};

    const LIMITS: Limits = Limits {
        active_per_process: 2,
        finished: 1,
    };

    fn task(conv_id: u64, reference: Option<&str>) -> Task {
        let reference = reference.map(|text| Reference::new(text).unwrap());
        Task::new(
            TaskId::new(0, [0; 8]),
            ConvId::new(conv_id),
            reference,
            TaskData::empty(),
            0,
        )
    }

    #[test]
    fn a_reference_is_free_again_after_a_final_node() {
        let mut store = TaskStore::default();
        let first = store.add(task(1, Some("a")), LIMITS).unwrap();
        assert_eq!(
            store.add(task(1, Some("a")), LIMITS).unwrap_err().class(),
            "duplicate_reference"
        );
        assert!(
            store.add(task(2, Some("a")), LIMITS).is_ok(),
            "another process has its own references"
        );
        assert!(store.finish(first.ordinal, 5, LIMITS));
        assert!(!store.finish(first.ordinal, 6, LIMITS), "it is finished already");
        assert_eq!(store.add(task(1, Some("a")), LIMITS).unwrap().ordinal, 3);
    }

    #[test]
    fn tasks_are_numbered_from_1_and_bounded() {
        let mut store = TaskStore::default();
        let ordinals = [(); 3].map(|()| store.add(task(1, None), LIMITS).map(|started| started.ordinal));
        assert_eq!(ordinals, [Ok(1), Ok(2), Err(Rejection::TooManyTasks { max: 2 })]);
        assert!(store.finish(1, 0, LIMITS) && store.finish(2, 0, LIMITS));
        assert_eq!(
            store.iter().map(|(ordinal, _)| ordinal).collect::<Vec<_>>(),
            [2],
            "of finished ones one is kept"
        );
        assert_eq!(
            (store.created(), store.get(1), store.get(2).is_some()),
            (2, None, true)
        );
        assert_eq!(store.add(task(1, None), LIMITS).unwrap().ordinal, 3);
    }
}
