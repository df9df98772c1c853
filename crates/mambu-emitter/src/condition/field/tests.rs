use super::*;

const LISTED: [Entity; 7] = [
    Entity::Client,
    Entity::Group,
    Entity::Loans,
    Entity::Savings,
    Entity::Transaction,
    Entity::LineOfCredit,
    Entity::Activity,
];

fn paths(source: Source) -> Vec<&'static str> {
    match source {
        Source::Path(path) | Source::Length(path) | Source::Present(path) => vec![path],
        Source::FirstOf(paths) | Source::Sum(paths) | Source::Words(paths) => paths.to_vec(),
        Source::Now | Source::Unmapped => vec![],
    }
}

#[test]
fn the_lists_are_as_long_as_those_of_appendix_c() {
    let lengths: Vec<usize> = LISTED.iter().map(|entity| entity.fields().len()).collect();
    assert_eq!(lengths, [31, 15, 73, 51, 55, 19, 16]);
    assert!(Entity::Branch.fields().is_empty());
}

#[test]
fn no_entity_has_two_fields_of_one_name() {
    for entity in LISTED {
        for (at, field) in entity.fields().iter().enumerate() {
            let first = entity.fields().iter().position(|other| other.name == field.name);
            assert_eq!(first, Some(at), "{entity}.{}", field.name);
        }
    }
}

#[test]
fn every_path_starts_with_a_word_that_scenes_know() {
    for field in LISTED.iter().flat_map(|entity| entity.fields()) {
        for path in paths(field.source) {
            let word = path.split('.').next().unwrap();
            assert!(
                matches!(word, "account" | "holder") || Role::from_word(word).is_some(),
                "{}: {path}",
                field.name
            );
        }
    }
}

#[test]
fn only_enum_fields_have_words() {
    for field in LISTED.iter().flat_map(|entity| entity.fields()) {
        assert!(
            field.words == Words::Any || field.data_type == DataType::Enum,
            "{}",
            field.name
        );
    }
}

#[test]
fn a_loan_transaction_has_the_fields_of_a_transaction_and_may_be_given_under_either_name() {
    let field = Field::native(Entity::LoanTransaction, "AMOUNT");
    assert_eq!(field.known(), Entity::Transaction.field("AMOUNT"));
    assert_eq!(
        field.given_names(),
        ["LOAN_TRANSACTION.AMOUNT", "TRANSACTION.AMOUNT"]
    );
}

#[test]
fn a_field_of_a_branch_is_left_to_the_fixture() {
    assert!(Field::native(Entity::Branch, "NAME").is_unmapped());
    assert!(!Field::native(Entity::Loans, "LOAN_AMOUNT").is_unmapped());
    assert!(Field::native(Entity::Loans, "TAX_RATE").is_unmapped());
}

#[test]
fn a_misspelt_field_has_a_nearest() {
    assert_eq!(Entity::Loans.nearest_field("LOANAMOUNT"), Some("LOAN_AMOUNT"));
}
