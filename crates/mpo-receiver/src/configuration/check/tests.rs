//! Each mistake of a configuration, with its pointer.

use super::*;
use mpo_process::{ConvId, Variable, VariableValue, Variables};

fn url(target: &str, hash: char) -> DirectUrl {
    DirectUrl::parse(&format!(
        "https://h/api/1/json/public/{target}/{}",
        hash.to_string().repeat(40)
    ))
    .unwrap()
}

fn process(name: &str, conv_id: u64) -> ProcessConfig {
    ProcessConfig {
        name: name.into(),
        conv_id: ConvId::new(conv_id),
        title: String::new(),
        state: ProcessState::Active,
        direct_url: url(&conv_id.to_string(), 'a'),
        direct_url_enabled: true,
        start: StartAuth::NoAuth,
    }
}

fn alias(short_name: &str, to: &str) -> AliasConfig {
    AliasConfig {
        short_name: short_name.into(),
        to: Some(to.into()),
        direct_url: url(&format!("@{short_name}/proj/prod/i1"), 'b'),
        direct_url_enabled: true,
    }
}

fn good() -> Configuration {
    let value = VariableValue::json(r#"{"user":"mambu","pass":"s3cret"}"#).unwrap();
    let variable = Variable {
        id: Some(1),
        short_name: "webhook-var".into(),
        value,
        visibility: Visibility::Visible,
    };
    Configuration {
        processes: vec![process("intake", 31754), process("other", 31755)],
        aliases: vec![alias("intake-alias", "intake")],
        variables: Variables::new(vec![variable]),
        ..Configuration::default()
    }
}

fn basic(user: &str, pass: &str) -> StartAuth {
    StartAuth::Basic(Some(Credentials {
        user: user.into(),
        pass: pass.into(),
    }))
}

/// The mistakes after a change, `!` before those that stop.
fn found(change: impl FnOnce(&mut Configuration)) -> Vec<String> {
    let mut configuration = good();
    change(&mut configuration);
    let line = |m: Mistake| {
        format!(
            "{}{}: {}",
            if m.is_warning { "" } else { "!" },
            m.pointer,
            m.message
        )
    };
    configuration.check().into_iter().map(line).collect()
}

#[test]
fn a_good_configuration_has_no_mistakes() {
    assert_eq!(found(|_| ()), [""; 0]);
    let auth = basic("{{env_var[@webhook-var].user}}", "{{env_var[1].pass}}");
    assert_eq!(found(|c| c.processes[0].start = auth), [""; 0]);
}

#[test]
fn links_belong_to_what_has_them() {
    assert_eq!(
        found(|c| c.processes[1] = process("o/ther", 31754)),
        ["!/processes/o~1ther/direct_url: the process intake has the same id, 31754"]
    );
    assert_eq!(
        found(|c| c.processes[0].direct_url = url("7", 'a')),
        ["!/processes/intake/direct_url: the link is for process 7, the process has the id 31754"]
    );
    assert_eq!(
        found(|c| c.processes[0].direct_url = url("@intake/i1", 'a')),
        ["!/processes/intake/direct_url: the link is for the alias @intake"]
    );
    assert_eq!(
        found(|c| c.aliases[0].direct_url = url("31754", 'b')),
        ["!/aliases/intake-alias/direct_url: the link is for 31754, not for @intake-alias"]
    );
    assert_eq!(
        found(|c| c.aliases[0].direct_url = url("@intake-alias/i1", 'a')),
        ["/aliases/intake-alias/direct_url: the same hash as the process intake; in MPO each has its own"]
    );
    assert_eq!(
        found(|c| c.aliases.push(alias("intake-alias", "other"))),
        ["!/aliases/intake-alias/direct_url: the alias intake-alias has the same link"]
    );
    assert_eq!(
        found(|c| c.processes[0].direct_url = url("31754", 'X')),
        [
            "/processes/intake/direct_url: real hashes have 40 lower-case hexadecimal characters, this one does not"
        ]
    );
}

#[test]
fn aliases_lead_somewhere() {
    assert_eq!(
        found(|c| c.aliases[0].to = Some("intaek".into())),
        ["!/aliases/intake-alias/to: there is no process intaek"]
    );
    assert_eq!(
        found(|c| c.aliases[0].to = None),
        ["/aliases/intake-alias/to: the alias is linked to no process and starts nothing"]
    );
}

#[test]
fn credentials_can_be_met() {
    for (start, expected) in [
        (
            StartAuth::Basic(None),
            vec!["/processes/intake/start: Basic without user and password: every request is denied"],
        ),
        (
            basic("{{env_var[@nobody].user}}", "x"),
            vec![
                "/processes/intake/start/user: {{env_var[@nobody].user}}: there is no such variable; every request is denied",
            ],
        ),
        (
            basic("a:b", ""),
            vec![
                "/processes/intake/start/user: it has a colon, which a user of Basic cannot have: every request is denied",
                "/processes/intake/start/pass: `pass` is empty",
            ],
        ),
    ] {
        assert_eq!(found(|c| c.processes[0].start = start), expected);
    }
    let mut configuration = good();
    configuration.processes[0].start = basic("{{env_var[webhook-var].user}}", "x");
    let hint = configuration.check().remove(0).hint;
    assert_eq!(
        hint.as_deref(),
        Some("a variable's name has an `@` before it: `env_var[@webhook-var]`")
    );
}

#[test]
fn variables_keep_mpo_s_rules() {
    let variable = |id, short_name: &str, value: &str| Variable {
        id: Some(id),
        short_name: short_name.into(),
        value: VariableValue::raw(value),
        visibility: Visibility::Secret,
    };
    let variables = Variables::new(vec![
        variable(1, "first", "abc"),
        variable(1, "First", "a"),
        variable(2, "first", "abc"),
    ]);
    assert_eq!(
        found(|c| {
            c.variables = variables;
            c.processes[0].start = basic("{{env_var[@first]}}", "x");
        }),
        [
            "!/variables/First: a variable's short name has lower-case letters, digits and dashes only, not `F`",
            "/variables/First: MPO would not save it: a variable's value has at least 3 characters, this one has 1",
            "!/variables/First: the variable first has the same id",
            "!/variables/first: there is another variable of this name",
            "/processes/intake/start/user: {{env_var[@first]}}: a secret variable may not work in a Start node",
        ]
    );
}

#[test]
fn states_that_lose_events_are_named() {
    let found = found(|c| c.processes[0].state = ProcessState::Paused);
    assert_eq!(
        found,
        [
            "/processes/intake/state: a paused process answers 200 and starts nothing: events get lost silently"
        ]
    );
}

#[test]
fn a_state_whose_answer_is_no_success_loses_nothing_silently() {
    let found = found(|c| {
        c.processes[0].state = ProcessState::Paused;
        c.profile.paused_status = 503;
    });
    assert_eq!(
        found,
        ["/processes/intake/state: a paused process answers 503 and starts nothing: every request fails"]
    );
}

#[test]
fn settings_are_in_range() {
    assert_eq!(
        found(|c| {
            c.profile.access_denied_status = 404;
            c.profile.paused_status = 99;
            c.profile.methods.clear();
        }),
        [
            "!/profile/access_denied_status: one of 200, 401 and 403 is expected",
            "!/profile/paused_status: an HTTP status from 200 to 599 is expected",
            "!/profile/methods: names of HTTP methods in capitals are expected, such as POST",
        ]
    );
}
