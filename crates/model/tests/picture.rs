//! `docs/order-states.svg` shows what [`step`](domain::lifecycle::step()) does, and can be read.

use model::picture::{boxes, draw, graph};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/order-states.svg");

#[test]
fn the_picture_shows_the_states_and_the_table_that_are_in_force() {
    let drawn = draw(&graph().unwrap()).expect("everything has its place: see picture/layout.rs");
    if std::env::var_os("REGENERATE_DOCS").is_some() {
        return std::fs::write(PAGE, drawn).unwrap();
    }
    let kept = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(kept == drawn, "draw the picture anew with REGENERATE_DOCS=1 cargo test -p model");
}

#[test]
fn no_text_of_the_picture_covers_another_or_leaves_it() {
    let boxes = boxes(&graph().unwrap()).expect("everything has its place: see picture/layout.rs");
    assert!(boxes.len() > 30, "{}", boxes.len());
    for (number, one) in boxes.iter().enumerate() {
        assert!(one.is_inside(), "{one:?}");
        for other in &boxes[..number] {
            assert!(!one.covers(other), "{one:?} covers {other:?}");
        }
    }
}
