//! Who takes part in a change: the records that it names, those that stand in for names it does not give, and their holders.
//!
//! All that is wrong with it is found at once; what follows from another mistake is none.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::change::{Change, key_of};
use super::{Bank, Kind, has_id};
use crate::event::EventGroup as Group;
use crate::mistake::Mistake;
use crate::value::Value;

/// The records that take part.
#[derive(Debug, Default)]
pub(super) struct Cast {
    /// Kinds and keys, subject first, then the holder of an account.
    pub(super) members: Vec<(Kind, String)>,
    /// Kinds that take part, though nobody can say with which record.
    unresolved: Vec<Kind>,
}

impl Cast {
    /// The record of a kind.
    pub(super) fn key(&self, kind: Kind) -> Option<&str> {
        let mut members = self.members.iter();
        members.find_map(|(member, key)| (*member == kind).then_some(key.as_str()))
    }

    /// The account.
    pub(super) fn account(&self) -> Option<&(Kind, String)> {
        self.members.iter().find(|(kind, _)| is_account(*kind))
    }

    /// Whether a kind certainly takes no part: not even as the holder of something that nobody knows.
    pub(super) fn is_without(&self, kind: Kind) -> bool {
        let may_hold = matches!(kind, Kind::Client | Kind::Group) && !self.unresolved.is_empty();
        self.key(kind).is_none() && !self.unresolved.contains(&kind) && !may_hold
    }
}

impl Bank {
    /// Each record that is named and not there.
    pub fn unknown_records(&self, named: &BTreeMap<Kind, String>) -> Vec<Mistake> {
        named
            .iter()
            .filter(|(kind, id)| self.find(**kind, id).is_none())
            .map(|(kind, id)| self.unknown(*kind, id))
            .collect()
    }

    /// Who takes part, and what is wrong with it.
    pub(super) fn cast(&self, change: &Change) -> (Cast, Vec<Mistake>) {
        let mut cast = Cast::default();
        let mut wrong = Vec::new();
        for kind in kinds(change) {
            let Some(record) = self.record_of(kind, change, &mut wrong) else {
                cast.unresolved.push(kind);
                continue;
            };
            cast.members.push((kind, key_of(record)));
            if matches!(kind, Kind::Loan | Kind::Deposit | Kind::CreditArrangement)
                && let Some((holder_kind, holder)) = self.holder(record)
            {
                wrong.extend(self.held_by_another(kind, (holder_kind, holder), change));
                cast.members.push((holder_kind, key_of(holder)));
            }
        }
        for (kind, id) in &change.records {
            if cast.is_without(*kind) {
                let problem = format!("{} is not about a {}", change.event, kind.word());
                wrong.push(Mistake::new(format!("/{}", kind.word()), problem));
            } else if self.find(*kind, id).is_none() {
                wrong.push(self.unknown(*kind, id));
            }
        }
        (cast, wrong)
    }

    /// The record of a kind that takes part: the one that is named, or the first that there is.
    fn record_of(&self, kind: Kind, change: &Change, wrong: &mut Vec<Mistake>) -> Option<&Arc<Value>> {
        if let Some(id) = change.records.get(&kind) {
            return self.find(kind, id);
        }
        let record = self.default_record(kind, change);
        // Nobody can say what an unknown holder holds.
        if record.is_none() && self.unknown_records(&change.records).is_empty() {
            let problem = format!("{} needs a {}", change.event, kind.word());
            let hint = format!("add one to the bank and name it: {}: ID", kind.word());
            wrong.push(Mistake::new("", problem).hint(hint));
        }
        record
    }

    /// A client or a group that the change names and that holds something else.
    fn held_by_another(
        &self,
        kind: Kind,
        (holder_kind, holder): (Kind, &Value),
        change: &Change,
    ) -> Option<Mistake> {
        let named = change.records.get(&holder_kind)?;
        if has_id(holder, named) || self.find(holder_kind, named).is_none() {
            return None;
        }
        let word = holder_kind.word();
        let id = holder.get("id").and_then(Value::as_text).unwrap_or_default();
        let problem = format!("the {} is held by {id}, not by {named}", kind.word());
        let mistake = Mistake::new(format!("/{word}"), problem);
        Some(mistake.hint(format!("drop `{word}:`, or name an account of it")))
    }

    /// The first record of a kind; of accounts the first that a named client or group holds.
    fn default_record(&self, kind: Kind, change: &Change) -> Option<&Arc<Value>> {
        self.all(kind).iter().find(|record| {
            [Kind::Client, Kind::Group].into_iter().all(|holder_kind| {
                kind == holder_kind
                    || change.records.get(&holder_kind).is_none_or(|named| {
                        self.holder(record)
                            .is_some_and(|(found, holder)| found == holder_kind && has_id(holder, named))
                    })
            })
        })
    }

