//! Credentials that stand in variables: raw, JSON, secret, missing.

use mpo_process::{Variable, VariableValue, Variables, Visibility};
use mpo_receiver::ResolvedAuth;
use proptest::prelude::*;

use crate::auth_decision::{basic, decided};
use crate::auth_model::{ACCEPTED, base64, outcome};

fn variable(id: u64, short_name: &str, value: VariableValue, visibility: Visibility) -> Variable {
    Variable {
        id: Some(id),
        short_name: short_name.into(),
        value,
        visibility,
    }
}

/// User and password as two raw variables and as members of a JSON one.
fn variables(user: &str, pass: &str, visibility: Visibility) -> Variables {
    let json = serde_json::json!({ "user": user, "list": [{ "pass": pass }] }).to_string();
    let json = VariableValue::json(json).unwrap();
    Variables::new(vec![
        variable(1, "user", VariableValue::raw(user), visibility),
        variable(2, "pass", VariableValue::raw(pass), visibility),
        variable(3, "both", json, visibility),
    ])
}

/// Every way to refer to them.
const REFERENCES: [(&str, &str); 4] = [
    ("{{env_var[@user]}}", "{{env_var[@pass]}}"),
    ("{{env_var[1]}}", "{{env_var[2]}}"),
    ("{{env_var[@both].user}}", "{{env_var[@both].list[0].pass}}"),
    ("{{env_var[3].user}}", "{{env_var[@pass]}}"),
];

fn header(user: &str, pass: &str) -> Vec<u8> {
    format!("Basic {}", base64(format!("{user}:{pass}").as_bytes())).into_bytes()
}

proptest! {
    #[test]
    fn the_values_of_variables_are_compared_byte_for_byte(
        user in "\\PC{0,12}", pass in "\\PC{0,40}", other in "\\PC{0,12}",
    ) {
        let variables = variables(&user, &pass, Visibility::Visible);
        for (user_reference, pass_reference) in REFERENCES {
            let auth = ResolvedAuth::new(&basic(user_reference, pass_reference), &variables, true);
            for sent in [header(&user, &pass), header(&user, &other), header(&other, &pass)] {
                let headers = [sent];
                let expected = outcome(&headers, user.as_bytes(), pass.as_bytes());
                prop_assert_eq!(decided(&headers, &auth), expected, "{}", user_reference);
            }
            let the_text_itself = [header(user_reference, pass_reference)];
            let expected = outcome(&the_text_itself, user.as_bytes(), pass.as_bytes());
            prop_assert_eq!(decided(&the_text_itself, &auth), expected);
        }
    }

    #[test]
    fn a_variable_amid_other_text_is_put_in_its_place(
        before in "[a-z]{0,5}", value in "[a-z]{3,9}", after in "[a-z:]{0,5}",
    ) {
        let variables = variables(&value, &value, Visibility::Visible);
        let auth = basic(&format!("{before}{{{{env_var[@user]}}}}"), &format!("{{{{env_var[@both].user}}}}{after}"));
        let auth = ResolvedAuth::new(&auth, &variables, true);
        let sent = [header(&format!("{before}{value}"), &format!("{value}{after}"))];
        prop_assert_eq!(decided(&sent, &auth), ACCEPTED);
    }

    #[test]
    fn nobody_gets_in_where_a_variable_is_missing(
        reference in prop::sample::select(&[
            "{{env_var[@nobody]}}", "{{env_var[99]}}", "{{env_var[user]}}", "{{env_var[@user].part}}",
            "{{env_var[@both].nobody}}", "{{env_var[@both].list[1].pass}}", "x{{env_var[@both].list[0].user}}",
        ][..]),
        in_pass: bool,
        sent in prop::sample::select(&["", "mambu", "x", "{{env_var[@nobody]}}"][..]),
    ) {
        let variables = variables("mambu", "s3cret", Visibility::Visible);
        let (user, pass) = if in_pass { ("mambu", reference) } else { (reference, "s3cret") };
        let auth = ResolvedAuth::new(&basic(user, pass), &variables, true);
        let other = if in_pass { header("mambu", sent) } else { header(sent, "s3cret") };
        for headers in [vec![other], vec![header(reference, reference)], vec![header("", "")], vec![]] {
            prop_assert_eq!(decided(&headers, &auth), "no_credentials");
        }
    }
}

#[test]
fn secret_variables_work_where_the_profile_says_so_and_nowhere_else() {
    let variables = variables("mambu", "s3cret", Visibility::Secret);
    for (user, pass) in REFERENCES {
        let sent = [header("mambu", "s3cret")];
        for (works, expected) in [(true, ACCEPTED), (false, "no_credentials")] {
            let auth = ResolvedAuth::new(&basic(user, pass), &variables, works);
            assert_eq!(decided(&sent, &auth), expected, "{user}");
        }
    }
}

#[test]
fn a_value_that_looks_like_a_reference_is_not_resolved_again() {
    let variables = variables("{{env_var[@pass]}}", "s3cret", Visibility::Visible);
    let auth = basic("{{env_var[@user]}}", "{{env_var[@pass]}}");
    let auth = ResolvedAuth::new(&auth, &variables, true);
    assert_eq!(
        decided(&[header("{{env_var[@pass]}}", "s3cret")], &auth),
        ACCEPTED
    );
    assert_eq!(decided(&[header("s3cret", "s3cret")], &auth), "unknown_user");
}
