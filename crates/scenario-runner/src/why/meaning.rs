//! What each failure reason and each status means for a webhook to MPO, and what to look at next. Knows no record.

/// The first thing to do where the task may run although the message failed.
pub(super) const LOOK_FIRST: &str =
    "look in MPO for a task with this data before you resend: a resend would start it twice";

/// What a reason, or a status, means and what to look at next.
pub(crate) struct Meaning {
    pub(crate) means: &'static str,
    pub(crate) next: &'static [&'static str],
}

/// What each failure reason means for a webhook to MPO (documented names: webhooks sheet 6.2; causes as assumed there).
pub(crate) fn meaning_of_reason(reason: &str) -> Meaning {
    let (means, next): (_, &[_]) = match reason {
        "INVALID_HTTP_RESPONSE" => (
            "MPO, or something in front of it, answered, and not with 2xx",
            &[],
        ),
        "HTTP_ERROR_WHILE_SENDING" => (
            "there was no answer: timeout, unknown host, refused or broken connection, TLS. MPO works before it answers, so the task may run all the same",
            &[
                LOOK_FIRST,
                "is the host of the URL right, and is its certificate valid?",
                "is a firewall or proxy between Mambu's addresses and the host?",
            ],
        ),
        "WEBHOOK_NOTIFICATIONS_DISABLED" => (
            "Webhook Communications was not ENABLED when the event happened; the message was made and never sent",
            &["Administration > Webhooks: change Webhook Communications to Enabled and save, then resend"],
        ),
        "INVALID_JSON_BODY_SYNTAX" => (
            "the body was not well-formed once the placeholders were filled in; nothing was sent",
            &[
                "look for a quote or line break in a name, or an empty number without quotes, in the body",
                "`mposim check` finds the placeholders that can break the body",
            ],
        ),
        "MISSING_TEMPLATE_KEY" => ("the template was deleted before the message went out", &[]),
        "MAX_MESSAGE_SIZE_LIMIT_EXCEEDED" => (
            "the rendered body is larger than Mambu sends",
            &["send ids and let the process fetch the rest by API"],
        ),
        "UNDEFINED_DESTINATION" => (
            "the URL is empty, or no URL, once its placeholders are filled in",
            &["copy the direct URL again"],
        ),
        "INVALID_HTTP_PROTOCOL" => (
            "the URL is http; Mambu sends to https only",
            &["write https:// in the template's URL"],
        ),
        "BLACKLISTED_URL" => (
            "the host is private or local; Mambu does not reach it",
            &["use the public host of MPO; for a local try-out use `mposim serve`"],
        ),
        "OTHER" => ("Mambu says no more about it than its name", &[]),
        _ => ("no reason that is known of webhooks", &[]),
    };
    Meaning { means, next }
}

/// What a status of MPO can mean (receiver sheet 1.5 and 1.6; statuses are mostly assumed, see the profile).
pub(super) fn meaning_of_status(status: u16) -> Meaning {
    let (means, next): (_, &[_]) = match status {
        300..=399 => (
            "a redirect; Mambu does not follow it",
            &["use the URL it points to; a direct URL never redirects"],
        ),
        400 => (
            "MPO could not read the body as a JSON object",
            &["is the body JSON, and the link the JSON link?"],
        ),
        401 | 403 => (
            "\"Access denied\": the Start node's Basic authorization said no, or the hash in the URL is wrong, or the direct URL is off",
            &[
                "does the Start node have Type auth Basic? then the template needs Basic with the same user and password",
                "were the credentials entered again after a switch to No Auth and back? MPO forgets them",
                "do they come from variables? does every variable and key exist in this stage?",
                "is the link the one that is in the Start node now? switching it off and on makes a new one, and a resend goes to the old one (assumed)",
            ],
        ),
        404 => (
            "no such process or alias",
            &["copy the direct URL again: process id, alias, project and stage are part of it"],
        ),
        405 => ("a direct URL takes POST only", &["set the request type to POST"]),
        413 => ("the body is larger than MPO's front server takes", &["send less"]),
        429 | 503 => (
            "MPO was asked too often, or is overloaded",
            &["spread the events, or ask for a higher limit; then resend"],
        ),
        500..=599 => ("MPO or its front server failed", &[LOOK_FIRST, "resend later"]),
        _ => (
            "not a status that MPO is known for",
            &["is something else at this URL?"],
        ),
    };
    Meaning { means, next }
}
