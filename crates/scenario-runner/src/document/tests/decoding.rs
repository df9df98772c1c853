//! From trees to values, and the JSON Schema that goes with them.

use std::time::Duration;

use rust_decimal::Decimal;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use sim_world::Profile as _;

use super::*;
use crate::document::{Env, Named, Settings, Spanned, apply_profile, interpolate};

crate::record! {
    /// An order.
    ///
    /// Of a shop.
    pub(super) struct Order as "an order" {
        /// What is ordered.
        item: Spanned<String>,
        /// For whom.
        whom ("for"): Option<String>,
        r#type: Kind = Kind::Plain,
        /// How much it costs at most.
        limits: Vec<Decimal> = vec![Decimal::new(995, 1)],
        parts: Named<u16> = Named::default(),
        then: Option<Box<Order2>>,
        wait: Duration = Duration::from_secs(90),
    }
}

crate::record! {
    struct Order2 as "a follow-up" { deep: Option<Kind>, any: Node }
}

crate::keywords! {
    /// What sort.
    enum Kind as "kind" {
        /// Nothing special.
        Plain = "plain",
        Gift = "gift",
    }
}

sim_world::choice! {
    /// How a letter goes.
    pub enum Way {
        /// By rail.
        Rail = "rail",
        /// By air.
        Air = "air",
    }
}

sim_world::profile! {
    /// What a post office leaves open.
    pub struct Office {
        /// How long a letter lies.
        pub lies_for: Duration = Duration::from_mins(1), Assumed, "nobody says";
        /// The tries.
        pub retries: Vec<Duration> = vec![Duration::from_secs(30)], Documented, "the handbook";
        /// How many go missing.
        pub lost: f64 = 0.5, Observed, "a walk";
        /// The way.
        pub way: Way = Way::Rail, Assumed, "a guess";
        /// Weekends.
        pub weekends: bool = false, Assumed, "a guess";
        /// At most.
        pub most: u64 = 7, Assumed, "a guess";
        /// Its name.
        pub name: String = String::from("main"), Assumed, "a guess";
    }
}

fn value<T: Decode>(text: &str) -> T {
    let (value, printed) = decode(text);
    assert_eq!(printed, "", "{text}");
    value.expect("a value without mistakes")
}

fn mistake<T: Decode>(text: &str) -> String {
    let (value, printed) = decode::<T>(text);
    assert!(value.is_none(), "{text} is a mistake");
    printed
        .lines()
        .next()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned()
}

#[test]
fn numbers_stay_exact_as_texts_and_amounts() {
    assert_eq!(value::<String>("0123"), "0123");
    assert_eq!(
        value::<String>("31754000000000000000000000001"),
        "31754000000000000000000000001"
    );
    assert_eq!(value::<Decimal>("5000.10").to_string(), "5000.10");
    assert_eq!(value::<Decimal>("\"1000\"").to_string(), "1000");
    assert_eq!(value::<Decimal>("1.5e3").to_string(), "1500");
    assert_eq!(
        mistake::<Decimal>("1.23456789012345678901234567890123"),
        "expected an amount of at most 28 digits"
    );
    assert_eq!(mistake::<Decimal>("many"), "expected an amount");
    assert_eq!(mistake::<Decimal>("[1]"), "expected an amount, found a list");
}

#[test]
fn whole_numbers_have_their_range() {
    assert_eq!(value::<u16>("65535"), 65_535);
    assert_eq!(value::<i64>("-9223372036854775808"), i64::MIN);
    assert_eq!(value::<u64>("0x10"), 16);
    assert_eq!(mistake::<u16>("65536"), "expected a whole number from 0 to 65535");
    assert_eq!(
        mistake::<u32>("-1"),
        "expected a whole number that is not negative"
    );
    assert_eq!(
        mistake::<u32>("1.5"),
        "expected a whole number from 0 to 4294967295"
    );
    assert_eq!(mistake::<u32>("\"5\""), "expected a whole number, found a text");
    assert!((value::<f64>("-1.5e-1") + 0.15).abs() < f64::EPSILON);
    assert_eq!(mistake::<f64>(".inf"), "expected a finite number");
    assert_eq!(mistake::<f64>("1e999"), "expected a finite number");
}

