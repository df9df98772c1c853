//! Files that somebody names on the command line: their text, or why there is none in a word. Mistakes inside of them are
//! another matter, and have lines.

use std::path::Path;

use crate::fixture::{read_file, shown_path};

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read {file}: {reason}")]
pub struct Unreadable {
    /// The file as it was named.
    pub file: String,
    /// Why, and perhaps what was meant.
    pub reason: String,
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String, Unreadable> {
    text(path).map_err(|reason| Unreadable {
        file: shown_path(path),
        reason,
    })
}

fn text(path: &Path) -> Result<String, String> {
    let there_is_none = "there is no such file";
    read_file(path).map_err(|reason| {
        if reason == there_is_none {
            reason + &meant(path)
        } else {
            reason
        }
    })
}

/// The file beside it whose name is nearest.
fn meant(path: &Path) -> String {
    let near = || {
        let name = path.file_name()?.to_str()?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let files = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
        let mut names: Vec<String> = files
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        names.sort_unstable();
        mambu_emitter::mistake::nearest(name, names.iter().map(String::as_str)).map(str::to_owned)
    };
    near().map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_there_is_said_with_the_one_that_was_meant() {
        let wrong = read(Path::new("Cargo.tml")).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "cannot read Cargo.tml: there is no such file; did you mean `Cargo.toml`?"
        );
        assert_eq!(
            read(Path::new("src")).unwrap_err().to_string(),
            "cannot read src: it is a folder"
        );
    }
}
