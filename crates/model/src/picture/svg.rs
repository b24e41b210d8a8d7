//! The graph as an SVG that any browser shows: no font, no script, nothing from elsewhere.

use super::{
    Edge, Graph, Node,
    layout::{DRAWN, NODE, PICTURE, Point, place, route},
};
use domain::order::Status;
use std::fmt::Write;

/// How wide a character and how high a line is, in pixels, of the font that labels are written in.
const CHARACTER: i32 = 7;
const LINE: i32 = 15;

/// Something with a text in it, which nothing else may cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Box {
    /// The text, line by line.
    pub lines: Vec<String>,
    /// The left, upper, right and lower rim.
    pub rim: [i32; 4],
}

impl Box {
    fn around(lines: Vec<String>, (x, y): Point) -> Self {
        let widest = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
        let (wide, high) = (i32::try_from(widest).unwrap_or(i32::MAX) * CHARACTER + 6, lines.len() as i32 * LINE + 4);
        Self { lines, rim: [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2] }
    }

    /// Whether two cover each other.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let [left, top, right, bottom] = self.rim;
        let [other_left, other_top, other_right, other_bottom] = other.rim;
        left < other_right && other_left < right && top < other_bottom && other_top < bottom
    }

    /// Whether it is where nodes and labels may be.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        let [left, top, right, bottom] = self.rim;
        left >= 0 && top >= DRAWN.0 && right <= PICTURE.0 && bottom <= DRAWN.1
    }
}

/// Every node and every label with its place; none if something has no place.
#[must_use]
pub fn boxes(graph: &Graph) -> Option<Vec<Box>> {
    let nodes = graph.nodes().into_iter().map(node_box);
    let labels = graph.edges.iter().map(|((from, to), edge)| Some(Box::around(label(edge), route(*from, *to)?.1)));
    nodes.chain(labels).collect()
}

fn node_box(node: Node) -> Option<Box> {
    let (x, y) = place(node)?;
    let rim = [x - NODE.0 / 2, y - NODE.1 / 2, x + NODE.0 / 2, y + NODE.1 / 2];
    Some(Box { lines: vec![node.0.to_owned(), format!("{:?}", node.1)], rim })
}

/// The events, the words of the till together in one line, then what is said.
fn label(edge: &Edge) -> Vec<String> {
    let (words, own): (Vec<_>, Vec<_>) = edge.events.iter().partition(|event| event.starts_with("till: "));
    let words: Vec<_> = words.iter().filter_map(|word| word.strip_prefix("till: ")).collect();
    let own: Vec<_> = own.iter().map(|event| event.as_str()).collect();
    let lines = [own.join(", "), words.join(", ")].into_iter().filter(|line| !line.is_empty());
    lines.chain(edge.says.iter().map(|said| format!("→ {said}"))).collect()
}

/// The picture; none if something has no place.
#[must_use]
pub fn draw(graph: &Graph) -> Option<String> {
    let (wide, high) = PICTURE;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img">
<title>The states of an order</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>
<style>text{{font:12px ui-monospace,monospace;text-anchor:middle;fill:#222}}.h{{font-size:20px;text-anchor:start}}.l{{text-anchor:start}}.s{{font-weight:bold}}.e{{fill:none;stroke:#777;marker-end:url(#tip)}}.n{{stroke:#333;rx:8}}.b{{fill:#fff}}</style>
<rect class="b" width="{wide}" height="{high}"/>
"##
    );
    legend(&mut svg)?;
    for (from, to) in graph.edges.keys() {
        let points = route(*from, *to)?.0.into_iter().map(|(x, y)| format!("{x} {y}")).collect::<Vec<_>>();
        writeln!(svg, r#"<path class="e" d="M{}"/>"#, points.join("L")).ok()?;
    }
    let is_node = graph.nodes().len();
    for (number, shape) in boxes(graph)?.into_iter().enumerate() {
        let [left, top, right, bottom] = shape.rim;
        let (wide, high) = (right - left, bottom - top);
        let node = graph.nodes().into_iter().nth(number).filter(|_| number < is_node);
        match node {
            Some(node) => {
                let (fill, rim) = (colour(node.1), if graph.starts.contains(&node) { 3 } else { 1 });
                writeln!(svg, r#"<rect class="n" x="{left}" y="{top}" width="{wide}" height="{high}" fill="{fill}" stroke-width="{rim}"/>"#)
            }
            None => writeln!(svg, r#"<rect class="b" x="{left}" y="{top}" width="{wide}" height="{high}"/>"#),
        }
        .ok()?;
        let middle = (left + right) / 2;
        let first = (top + bottom) / 2 - (shape.lines.len() as i32 - 1) * LINE / 2 + 4;
        for (line, y) in shape.lines.iter().zip((0..).map(|line| first + line * LINE)) {
            let class = if node.is_some() && y != first { r#" class="s""# } else { "" };
            writeln!(svg, r#"<text{class} x="{middle}" y="{y}">{line}</text>"#).ok()?;
        }
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

fn legend(svg: &mut String) -> Option<()> {
    writeln!(svg, r#"<text class="h" x="24" y="34">The states of an order</text>"#).ok()?;
    let lines = [
        "In each box: how far it has come on its way to the till, and what its customer knows. A thick rim: an order may begin here.",
        "A word of the till about an order that is elsewhere first puts it on the till (Created), then is looked up there. What moves nothing is not drawn;",
        "nor is the platform's own word, which is adopted whatever it is. After →: what is said in every case.",
    ];
    for (line, y) in lines.iter().zip((1..).map(|line| DRAWN.1 + line * 20)) {
        writeln!(svg, r#"<text class="l" x="24" y="{y}">{line}</text>"#).ok()?;
    }
    Some(())
}

fn colour(status: Status) -> &'static str {
    match status {
        Status::New => "#e8f0fe",
        Status::Confirmed => "#e3f4e1",
        Status::Evaso => "#c8e6c9",
        Status::Rejected => "#fde2e0",
        Status::Cancelled => "#eeeeee",
    }
}
