//! The shapes of direct URLs, and every way to get one wrong.

use super::*;
use proptest::prelude::*;
use secrecy::ExposeSecret as _;

const HASH: &str = "5f3c9a0f6f1f4d0a8b7e2c1d9e8f7a6b5c4d3e2f";

fn parse(template: &str) -> Result<DirectUrl, DirectUrlError> {
    DirectUrl::parse(&template.replace("HASH", HASH))
}

#[test]
fn a_port_that_the_scheme_has_anyway_makes_no_other_host() {
    let authority = |server: &str| {
        let url = DirectUrl::parse(&format!("{server}/api/1/json/public/31754/00ff")).unwrap();
        (url.authority(), url.port())
    };
    assert_eq!(
        authority("https://bank1.example:443"),
        ("bank1.example".into(), 443)
    );
    assert_eq!(
        authority("https://bank1.example:80"),
        ("bank1.example:80".into(), 80)
    );
    assert_eq!(authority("http://bank1.example:80"), ("bank1.example".into(), 80));
    assert_eq!(
        authority("http://bank1.example:443"),
        ("bank1.example:443".into(), 443)
    );
}

#[test]
fn every_shape_of_the_sheet_is_read() {
    for (url, target, host, port) in [
        (
            "https://ireland2.mpo.mambu.com/api/1/json/public/31754/HASH",
            "31754",
            "ireland2.mpo.mambu.com",
            443,
        ),
        (
            "http://127.0.0.1:8080/api/2/xml/public/1871779/HASH?a=b",
            "1871779",
            "127.0.0.1",
            8080,
        ),
        (
            "HTTPS://Tenant.MPO.mambu.com/api/1/nvp/public/1/HASH",
            "1",
            "tenant.mpo.mambu.com",
            443,
        ),
        ("http://[::1]/api/1/json/public/1/HASH", "1", "[::1]", 80),
        ("http://[::1]:81/api/1/json/public/1/HASH", "1", "[::1]", 81),
        (
            "https://h/api/2/json/public/@in-take/proj/prod/i738314881/HASH",
            "@in-take/proj/prod/i738314881",
            "h",
            443,
        ),
        (
            "https://h/api/2/json/public/@in-take/i738314881/HASH",
            "@in-take/i738314881",
            "h",
            443,
        ),
    ] {
        let parsed = parse(url).unwrap();
        assert_eq!(
            (parsed.target().to_string().as_str(), parsed.host(), parsed.port()),
            (target, host, port),
            "{url}"
        );
        assert!(parsed.hash().is(HASH));
    }
}

#[test]
fn the_part_that_is_wrong_is_named() {
    use DirectUrlError as E;
    for (url, expected) in [
        ("", E::Scheme),
        ("tenant.mpo.mambu.com/api/1/json/public/1/HASH", E::Scheme),
        ("ftp://h/api/1/json/public/1/HASH", E::Scheme),
        ("https:///api/1/json/public/1/HASH", E::Host),
        ("https://a b/api/1/json/public/1/HASH", E::Host),
        ("https://[::g]/api/1/json/public/1/HASH", E::Host),
        ("https://me:pw@h/api/1/json/public/1/HASH", E::UserInfo),
        ("https://h:0/api/1/json/public/1/HASH", E::Port),
        ("https://h:+80/api/1/json/public/1/HASH", E::Port),
        ("https://h:65536/api/1/json/public/1/HASH", E::Port),
        ("https://h:/api/1/json/public/1/HASH", E::Port),
        ("https://h/api/1/json/public/1/HASH#x", E::Fragment),
        ("https://h", E::Prefix),
        ("https://h/", E::Prefix),
        ("https://h/API/1/json/public/1/HASH", E::Prefix),
        ("https://h//api/1/json/public/1/HASH", E::Prefix),
        ("https://h/api/3/json/public/1/HASH", E::Prefix),
        ("https://h/api/1", E::Ends("format")),
        ("https://h/api/1/jsn/public/1/HASH", E::Format("`jsn`".into())),
        ("https://h/api/1/HASH", E::Format("something longer".into())),
        ("https://h/api/1/json", E::Ends("word `public`")),
        (
            "https://h/api/1/json/HASH/1",
            E::NotPublic("something longer".into()),
        ),
        (
            "https://h/api/1/json/callback/5cf6701100010203040506ff/HASH",
            E::Callback,
        ),
        (
            "https://h/api/1/json/plugins/twilio/1/5cf6701100010203040506ff/HASH",
            E::NotPublic("`plugins`".into()),
        ),
        ("https://h/api/1/json/public", E::Ends("process id")),
        ("https://h/api/1/json/public/", E::Ends("process id")),
        ("https://h/api/1/json/public/31754", E::Ends("hash")),
        ("https://h/api/1/json/public/31754/", E::Hash),
        (
            "https://h/api/1/json/public/031754/HASH",
            E::ConvId("`031754`".into()),
        ),
        (
            "https://h/api/1/json/public/HASH/31754",
            E::ConvId("something longer".into()),
        ),
        ("https://h/api/1/json/public//HASH", E::ConvId("nothing".into())),
        ("https://h/api/1/json/public/31754/HASH/", E::Longer),
        ("https://h/api/1/json/public/31754/x/HASH", E::Longer),
        ("https://h/api/1/json/public/31754/HA-SH", E::Hash),
        ("https://h/api/1/json/public/31754/%35f3c", E::Hash),
        ("https://h/api/2/json/public/@a/HASH", E::AliasParts),
        ("https://h/api/2/json/public/@a/p/s/HASH", E::AliasParts),
        ("https://h/api/2/json/public/@a/p/s/c/d/HASH", E::AliasParts),
        ("https://h/api/2/json/public/@/p/s/c/HASH", E::AliasPart("alias")),
        ("https://h/api/2/json/public/@a/p//c/HASH", E::AliasPart("stage")),
    ] {
        assert_eq!(parse(url), Err(expected), "{url}");
    }
}

