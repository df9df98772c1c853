# Shortcuts; nothing needs them. `just` without a name lists them.

_default:
    @{{just_executable()}} --list --unsorted

# Run scenarios: all, or those named
scenario *NAMES:
    cargo run --quiet --release --bin mposim -- run {{NAMES}}

# Everything that `cargo test` runs
test *ARGS:
    cargo test {{ARGS}}

# Many more odd inputs: authorization headers against the model of the RFCs, and fixtures that must never panic
fuzz CASES="20000":
    PROPTEST_CASES={{CASES}} cargo test --release -p mpo-receiver --test it auth_decision
    PROPTEST_CASES={{CASES}} cargo test --release -p scenario-runner never_panics

# Benchmarks; quote their ratios, not single figures
bench *ARGS:
    cargo bench --workspace --benches {{ARGS}}

# Format the code
fmt:
    cargo fmt --all

# What has to hold before a change lands
ci:
    .ci/run

# Accept the ledgers of all scenarios, or those named; then read the diff
update *NAMES:
    cargo run --quiet --release --bin mposim -- run --update {{NAMES}}
    git diff --stat -- snapshots

# Write the generated pages anew, and what the commands on all pages print
docs:
    UPDATE_DOCS=1 cargo test -p scenario-runner --test it handbook
    UPDATE_DOCS=1 cargo test -p mposim --test it docs
