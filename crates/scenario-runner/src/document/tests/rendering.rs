//! How mistakes look: the printed text, word for word.

use super::*;
use crate::document::{Env, Fields, MAX_MISTAKES, Mistake, Named, interpolate};

crate::record! {
    /// A notification template.
    struct Template as "a template" {
        /// The event it listens to.
        event: String,
        /// Whether clients ask for it.
        option: Form = Form::OptOut,
        /// Where it goes.
        url: Option<String>,
        /// How long to wait.
        wait: std::time::Duration = std::time::Duration::ZERO,
        /// The password.
        password: Option<secrecy::SecretString>,
    }
}

crate::keywords! {
    /// The subscription option.
    enum Form as "subscription option" {
        /// They ask.
        OptIn = "OPT_IN",
        /// They do not.
        OptOut = "OPT_OUT",
    }
}

#[test]
fn a_template_without_mistakes_prints_nothing() {
    let (template, printed) = decode::<Template>("{ event: x, url: y, password: z }");
    let Template {
        event,
        option,
        url,
        wait,
        password,
    } = template.unwrap();
    assert_eq!(
        (event.as_str(), option, url.as_deref(), wait.is_zero()),
        ("x", Form::OptOut, Some("y"), true)
    );
    assert!(password.is_some() && printed.is_empty());
}

#[test]
fn every_mistake_of_every_file_is_printed_at_once() {
    let mut cx = Context::default();
    let first = cx.sources.add(
        "scenarios/größe/scenario.yaml",
        "disbursed:\n  evnet: x\n  option: OPT_OT\n  wait: 5\nrepaid:\n  event: true\n",
    );
    let second = cx.sources.add(
        "template.json",
        "{\r\n  \"ü\": 1, \"event\": [],\r\n  \"event\": 2\r\n}\r\n",
    );
    let node = yaml::read(first, &mut cx).unwrap();
    let decoded = Named::<Template>::decode(&node, &mut cx);
    let node = json::read(second, &mut cx).unwrap();
    assert!(decoded.is_none() && Template::decode(&node, &mut cx).is_none());
    assert_prints(
        &printed(&cx),
        "\
error: unknown key `evnet` in a template
 --> scenarios/größe/scenario.yaml:2:3
  |
2 |   evnet: x
  |   ^^^^^
  |
  = help: did you mean `event`?

error: unknown subscription option `OPT_OT`
 --> scenarios/größe/scenario.yaml:3:11
  |
3 |   option: OPT_OT
  |           ^^^^^^
  |
  = help: did you mean `OPT_OUT`?

error: expected a length of time, found a number without a unit
 --> scenarios/größe/scenario.yaml:4:9
  |
4 |   wait: 5
  |         ^
  |
  = help: such as `250ms`, `30s`, `2m`, `6h`, `1d` or `1h30m`

error: expected a text, found a truth value
 --> scenarios/größe/scenario.yaml:6:10
  |
6 |   event: true
  |          ^^^^
  |
  = help: quote it: `\"true\"`

error: unknown key `ü` in a template
 --> template.json:2:3
  |
2 |   \"ü\": 1, \"event\": [],
  |   ^^^
  |
  = help: known keys: `event`, `option`, `url`, `wait`, `password`

error: expected a text, found a list
 --> template.json:2:11
  |
2 |   \"ü\": 1, \"event\": [],
  |           ^^^^^^^

error: key `event` stands here a second time
 --> template.json:3:3
  |
2 |   \"ü\": 1, \"event\": [],
  |           ------- first here
3 |   \"event\": 2
  |   ^^^^^^^
  |
  = help: remove one of the two
",
    );
}

