//! Mutations that keep JSON whole: bytes alone would hardly ever change a document in a way that still gets as far as a
//! field. What is no JSON is left for libFuzzer to change.

use super::answers::NEXT;
use fastrand::Rng;
use serde_json::{Map, Value, json};

/// What may break a reader that is not careful: the ends of numbers and texts, and words of other types.
fn leaves() -> Vec<Value> {
    let numbers = json!([0, -1, 1, 0.005, 1e15, 1e300, -0.0, i64::MAX, i64::MIN, u64::MAX, 253_402_300_800_000_i64]);
    let texts = json!([
        "",
        " ",
        "0",
        "-0.01",
        "1e308",
        "NaN",
        "é",
        "e\u{301}",
        "\u{202e}x\u{0}",
        "👩‍🍳",
        "allergia alle noci",
        "#",
        "..",
        "2026-03-29T02:30:00",
        "9999-12-31T23:59:59Z",
        "-009999-01-01T00:00:00Z",
        "<b>&amp;</b>",
        "c:a:b:add",
        "gone",
        "many"
    ]);
    let others = json!([null, true, false, [], {}, [[]], {"id": null}]);
    [numbers, texts, others].into_iter().flat_map(|list| list.as_array().cloned().unwrap_or_default()).collect()
}

/// A mutation of the input, made from this seed: its JSON changed in one to four places. None if it holds no JSON.
pub(crate) fn json(data: &[u8], seed: u64) -> Option<Vec<u8>> {
    let mut rng = Rng::with_seed(seed);
    let (start, end, mut document) = find(data, &mut rng)?;
    for _ in 0..rng.usize(1..=4) {
        let donor = pick(&document, rng.usize(..count(&document))).clone();
        let place = rng.usize(..count(&document));
        change(&mut document, place, donor, &mut rng);
    }
    let changed = document.to_string();
    Some([&data[..start], changed.as_bytes(), &data[end..]].concat())
}

/// One of the documents of an input: it begins its line and ends its part.
fn find(data: &[u8], rng: &mut Rng) -> Option<(usize, usize, Value)> {
    let mut parts = Vec::new();
    let mut start = 0;
    while let Some(length) = data[start..].windows(NEXT.len()).position(|window| window == NEXT) {
        parts.push((start, start + length));
        start += length + NEXT.len();
    }
    parts.push((start, data.len()));
    let (start, end) = *rng.choice(&parts)?;
    let lines = std::iter::once(0).chain((1..end - start).filter(|at| data[start + at - 1] == b'\n'));
    let mut openings = lines.filter(|at| matches!(data.get(start + at), Some(b'{' | b'[')));
    openings.find_map(|at| {
        let document = serde_json::from_slice(&data[start + at..end]).ok()?;
        Some((start + at, end, document))
    })
}

/// How many values there are, the whole included.
fn count(value: &Value) -> usize {
    1 + children(value).map(count).sum::<usize>()
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(fields) => Box::new(fields.values()),
        _ => Box::new(std::iter::empty()),
    }
}

/// The value with this number.
fn pick(value: &Value, place: usize) -> &Value {
    if place == 0 {
        return value;
    }
    let mut left = place - 1;
    for child in children(value) {
        let size = count(child);
        if left < size {
            return pick(child, left);
        }
        left -= size;
    }
    value
}

/// Changes the value with this number.
fn change(value: &mut Value, place: usize, donor: Value, rng: &mut Rng) {
    if place == 0 {
        return change_here(value, donor, rng);
    }
    let mut left = place - 1;
    let children: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(fields) => fields.values_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        let size = count(child);
        if left < size {
            return change(child, left, donor, rng);
        }
        left -= size;
    }
}

fn change_here(value: &mut Value, donor: Value, rng: &mut Rng) {
    match (rng.u8(..6), value) {
        (0, value) => *value = donor,
        (1, Value::Object(fields)) => {
            remove(fields, rng);
        }
        (2, Value::Object(fields)) => rename(fields, rng),
        (1, Value::Array(items)) if !items.is_empty() => {
            items.remove(rng.usize(..items.len()));
        }
        (2, Value::Array(items)) => {
            let copies = rng.usize(1..4);
            items.extend(std::iter::repeat_n(donor, copies));
        }
        (3, value) => *value = Value::Array(vec![value.take()]),
        (4, Value::Number(number)) => {
            let near = number.as_f64().unwrap_or_default() * [-1.0, 0.5, 100.0, 1e9][rng.usize(..4)];
            *number = serde_json::Number::from_f64(near).unwrap_or_else(|| 0.into());
        }
        (4, Value::String(text)) => {
            let more = leaves().iter().filter_map(Value::as_str).nth(rng.usize(..20)).unwrap_or_default().to_owned();
            *text = if rng.bool() { format!("{text}{more}") } else { more.repeat(rng.usize(1..40)) };
        }
        (5, value) => {
            let alike =
                leaves().into_iter().filter(|leaf| std::mem::discriminant(leaf) == std::mem::discriminant(value));
            *value = rng.choice(alike.collect::<Vec<_>>()).unwrap_or_default();
        }
        (_, value) => *value = rng.choice(leaves()).unwrap_or_default(),
    }
}

fn remove(fields: &mut Map<String, Value>, rng: &mut Rng) -> Option<Value> {
    let name = rng.choice(fields.keys())?.clone();
    fields.remove(&name)
}

fn rename(fields: &mut Map<String, Value>, rng: &mut Rng) {
    let names: Vec<String> = fields.keys().cloned().collect();
    if let (Some(name), Some(value)) = (rng.choice(&names), remove(fields, rng)) {
        fields.insert(name.clone(), value);
    }
}

#[test]
fn a_mutation_keeps_the_head_changes_the_json_and_is_made_again_from_its_seed() {
    let input = b"orders 200\n{\"orders\":[{\"id\":1}],\"totalCount\":1}\n---\n{\"orders\":[]}";
    let mutations: std::collections::BTreeSet<Vec<u8>> = (0..200).map(|seed| json(input, seed).unwrap()).collect();
    assert!(mutations.len() > 100, "{} different mutations", mutations.len());
    for mutation in &mutations {
        let told = super::answers::Told::read(mutation).unwrap();
        assert_eq!((told.what, told.status, told.bodies.len()), ("orders", 200, 2));
        assert!(told.bodies.iter().all(|body| serde_json::from_slice::<Value>(body).is_ok()));
    }
    assert_eq!(json(input, 7), json(input, 7));
    assert_eq!(json(b"ORDER/EDIT\nno json", 7), None);
}
