//! The manifest as it is stored.

use crate::menu::{
    Check, Finding, Level,
    Level::Error,
    manifest::{Known, Manifest},
};

#[test]
fn a_manifest_reads_back_what_it_wrote_and_refuses_anything_else() {
    let mut manifest = Manifest::default();
    manifest.entries.insert("g:c:pizze:o1:add".into(), Known::Written { fingerprint: u64::MAX, orderable: true });
    manifest.entries.insert("d:p".into(), Known::Written { fingerprint: 0, orderable: false });
    manifest.deactivated("c:pizze");
    let text = "c:pizze\tx\nd:p\t0000000000000000-\ng:c:pizze:o1:add\tffffffffffffffff+\n";
    assert_eq!(manifest.encode(), text);
    assert_eq!(Manifest::decode(text), Some(manifest));
    assert_eq!(Manifest::decode(""), Some(Manifest::default()));
    for broken in [
        "d:p",
        "d:p\t",
        "d:p\ty",
        "d:p\t+",
        "d:p\tff+",
        "d:p\t+fffffffffffffff+",
        "d:p\tffffffffffffffffff+",
        "p\tx",
        "\tx",
        "d:p\t0000000000000000è",
        "d:p\tx\n\n",
    ] {
        assert_eq!(Manifest::decode(broken), None, "{broken:?}");
    }
}

#[test]
fn what_is_orderable_is_counted_in_dishes() {
    let mut manifest = Manifest::default();
    for (key, orderable) in [("c:pizze", true), ("g:p:p:o:add", true), ("d:p", true), ("d:q", false)] {
        manifest.entries.insert(key.into(), Known::Written { fingerprint: 1, orderable });
    }
    manifest.deactivated("d:r");
    assert_eq!(manifest.orderable_dishes(), 1);
}

#[test]
fn a_finding_reads_back_what_it_wrote() {
    let finding = Finding {
        check: Check::SalesMode,
        level: Error,
        subject: String::new(),
        message: "Manca una modalità".into(),
        remedy: "Cassa: Configurazione".into(),
    };
    let text = serde_json::to_string(&finding).unwrap();
    assert!(text.contains(r#""check":"sales_mode","level":"error""#));
    assert_eq!(serde_json::from_str::<Finding>(&text).unwrap(), finding);
    assert!(Level::Warning < Level::Error);
}