#[test]
fn a_syntax_error_has_its_place_and_advice() {
    assert_prints(
        &read_yaml("name: x\nurl: { a: ${URL} }\n").1,
        "\
error: not valid YAML: while parsing a flow mapping, did not find expected ',' or '}'
 --> a.yaml:2:12
  |
2 | url: { a: ${URL} }
  |            ^
  |
  = help: a comma is missing, or a `{` or `[` is not closed, or a text with `,`, `{`, `[` or `: ` in it needs quotes
",
    );
    assert_prints(
        &read_json("{ \"a\": 1, }").1,
        "\
error: not valid JSON: trailing commas are not allowed
 --> a.json:1:9
  |
1 | { \"a\": 1, }
  |         ^
  |
  = help: remove the comma after the last value
",
    );
}

#[test]
fn secrets_are_covered_in_lines_and_never_repeated_in_messages() {
    let text = "event: [x]\npassword: { s3cret: s3cret }\noption: s3cret\nsecret: { url: \"https://me:s3cret@host\", port: s3cret }\n";
    let mut cx = Context::default();
    let file = cx.sources.add("a.yaml", text);
    let node = yaml::read(file, &mut cx).unwrap();
    cx.sources.mark_secret(node.get("option").unwrap().span);
    assert!(Template::decode(&node, &mut cx).is_none());
    let printed = printed(&cx);
    assert!(
        printed.contains("error: unknown subscription option `******`"),
        "{printed}"
    );
    assert!(
        printed.contains("secret: { url: ************************, port: ****** }"),
        "{printed}"
    );
    assert_eq!(
        printed.matches("s3cret").count(),
        1,
        "a key is no secret: {printed}"
    );
}

#[test]
fn a_secret_is_covered_on_every_line_once_it_is_decoded() {
    let mut cx = Context::default();
    let file = cx.sources.add("a.yaml", "word: { first: geheim }\n");
    let node = yaml::read(file, &mut cx).unwrap();
    let word = node.find("/word/first").unwrap();
    secrecy::SecretString::decode(word, &mut cx).unwrap();
    cx.report(Mistake::error(node.get("word").unwrap().at, "wrong"));
    assert!(printed(&cx).contains("| word: { first: ****** }"));
}

#[test]
fn what_is_filled_in_is_not_printed() {
    let mut cx = Context::default();
    let file = cx.sources.add(
        "a.yaml",
        "env: { WORT: OPT_OU }\nt: { event: x, option: \"${WORT}\", wait: \"${WORT}\" }\nu: \"${WRT}\"\n",
    );
    let mut node = yaml::read(file, &mut cx).unwrap();
    let mut env = Env::default();
    env.add_defaults(&node.get("env").unwrap().clone(), &mut cx);
    interpolate(&mut node, &env, &mut cx);
    cx.report(Mistake::warning(node.get("env").unwrap().at, "look here"));
    assert!(Template::decode(node.get("t").unwrap(), &mut cx).is_none());
    assert_prints(
        &printed(&cx),
        "\
warning: look here
 --> a.yaml:1:1
  |
1 | env: { WORT: ****** }
  | ^^^

error: unknown subscription option `${WORT}`
 --> a.yaml:2:24
  |
2 | t: { event: x, option: \"${WORT}\", wait: \"${WORT}\" }
  |                        ^^^^^^^^^
  |
  = help: one of `OPT_IN`, `OPT_OUT`

error: expected a length of time
 --> a.yaml:2:41
  |
2 | t: { event: x, option: \"${WORT}\", wait: \"${WORT}\" }
  |                                         ^^^^^^^^^
  |
  = help: such as `250ms`, `30s`, `2m`, `6h`, `1d` or `1h30m`

error: nothing is known as `${WRT}`
 --> a.yaml:3:5
  |
3 | u: \"${WRT}\"
  |     ^^^^^^
  |
  = help: did you mean `WORT`?
",
    );
}

#[test]
fn a_long_line_is_cut_around_the_place_and_keeps_its_column() {
    let mut cx = Context::default();
    let text = format!(
        "[{}\"here\", \"pass: geheim\"{}]",
        "\"größe\", ".repeat(100),
        ", 1".repeat(100_000)
    );
    let file = cx.sources.add("a.json", &text);
    let at = text.find("\"here\"").unwrap();
    cx.report(
        Mistake::error(file.span(at, at + 6), "wrong")
            .label("this")
            .also(file.span(0, 1), "opened here"),
    );
    for (paint, reset) in [(Paint::Plain, ""), (Paint::Coloured { columns: 80 }, "\u{1b}")] {
        let printed = render(&cx.sources, &cx.mistakes, paint);
        assert!(printed.contains("a.json:1:902"), "{printed}");
        assert!(printed.contains("\"here\", \"pass: ******"), "{printed}");
        assert!(
            printed.contains(reset) && printed.contains("^^^^^^") && printed.len() < 2_000,
            "{printed}"
        );
        assert!(
            printed.lines().all(|line| !line.trim_end().ends_with(":::")),
            "{printed}"
        );
    }
}

#[test]
fn places_in_other_files_stand_below() {
    let mut cx = Context::default();
    let first = cx.sources.add("a.yaml", "extends: b.yaml\n");
    let second = cx.sources.add("b.yaml", "\n\nextends: a.yaml\n");
    let empty = cx.sources.add("c.yaml", "");
    cx.report(Mistake::error(first.span(9, 15), "a circle").also(second.span(11, 17), "and back"));
    cx.report(Mistake::error(empty.start(), "the file cannot be read"));
    assert_prints(
        &printed(&cx),
        "\
error: a circle
 --> a.yaml:1:10
  |
1 | extends: b.yaml
  |          ^^^^^^
 ::: b.yaml:3:10
  |
3 | extends: a.yaml
  |          ------ and back

error: the file cannot be read
--> c.yaml
",
    );
}

#[test]
fn one_of_several_keys_has_to_be_there() {
    let check = |text: &str| {
        let mut cx = Context::default();
        let file = cx.sources.add("a.yaml", text);
        let node = yaml::read(file, &mut cx).unwrap();
        let mut fields = Fields::of(&node, &mut cx, "a step").unwrap();
        let found = fields.one_of(&["event", "post", "set"]).map(|(key, _)| key);
        fields.finish();
        (found, printed(&cx))
    };
    assert_eq!(check("post: 1\n"), (Some("post"), String::new()));
    assert_prints(
        &check("set: 1\nevent: 2\n").1,
        "\
error: a step has `event` and `set`; only one of them can stand here
 --> a.yaml:2:1
  |
1 | set: 1
  | --- the other one
2 | event: 2
  | ^^^^^
",
    );
    assert!(
        check("at: 1\n")
            .1
            .starts_with("error: a step needs one of `event`, `post`, `set`\n")
    );
    let misspelt = check("evnt: 1\n").1;
    assert!(
        misspelt.starts_with("error: unknown key `evnt` in a step\n"),
        "{misspelt}"
    );
    assert_eq!(
        misspelt.matches("error").count(),
        1,
        "once, not twice: {misspelt}"
    );
}

#[test]
fn mistakes_beyond_the_bound_are_counted() {
    let mut cx = Context::default();
    let file = cx.sources.add("a.yaml", &"x\n".repeat(MAX_MISTAKES + 3));
    for line in 0..MAX_MISTAKES + 3 {
        cx.report(Mistake::error(file.span(line * 2, line * 2 + 1), "wrong"));
    }
    assert!(printed(&cx).ends_with("note: 3 more mistakes are not shown\n"));
}
