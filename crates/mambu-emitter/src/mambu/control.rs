//! What a live world asks of the bank beside what Mambu itself offers: forgetting, stopping, neighbours on this machine.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use sim_world::{ExchangeId, World};

use super::{Configuration, Job, Mambu};
use crate::bank::Bank;
use crate::happening::Happening;
use crate::message::MessageId;

/// What only a live world changes.
#[derive(Default)]
pub(super) struct Live {
    /// Counts how often everything was forgotten; messages of an earlier era are not heard of again.
    era: u64,
    /// No attempt begins any more.
    closed: bool,
    /// Attempts of each era that wait for an answer; of nearly always one era.
    attempting: Vec<(u64, u64)>,
    /// Which exchange each message is in that is waiting for an answer; those that have ended are in the journal.
    under_way: BTreeMap<MessageId, ExchangeId>,
    /// Hosts that are reached whatever the profile says.
    pub(super) neighbours: BTreeSet<String>,
}

impl Live {
    pub(super) fn era(&self) -> u64 {
        self.era
    }

    fn is_attempting(&self) -> bool {
        self.attempting.iter().any(|(era, _)| *era == self.era)
    }

    fn has_latecomers(&self) -> bool {
        self.attempting.iter().any(|(era, _)| *era < self.era)
    }
}

impl Mambu {
    /// The world it lives in.
    pub fn world(&self) -> &World {
        &self.0.world
    }

    /// Looks at the configuration in force.
    pub fn inspect<T>(&self, look: impl FnOnce(&Configuration) -> T) -> T {
        let setup = std::rc::Rc::clone(&self.0.state.borrow().setup);
        look(&setup.configuration)
    }

    /// Lets a host (`127.0.0.1:7080`) be reached although it is private and speaks plain http.
    pub fn add_neighbour(&self, authority: impl Into<String>) {
        self.0.state.borrow_mut().live.neighbours.insert(authority.into());
    }

    /// Forgets events and messages; ordinals begin anew. Messages on their way are not tried again. The bank's records stay
    /// as events have changed them.
    pub fn forget(&self) {
        let mut state = self.0.state.borrow_mut();
        state.live.era += 1;
        state.live.under_way.clear();
        state.events = 0;
        state.messages = 0;
        // New messages do not stand behind an attempt that is forgotten.
        let queued = std::mem::take(&mut state.lanes);
        drop(state);
        drop(queued);
        self.0.journal.take();
        self.0.journal.nudge();
    }

    /// A copy of the records as events have left them.
    pub fn bank(&self) -> Bank {
        self.0.state.borrow().bank.clone()
    }

    /// Takes other records; events and messages stay.
    pub fn replace_bank(&self, bank: Bank) {
        self.0.state.borrow_mut().bank = bank;
    }

    /// Waits until attempts from before the last [`forget`](Self::forget) have ended, so that nothing comes of them any more;
    /// at most `within`.
    pub async fn forgotten(&self, within: Duration) {
        let ending = async {
            while self.0.state.borrow().live.has_latecomers() {
                self.0.journal.recorded().await;
            }
        };
        let _ = self.0.world.timeout(within, ending).await;
    }

    /// How often everything was forgotten.
    pub fn era(&self) -> u64 {
        self.0.state.borrow().live.era
    }

    /// Which message each exchange was an attempt of, in a live world: those that are still written down, and those that wait
    /// for an answer.
    pub fn exchanges(&self) -> HashMap<ExchangeId, MessageId> {
        let entries = self.0.journal.entries();
        let ended = entries.iter().filter_map(|entry| match &entry.what {
            Happening::Attempted {
                message, exchange, ..
            } => Some(((*exchange)?, *message)),
            _ => None,
        });
        let under_way = &self.0.state.borrow().live.under_way;
        let under_way = under_way.iter().map(|(message, exchange)| (*exchange, *message));
        ended.chain(under_way).collect()
    }

    /// Begins no attempt any more, and waits until those that wait for an answer have ended.
    pub async fn close(&self) {
        self.0.state.borrow_mut().live.closed = true;
        while self.0.state.borrow().live.is_attempting() {
            // The end of an attempt is written down.
            self.0.journal.recorded().await;
        }
    }

    /// Whether a message may be tried (again).
    pub(super) fn may_attempt(&self, job: &Job) -> bool {
        let live = &self.0.state.borrow().live;
        !live.closed && live.era == job.era
    }