#[test]
fn texts_truth_values_times_and_instants_say_what_they_want() {
    assert_eq!(mistake::<String>("true"), "expected a text, found a truth value");
    assert_eq!(mistake::<String>(""), "expected a text, found nothing");
    assert!(value::<bool>("true"));
    assert_eq!(mistake::<bool>("yes"), "expected `true` or `false`, found a text");
    assert_eq!(value::<Duration>("1h30m"), Duration::from_mins(90));
    assert_eq!(value::<Duration>("0"), Duration::ZERO);
    assert_eq!(
        mistake::<Duration>("-5"),
        "expected a length of time, found a negative number"
    );
    assert_eq!(
        value::<jiff::Timestamp>("2026-01-05T09:00:00+01:00"),
        value("2026-01-05T08:00:00Z")
    );
    assert_eq!(
        mistake::<jiff::Timestamp>("2026-01-05T09:00:00"),
        "expected an instant: date, time and offset"
    );
    assert_eq!(mistake::<Vec<u16>>("5"), "expected a list, found a number");
    assert_eq!(
        mistake::<Named<u16>>("5"),
        "expected a map of names, found a number"
    );
    assert_eq!(value::<Option<u16>>("~"), None);
    assert_eq!(value::<SecretString>("0123").expose_secret(), "0123");
}