#[test]
fn the_three_links_differ_in_the_format_word_only() {
    let url = parse("https://h:8443/api/2/xml/public/31754/HASH").unwrap();
    for format in Format::ALL {
        let expected = format!("https://h:8443/api/2/{}/public/31754/{HASH}", format.word());
        assert_eq!(url.link(format).expose_secret(), expected);
    }
    assert_eq!(
        url.path().expose_secret(),
        format!("/api/2/xml/public/31754/{HASH}")
    );
}

#[test]
fn no_hash_is_shown() {
    let url = parse("https://h/api/1/json/public/31754/HASH").unwrap();
    let errors = [
        "/api/1/HASH",
        "/api/1/json/HASH",
        "/api/1/json/public/HASH/1",
        "/HASH",
    ];
    let mut shown = vec![format!("{url:?} {} {:?}", url.masked(), url.link(Format::Json))];
    for path in errors {
        let path = path.replace("HASH", HASH);
        shown.push(format!(
            "{:?} {}",
            DirectPath::parse(&path).err(),
            masked_path(&path)
        ));
    }
    assert!(!shown.concat().contains(HASH), "{shown:?}");
    assert_eq!(
        masked_path("/api/1/json/callback/5cf6701100010203040506ff/abc?x"),
        "/api/1/json/callback/<…>/<…>"
    );
}

proptest! {
    #[test]
    fn a_link_reads_back_as_written(
        https: bool,
        host in "[a-z0-9-]{1,8}(\\.[a-z]{2,5})?",
        port in prop::option::of(1..=u16::MAX),
        two: bool,
        conv_id: u64,
        alias in prop::option::of(("[a-z0-9-]{3,9}", "[a-z0-9-]{1,5}", "[a-z]{1,5}", "i[0-9]{3,9}")),
        hash in "[0-9a-f]{40}",
        format in prop::sample::select(Format::ALL.to_vec()),
    ) {
        let target = match alias {
            None => Target::Process(ConvId::new(conv_id)),
            Some((short_name, project, stage, company)) => {
                Target::Alias { short_name, scope: AliasScope::Project { project, stage, company } }
            }
        };
        let version = if two { ApiVersion::Two } else { ApiVersion::One };
        let url = DirectUrl { https, host, port, version, format, target, hash: Hash::new(&hash) };
        prop_assert_eq!(DirectUrl::parse(url.link(format).expose_secret()), Ok(url));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(https?://)?[a-z:\\[\\]@/]{0,9}(/api/[123]/(json|xml)/public/)?[@a-z0-9/?#%ä]{0,30}") {
        let _ = DirectUrl::parse(&text);
        let _ = masked_path(&text);
    }
}
