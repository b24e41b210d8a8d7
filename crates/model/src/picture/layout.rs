//! Where everything is drawn. A node or an edge that has no place here is one that nobody has looked at yet.

use super::Node;
use domain::order::Status::{Cancelled, Confirmed, Evaso, New, Rejected};

/// A point, in pixels from the upper left.
pub(super) type Point = (i32, i32);

/// How wide and high a node is.
pub(super) const NODE: Point = (136, 46);

/// How wide and high the picture is.
pub(super) const PICTURE: Point = (1620, 940);

/// Between which heights nodes and labels are; above is the title, below the legend.
pub(super) const DRAWN: (i32, i32) = (44, 870);

const ROWS: [i32; 3] = [200, 480, 740];

/// The middle of a node.
pub(super) fn place(node: Node) -> Option<Point> {
    let x = match node.0 {
        "NotOnTill" => 200,
        "Received" | "Withdrawn" => 500,
        "Creating" => 790,
        "OnTill" if matches!(node.1, Rejected | Evaso) => 1520,
        "OnTill" => 1130,
        _ => return None,
    };
    let y = match node.1 {
        New | Rejected => ROWS[0],
        Confirmed | Evaso => ROWS[1],
        Cancelled => ROWS[2],
    };
    Some((x, y))
}

/// How an edge runs, from the rim of one node to the rim of the other, and where the middle of its label is.
pub(super) fn route(from: Node, to: Node) -> Option<(Vec<Point>, Point)> {
    let ((x, y), (to_x, to_y)) = (place(from)?, place(to)?);
    let (half, high) = (NODE.0 / 2, NODE.1 / 2);
    let beside = |x: i32, towards: i32| if towards > x { x + half } else { x - half };
    let across = |shift: i32, at: Point| (vec![(beside(x, to_x), y + shift), (beside(to_x, x), y + shift)], at);
    let over = |lane: i32, begin: i32, end: i32, side: i32, at: i32| {
        let (from, to) = ((x + begin, y + side * high), (to_x + end, y + side * high));
        (vec![from, (from.0, y + lane), (to.0, y + lane), to], (at, y + lane))
    };
    let around = |at_y: i32| {
        let lane = x - half - 28;
        let points = vec![(x - half, y + 10), (lane, y + 10), (lane, to_y - 10), (x - half, to_y - 10)];
        (points, (lane, at_y))
    };
    let down = |at: Point| (vec![(x, y + high), (to_x, to_y - high)], at);
    let route = match (from, to) {
        (("Received", _), ("Creating", _)) => across(-11, (645, y - 11)),
        (("Creating", _), ("Received", _)) => across(11, (645, y + 13)),
        (("Received", _), ("NotOnTill", _)) => across(-11, (350, y - 19)),
        (("NotOnTill", _), ("Received", _)) => across(11, (350, y + 19)),
        (("Creating", Cancelled), ("Withdrawn", _)) => across(0, (645, y)),
        (("Creating", _), ("OnTill", _)) => across(0, (945, y)),
        (("Creating", _), ("NotOnTill", _)) => over(-66, -20, 20, -1, 500),
        (("NotOnTill", Cancelled), ("OnTill", _)) => over(104, 0, 20, 1, 350),
        (("NotOnTill", _), ("OnTill", _)) => over(-116, -20, 20, -1, 500),
        (("Received", _), ("OnTill", _)) => over(66, 20, -20, 1, 645),
        (("Withdrawn", _), ("OnTill", _)) => over(60, 0, -20, 1, 645),
        (("OnTill", New), ("OnTill", Evaso)) => (vec![(x + half, y + 14), (to_x - half, to_y - 14)], (1272, 258)),
        (("OnTill", Confirmed), ("OnTill", Rejected)) => {
            (vec![(x + half, y - 14), (to_x - half, to_y + 14)], (1272, 422))
        }
        (("OnTill", _), ("OnTill", Evaso | Rejected)) => across(0, (1325, y)),
        (_, (_, Cancelled)) if from.1 == New => around(y + 86),
        (("OnTill", New), ("OnTill", Confirmed)) => down((x, y + 122)),
        (_, (_, Cancelled)) => down((x, (y + to_y) / 2)),
        _ => return None,
    };
    Some(route)
}
