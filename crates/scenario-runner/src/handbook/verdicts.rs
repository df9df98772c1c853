//! The page of verdicts, rejection classes and failure reasons.

use mambu_emitter::message::FailureReason;
use mpo_process::{ConvId, Reference, ReferenceError};
use mpo_receiver::answer::to_rejection;
use mpo_receiver::{
    ALL_CLASSES, DirectUrlError, Format, IncorrectBody, Malformed, NoCredentials, Profile, Rejection,
};

use super::{code, head, table};
use crate::expectation::Kind;
use crate::fixture;
use crate::why::meaning_of_reason;

/// Every verdict with its meaning, every rejection class, every failure reason.
pub fn verdicts_and_rejections() -> String {
    let mut page = head(
        "Verdicts, rejections, failure reasons",
        "Three closed lists that fixtures, ledgers and reports share.",
    );
    page.push_str(
        "\n## Verdicts\n\nWhat became of an event, a resent message or anybody's request, seen from both sides. In `expect:` a verdict is\n\
         `true`, or says more. The ones marked *costly* fail a run unless the scenario expects them, snapshot or not. An event\n\
         with several messages has the verdict of the one furthest down this list.\n\n",
    );
    let schema = fixture::whole_schema();
    let said = &schema["properties"]["steps"]["items"]["properties"]["expect"]["properties"];
    page.push_str(&table(
        ["verdict", "costly", "meaning, and what `expect:` can say"],
        Kind::WORDS.map(|(kind, word)| {
            [
                code(word),
                if kind.is_costly() { "yes" } else { "" }.to_owned(),
                said[word]["description"].as_str().unwrap_or_default().to_owned(),
            ]
        }),
    ));
    page.push_str(
        "\n## Rejections\n\nWhy MPO starts no task, in the order in which it decides. The status is the default of a setting (see\n\
         [settings](settings.md)); the verdict is that of a webhook that ends with it. Where MPO answers 200, Mambu marks the message\n\
         SENT: the event is lost.\n\n",
    );
    let profile = Profile::default();
    page.push_str(&table(
        ["class", "meaning", "status", "verdict"],
        ALL_CLASSES
            .iter()
            .zip(one_of_each())
            .map(|((class, meaning), rejection)| {
                let status = to_rejection(&rejection, &profile).status().as_u16();
                let verdict = match status {
                    200..=299 => Kind::Lost,
                    _ if rejection.is_access_denied() => Kind::Denied,
                    _ => Kind::Failed,
                };
                [
                    code(class),
                    (*meaning).to_owned(),
                    status.to_string(),
                    code(verdict.word()),
                ]
            }),
    ));
    page.push_str(
        "\nThe sender of a denied request reads \"Access denied\" whatever the class; only the ledger knows it. Two more words can\n\
         stand after `lost:` where MPO never saw a request: `no_arrival` (something else answered with 2xx) and `unreadable` (the\n\
         request was not HTTP).\n",
    );
    page.push_str(
        "\n## Failure reasons\n\nWhy Mambu gives a message up, as its communication log names it. *Retried* reasons are tried again by\n\
         themselves (`retry_delays`) before they are final.\n\n",
    );
    page.push_str(&table(
        ["reason", "retried", "meaning"],
        FailureReason::ALL.iter().map(|reason| {
            [
                code(reason.name()),
                if reason.is_retried() { "yes" } else { "" }.to_owned(),
                meaning_of_reason(reason.name()).means.to_owned(),
            ]
        }),
    ));
    page
}

/// One rejection of every class, in the order of [`ALL_CLASSES`].
fn one_of_each() -> [Rejection; ALL_CLASSES.len()] {
    let (short_name, max) = ("intake".to_owned(), 0);
    [
        Rejection::UnknownPath(DirectUrlError::Callback),
        Rejection::MethodNotAllowed { method: "GET".into() },
        Rejection::UnknownProcess(ConvId::new(1)),
        Rejection::UnknownAlias {
            short_name: short_name.clone(),
        },
        Rejection::AliasWithoutTarget { short_name },
        Rejection::DirectUrlOff,
        Rejection::WrongHash,
        Rejection::BodyTooLarge { max },
        Rejection::Missing,
        Rejection::Duplicated { count: 2 },
        Rejection::NotBasic { scheme: None },
        Rejection::Malformed(Malformed::NoColon),
        Rejection::UnknownUser,
        Rejection::WrongPassword,
        Rejection::NoCredentials(NoCredentials::NeverSaved),
        Rejection::Paused,
        Rejection::NeverDeployed,
        Rejection::Deleted(ConvId::new(1)),
        Rejection::FormatNotSupported(Format::Xml),
        Rejection::IncorrectBody(IncorrectBody::Array),
        Rejection::InvalidReference(ReferenceError::Empty),
        match Reference::new("ref") {
            Ok(reference) => Rejection::DuplicateReference(reference),
            Err(error) => Rejection::InvalidReference(error),
        },
        Rejection::TaskTooLarge { bytes: 1, max },
        Rejection::TooManyTasks { max },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_rejection_of_every_class_in_order() {
        let classes = one_of_each().map(|rejection| rejection.class());
        assert_eq!(classes, ALL_CLASSES.map(|(class, _)| class));
    }

    #[test]
    fn every_verdict_says_what_it_means() {
        let page = verdicts_and_rejections();
        assert!(!page.contains("|  |\n"), "{page}");
    }
}