    pub(super) fn attempt_begins(&self, job: &Job) {
        let live = &mut self.0.state.borrow_mut().live;
        match live.attempting.iter_mut().find(|(era, _)| *era == job.era) {
            Some((_, count)) => *count += 1,
            None => live.attempting.push((job.era, 1)),
        }
    }

    /// Notes which exchange an attempt is.
    pub(super) fn goes_out(&self, job: &Job, exchange: ExchangeId) {
        if self.0.world.is_virtual() {
            return;
        }
        let live = &mut self.0.state.borrow_mut().live;
        if live.era == job.era {
            live.under_way.insert(job.message.id, exchange);
        }
    }

    /// Notes the end of an attempt; whether anybody still wants to hear of it.
    pub(super) fn attempt_ends(&self, job: &Job) -> bool {
        let live = &mut self.0.state.borrow_mut().live;
        live.attempting.retain_mut(|(era, count)| {
            *count -= u64::from(*era == job.era);
            *count > 0
        });
        let counts = live.era == job.era;
        if counts {
            live.under_way.remove(&job.message.id);
        } else {
            self.0.journal.nudge();
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use sim_world::network::{Fault, FaultPlan};
    use sim_world::{Genesis, Instant, Limits};

    use super::*;
    use crate::bank::Change;
    use crate::event::Event;
    use crate::happening::{EventId, Happening};
    use crate::template::Template;

    /// A bank whose messages go to a host that never answers.
    fn with_a_silent_host(play: impl AsyncFnOnce(World, Mambu)) {
        let genesis = Genesis {
            seed: 0,
            start: Timestamp::UNIX_EPOCH,
            limits: Limits::default(),
        };
        let url = "https://silent.example/hook";
        let template = Template::new("disbursed", Event::LoanDisbursement, url, "{}");
        let configuration = Configuration {
            templates: vec![template],
            ..Configuration::default()
        };
        World::run_virtual(genesis, async |world| {
            world
                .network()
                .plan_fault(FaultPlan::new("silent.example", [], Fault::Stall));
            play(world.clone(), Mambu::new(&world, Bank::demo(), configuration)).await;
        })
        .unwrap();
    }

    fn attempts(mambu: &Mambu) -> usize {
        let entries = mambu.journal().entries();
        let attempts = entries.iter();
        attempts
            .filter(|entry| matches!(entry.what, Happening::Attempted { .. }))
            .count()
    }

    #[test]
    fn forgotten_messages_are_not_heard_of_again_and_ordinals_begin_anew() {
        with_a_silent_host(async |world, mambu| {
            let disbursement = Change::new(Event::LoanDisbursement);
            mambu.emit(&disbursement).unwrap();
            world.sleep(Duration::from_secs(1)).await; // the first attempt waits
            mambu.emit(&disbursement).unwrap(); // and this one for the first
            mambu.forget();
            assert_eq!(world.quiet().await, Ok(()));
            assert!(mambu.journal().entries().is_empty());
            assert_eq!(mambu.emit(&disbursement), Ok(EventId(1)));
            assert_eq!(world.quiet().await, Ok(()));
            assert_eq!(attempts(&mambu), 4);
        });
    }

    #[test]
    fn forgetting_can_wait_until_attempts_under_way_have_ended() {
        with_a_silent_host(async |world, mambu| {
            mambu.emit(&Change::new(Event::LoanDisbursement)).unwrap();
            world.sleep(Duration::from_secs(1)).await;
            mambu.forget();
            mambu.forgotten(Duration::from_secs(2)).await;
            assert_eq!(world.now(), Instant::ZERO + Duration::from_secs(3), "in vain");
            mambu.emit(&Change::new(Event::LoanDisbursement)).unwrap();
            mambu.forgotten(Duration::from_mins(1)).await;
            assert_eq!(
                world.now(),
                Instant::ZERO + Duration::from_secs(10),
                "the timeout of the forgotten one; the new one is nobody's concern"
            );
        });
    }

    #[test]
    fn closing_waits_for_the_open_attempt_and_begins_no_other() {
        with_a_silent_host(async |world, mambu| {
            mambu.emit(&Change::new(Event::LoanDisbursement)).unwrap();
            world.sleep(Duration::from_secs(1)).await;
            mambu.close().await;
            assert_eq!(
                world.now(),
                Instant::ZERO + Duration::from_secs(10),
                "its timeout"
            );
            assert_eq!(world.quiet().await, Ok(()));
            assert_eq!(attempts(&mambu), 1);
        });
    }
}