    /// Who holds an account or credit arrangement.
    pub fn holder(&self, record: &Value) -> Option<(Kind, &Value)> {
        let key = record
            .get("accountHolderKey")
            .or_else(|| record.get("holderKey"))
            .and_then(Value::as_text)?;
        [Kind::Client, Kind::Group]
            .into_iter()
            .find_map(|kind| self.find(kind, key).map(|holder| (kind, holder.as_ref())))
    }

    fn unknown(&self, kind: Kind, id: &str) -> Mistake {
        let known: Vec<&str> = self
            .all(kind)
            .iter()
            .filter_map(|record| record.get("id").and_then(Value::as_text))
            .collect();
        let mistake = Mistake::new(
            format!("/{}", kind.word()),
            format!("the bank has no {} {id}", kind.word()),
        );
        match crate::mistake::nearest(id, known.iter().copied()) {
            Some(near) => mistake.hint(format!("did you mean {near}?")),
            None => mistake.hint(format!("known: {}", known.join(", "))),
        }
    }
}

/// The kind of account that a change is about.
pub(super) fn account_kind(change: &Change) -> Option<Kind> {
    kinds(change).into_iter().find(|kind| is_account(*kind))
}

fn is_account(kind: Kind) -> bool {
    matches!(kind, Kind::Loan | Kind::Deposit)
}

/// The kinds of records that an event is about.
fn kinds(change: &Change) -> Vec<Kind> {
    let either_account = || {
        if change.records.contains_key(&Kind::Deposit) && !change.records.contains_key(&Kind::Loan) {
            Kind::Deposit
        } else {
            Kind::Loan
        }
    };
    match change.event.group() {
        Group::Client => vec![Kind::Client],
        Group::Group => vec![Kind::Group],
        Group::LoanAccount | Group::LoanTransaction if change.event.name().starts_with("LOAN_") => {
            vec![Kind::Loan]
        }
        // Fees, penalties and arrears exist on both kinds of accounts.
        Group::LoanAccount | Group::LoanTransaction => vec![either_account()],
        Group::DepositAccount | Group::DepositTransaction | Group::AccountHold | Group::Card => {
            vec![Kind::Deposit]
        }
        Group::CreditArrangement => {
            let mut kinds = vec![Kind::CreditArrangement];
            kinds.extend(
                [Kind::Loan, Kind::Deposit]
                    .into_iter()
                    .filter(|kind| change.records.contains_key(kind)),
            );
            kinds
        }
        Group::Special => change.records.keys().copied().take(1).collect(),
        _ => change.records.keys().copied().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;

    /// Mistakes of a change that names these records, as `pointer: problem`.
    fn wrong(event: Event, records: &[(Kind, &str)]) -> Vec<String> {
        let mut change = Change::new(event);
        change.records = records
            .iter()
            .map(|(kind, id)| (*kind, (*id).to_owned()))
            .collect();
        let wrong = Bank::demo().refusals(&change).into_iter();
        wrong
            .map(|mistake| format!("{}: {}", mistake.pointer, mistake.problem))
            .collect()
    }

    #[test]
    fn every_unknown_record_is_told_at_once() {
        let records = [
            (Kind::Loan, "LN-9999"),
            (Kind::Client, "CL-77"),
            (Kind::Group, "G-1"),
        ];
        assert_eq!(
            wrong(Event::LoanDisbursement, &records),
            [
                "/client: the bank has no client CL-77",
                "/group: the bank has no group G-1",
                "/loan: the bank has no loan LN-9999",
            ]
        );
    }

    #[test]
    fn what_an_unknown_holder_holds_is_no_second_mistake() {
        assert_eq!(
            wrong(Event::LoanDisbursement, &[(Kind::Client, "CL-77")]),
            ["/client: the bank has no client CL-77"]
        );
    }

    #[test]
    fn a_record_that_the_event_is_not_about_need_not_be_known() {
        assert_eq!(
            wrong(Event::ClientCreated, &[(Kind::Loan, "LN-9999")]),
            ["/loan: CLIENT_CREATED is not about a loan"]
        );
    }

    #[test]
    fn an_unknown_loan_and_a_missing_amount_are_two_mistakes() {
        let loan = [(Kind::Loan, "LN-9999")];
        assert_eq!(
            wrong(Event::LoanRepayment, &loan),
            [
                "/loan: the bank has no loan LN-9999",
                ": LOAN_REPAYMENT needs an amount",
            ]
        );
        // What an unknown loan pays out, and what could be taken back from it, nobody knows.
        for event in [Event::LoanDisbursement, Event::LoanRepaymentReversal] {
            assert_eq!(wrong(event, &loan), ["/loan: the bank has no loan LN-9999"]);
        }
    }
}