#[test]
fn a_record_has_required_optional_renamed_and_default_keys() {
    let order: Order = value("{ item: tea, for: me, type: gift, parts: { b: 1, a: 2 }, then: { any: [1] } }");
    assert_eq!(
        (order.item.as_str(), order.whom.as_deref(), order.r#type),
        ("tea", Some("me"), Kind::Gift)
    );
    assert_eq!(order.limits, [Decimal::new(995, 1)]);
    assert_eq!(order.parts.names().collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(
        (order.parts.get("a"), order.wait),
        (Some(&2), Duration::from_secs(90))
    );
    let then = order.then.unwrap();
    assert_eq!((then.deep, then.any.items().unwrap().len()), (None, 1));
    assert_eq!(Kind::ALL.map_words(), ["plain", "gift"]);
}

trait Words {
    fn map_words(&self) -> Vec<&'static str>;
}

impl Words for &[Kind] {
    fn map_words(&self) -> Vec<&'static str> {
        self.iter().map(|kind| kind.word()).collect()
    }
}

#[test]
fn all_mistakes_of_a_record_show_at_once() {
    let (order, printed) = decode::<Order>(
        "{ itm: tea, for: [1], type: 5, limits: [x, 1, y], parts: { a: -1 }, then: { deep: gft } }",
    );
    assert!(order.is_none());
    assert_eq!(printed.matches("error: ").count(), 8, "{printed}");
}

#[test]
fn the_schema_says_what_the_decoder_accepts() {
    let schema = Order::schema();
    assert_eq!(schema["description"], "An order. Of a shop.");
    assert_eq!(schema["required"], json!(["item"]));
    assert_eq!(schema["additionalProperties"], json!(false));
    let property = |name: &str| schema["properties"][name].clone();
    assert_eq!(
        property("item"),
        json!({ "type": ["string", "number"], "description": "What is ordered." })
    );
    assert_eq!(property("for")["type"], json!(["string", "number", "null"]));
    assert_eq!(property("limits")["default"], json!(["99.5"]));
    assert_eq!(property("wait")["default"], json!("1m30s"));
    assert_eq!(
        property("type"),
        json!({
            "description": "What sort.", "default": "plain",
            "oneOf": [{ "const": "plain", "description": "Nothing special." }, { "const": "gift" }],
        })
    );
    assert_eq!(property("then")["type"], json!(["object", "null"]));
    assert_eq!(property("then")["required"], json!(["any"]));
}

#[test]
fn a_profile_takes_what_a_fixture_says_and_keeps_the_rest() {
    let text = "{ lies_for: 2m, retries: [30s, 2m], lost: 0.25, way: air, weekends: true, name: 007 }";
    let office = value::<Settings<Office>>(text).0;
    assert_eq!(office.lies_for, Duration::from_mins(2));
    assert_eq!(office.retries, [Duration::from_secs(30), Duration::from_mins(2)]);
    assert_eq!(
        (office.way, office.weekends, office.most, office.name.as_str()),
        (Way::Air, true, 7, "007")
    );
    let mut cx = Context::default();
    let file = cx
        .sources
        .add("a.yaml", "lies_fro: 2m\nway: ari\nlost: 20\nmost: many\n");
    let node = yaml::read(file, &mut cx).unwrap();
    let mut office = Office::default();
    assert!(!apply_profile(&node, &mut office, &mut cx));
    let printed = printed(&cx);
    for part in [
        "did you mean `lies_for`?",
        "unknown way `ari`",
        "did you mean `air`?",
        "expected a share from 0 to 1",
        "expected a whole number, found a text",
    ] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
}

#[test]
fn the_schema_of_a_profile_has_meaning_mark_source_and_default() {
    let schema = Settings::<Office>::schema();
    assert_eq!(
        schema["properties"]["lies_for"]["description"],
        "How long a letter lies. (assumed: nobody says)"
    );
    assert_eq!(schema["properties"]["lies_for"]["default"], "1m");
    assert_eq!(schema["properties"]["way"]["enum"], json!(["rail", "air"]));
    assert_eq!(schema["properties"]["retries"]["default"], json!(["30s"]));
    assert_eq!(
        schema["properties"].as_object().unwrap().len(),
        Office::infos().len()
    );
}

/// Texts after filling in `A=x$`, `LONG_1=${A}`, `N=5`, and the mistakes.
fn filled(text: &str) -> (serde_json::Value, String) {
    let mut cx = Context::default();
    let file = cx.sources.add("a.yaml", text);
    let mut node = yaml::read(file, &mut cx).unwrap();
    let mut env = Env::default();
    env.define("A", "x$");
    env.define("LONG_1", "${A}");
    env.define("N", "5");
    interpolate(&mut node, &env, &mut cx);
    (node.to_json(), printed(&cx))
}

#[test]
fn references_in_texts_are_filled_in_once() {
    let (json, printed) =
        filled("\"${A}\": \"${A}${A}\"\nb: ${LONG_1}/${N}\nc: [\"${N}\", \"$${A} $$ $ ${ ${} ${1} $B\"]\n");
    assert_eq!(printed, "");
    assert_eq!(
        json,
        json!({ "${A}": "x$x$", "b": "${A}/5", "c": ["5", "${A} $$ $ ${ ${} ${1} $B"] })
    );
}

#[test]
fn a_name_without_braces_is_literal_and_doubtful() {
    let (json, printed) = filled("a: [pa$N$A, $NN, $]\n");
    assert_eq!(json, json!({ "a": ["pa$N$A", "$NN", "$"] }));
    assert_eq!(printed.matches("warning: ").count(), 1, "{printed}");
    let (_, unknown) = filled("a: [$MPO_PASS, $nothing, a $MPO_PASS]\n");
    assert_eq!(
        unknown.matches("warning: `$NAME` is literal").count(),
        1,
        "{unknown}"
    );
    assert!(
        printed.contains("warning: `$N` is literal") && printed.contains("write `${N}`"),
        "{printed}"
    );
}

#[test]
fn a_reference_that_is_unknown_or_open_is_a_mistake() {
    let (_, printed) = filled("a: ${LONG_2}\nb: \"${A\"\nc: ${A:-x}\n");
    assert!(
        printed.contains("nothing is known as `${LONG_2}`") && printed.contains("did you mean `LONG_1`?")
    );
    assert!(printed.contains("`${A` is not closed; expected `}` right after the name"));
    assert_eq!(printed.matches("error: ").count(), 3, "{printed}");
}

#[test]
fn a_number_can_be_filled_in() {
    let mut cx = Context::default();
    let file = cx.sources.add("a.yaml", "a: ${PORT}\nb: ${ON}\n");
    let mut node = yaml::read(file, &mut cx).unwrap();
    let mut env = Env::default();
    env.define("PORT", "8080");
    env.define("ON", "true");
    interpolate(&mut node, &env, &mut cx);
    assert_eq!(u16::decode(node.get("a").unwrap(), &mut cx), Some(8_080));
    assert_eq!(bool::decode(node.get("b").unwrap(), &mut cx), Some(true));
}

#[test]
fn values_of_an_environment_are_filled_in_whatever_their_order() {
    let mut cx = Context::default();
    let text = "URL: https://${HOST}/${PATH}\nHOST: ${STAGE}.example\nSTAGE: test\nPATH: a$${b}\n";
    let file = cx.sources.add("a.yaml", text);
    let node = yaml::read(file, &mut cx).unwrap();
    let mut env = Env::default();
    env.define("STAGE", "prod");
    env.add_defaults(&node, &mut cx);
    let file = cx.sources.add("b.yaml", "${URL}");
    let mut node = yaml::read(file, &mut cx).unwrap();
    interpolate(&mut node, &env, &mut cx);
    assert_eq!(node.to_json(), json!("https://prod.example/a${b}"));
    assert_eq!(cx.mistakes.errors(), 0);
}

/// What is said of the values of an environment.
fn said_of(text: &str) -> String {
    let mut cx = Context::default();
    let file = cx.sources.add("a.yaml", text);
    let node = yaml::read(file, &mut cx).unwrap();
    Env::default().add_defaults(&node, &mut cx);
    printed(&cx)
}

#[test]
fn a_circle_of_values_is_said_where_it_closes_and_a_literal_is_none() {
    assert_eq!(said_of("X: \"${A}\"\nA: \"$${A}\"\n"), "");
    let said = said_of("X: \"${A}\"\nA: \"${B}\"\nB: \"${A}\"\n");
    assert!(
        said.contains("`${A}` needs `B` itself\n --> a.yaml:3:5"),
        "{said}"
    );
    assert_eq!(said.matches("error").count(), 1, "{said}");
}

#[test]
fn hints_know_all_names_of_an_environment_whatever_their_order() {
    let said = said_of("URL: \"https://$HOST/x\"\nHOST: hh.example\n");
    assert!(said.contains("`$HOST` is literal"), "{said}");
    let said = said_of("URL: \"https://${HOTS}/x\"\nHOST: hh.example\n");
    assert!(said.contains("did you mean `HOST`?"), "{said}");
}

#[test]
fn a_long_chain_of_values_is_no_burden_and_an_explosion_is_bounded() {
    let lines = |line: fn(u32) -> String| (1..1_000).rev().map(line).collect::<Vec<_>>().join("\n");
    let chain = lines(|at| format!("A{at}: \"${{A{}}}x\"", at - 1));
    assert_eq!(said_of(&(chain + "\nA0: x\n")), "");
    let doubling = lines(|at| format!("B{at}: \"${{B{0}}}${{B{0}}}\"", at - 1));
    let said = said_of(&(doubling + "\nB0: x\n"));
    assert!(said.contains("longer than 1048576 bytes together"), "{said}");
    assert_eq!(said.matches("error").count(), 1, "{said}");
}

#[test]
fn an_environment_from_outside_goes_before_the_defaults() {
    let mut cx = Context::default();
    let file = cx.sources.add("a.yaml", "A: inner\nB: 0123\n1C: x\nD: [x]\nE:\n");
    let node = yaml::read(file, &mut cx).unwrap();
    let mut env = Env::default();
    env.define("A", "outer");
    env.add_defaults(&node, &mut cx);
    assert_eq!(env.names().collect::<Vec<_>>(), ["A", "B"]);
    assert!(!format!("{env:?}").contains("outer"));
    assert_eq!(cx.mistakes.errors(), 3);
    let file = cx.sources.add("b.yaml", "[\"${A}\", \"${B}\"]");
    let mut node = yaml::read(file, &mut cx).unwrap();
    interpolate(&mut node, &env, &mut cx);
    assert_eq!(node.to_json(), json!(["outer", "0123"]));
}
