//! The page that shows both sides.

use axum::response::Html;

/// The page, self-contained.
pub(super) async fn page() -> Html<&'static str> {
    Html(include_str!("page.html"))
}
