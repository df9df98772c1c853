//! `mposim check`: reads everything, runs nothing, and says what is wrong with fixtures and between the two sides.

use scenario_runner::fixture::{self, Asked};

use crate::args::Check;
use crate::asked::{self, UNREADABLE};
use crate::paint::{Tone, painted, result, talk};

pub(crate) fn check(args: &Check) -> Result<u8, u8> {
    let found = asked::scenarios(&args.scenarios)?;
    let env = asked::env(args.env.as_deref())?;
    let (mut errors, mut warnings) = (0, 0);
    let mut names = Asked::default();
    for scenario in &found {
        let loaded = fixture::check(&scenario.folder, &env.env);
        names.add(&loaded.context);
        let mistakes = &loaded.context.mistakes;
        let broken = mistakes.errors();
        let doubtful = mistakes.iter().count() - broken.min(mistakes.iter().count());
        errors += broken;
        warnings += doubtful;
        asked::tell_mistakes(&loaded);
        let word = match (broken, doubtful) {
            (0, 0) => painted(Tone::Good, "ok      "),
            (0, _) => painted(Tone::Doubtful, "doubtful"),
            _ => painted(Tone::Bad, "broken  "),
        };
        result(format!("{word} {}{}", scenario.name, counts(broken, doubtful)));
    }
    if found.len() > 1 {
        result(format!("{} scenarios{}", found.len(), counts(errors, warnings)));
    }
    asked::doubt(&env, &names);
    if let Some(left_out) = env.left_out(&names) {
        talk(format!("{}: {left_out}", painted(Tone::Quiet, "note")));
    }
    Ok(if errors > 0 { UNREADABLE } else { 0 })
}

fn counts(errors: usize, warnings: usize) -> String {
    let part = |count: usize, word: &str| match count {
        0 => String::new(),
        1 => format!(", 1 {word}"),
        many => format!(", {many} {word}s"),
    };
    let text = format!("{}{}", part(errors, "mistake"), part(warnings, "warning"));
    match text.strip_prefix(", ") {
        Some(text) => format!(": {text}"),
        None => String::new(),
    }
}
