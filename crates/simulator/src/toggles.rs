//! The switches of both parties. Defaults are the strict, documented behaviour.

use crate::hooks::WebhookMode;
use serde::{Deserialize, Serialize};

/// Behaviour of the till.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TillToggles {
    /// Life of a token.
    pub token_ttl_seconds: i64,
    /// Unquoted strings in the query are understood instead of answered with 500.
    pub lenient_strings: bool,
    /// Missing `X-Version`, `X-Requested-With` and content type are forgiven.
    pub lenient_headers: bool,
    /// Unknown query parameters are ignored instead of refused.
    pub ignore_unknown_parameters: bool,
    /// `limit` above 100 becomes 100 instead of 400.
    pub clamp_limit: bool,
    /// Calls per window, key and first path segment.
    pub rate_limit: u32,
    /// Length of the window.
    pub rate_window_seconds: i64,
    /// Whether 429 carries `Retry-After`.
    pub rate_retry_after: bool,
    /// Shape of the answer to an order batch.
    pub batch_answer: BatchAnswer,
    /// Orders with `rowModifierValues` are refused.
    pub reject_row_modifier_values: bool,
    /// Orders without customer and organization are refused.
    pub customer_required: bool,
    /// Set: every new order is refused with this text, as if a limit of the till's portal were reached.
    pub order_limit: Option<String>,
    /// New orders are accepted at once.
    pub auto_accept: bool,
    /// Any state may follow any other.
    pub skip_states: bool,
    /// `COMPLETED` also sets `PROCESSED`.
    pub completed_sets_processed: bool,
    /// Creating an order sends `ORDER/CREATE`.
    pub order_create_echo: bool,
    /// Webhooks that a call causes are delivered before that call is answered.
    pub webhooks_before_answer: bool,
    /// Simple products have one technical variant.
    pub technical_variants: bool,
    /// Names of options and values are embedded in modifiers.
    pub modifier_names: bool,
    /// What `idsSalesPoint` returns.
    pub visibility: Visibility,
    /// Where options are served.
    pub options_path: OptionsPath,
    /// What `PUT /customers/{id}` does to fields that are not sent.
    pub customer_put: CustomerPut,
    /// Which date the window of `/documents/orders` filters on.
    pub orders_window: OrdersWindow,
    /// Body of a `DELETE` webhook.
    pub delete_body: DeleteBody,
    /// How webhooks are signed.
    pub signature: SignatureMode,
    /// What happens to webhooks unless a control call says otherwise.
    pub webhook: WebhookMode,
}

impl Default for TillToggles {
    fn default() -> Self {
        Self {
            token_ttl_seconds: 3600,
            lenient_strings: false,
            lenient_headers: false,
            ignore_unknown_parameters: false,
            clamp_limit: false,
            rate_limit: 360,
            rate_window_seconds: 600,
            rate_retry_after: false,
            batch_answer: BatchAnswer::CreateDetails,
            reject_row_modifier_values: false,
            customer_required: true,
            order_limit: None,
            auto_accept: false,
            skip_states: false,
            completed_sets_processed: false,
            order_create_echo: false,
            webhooks_before_answer: false,
            technical_variants: true,
            modifier_names: true,
            visibility: Visibility::OwnAndGlobal,
            options_path: OptionsPath::Options,
            customer_put: CustomerPut::Replace,
            orders_window: OrdersWindow::Date,
            delete_body: DeleteBody::Full,
            signature: SignatureMode::Good,
            webhook: WebhookMode::Send,
        }
    }
}

/// Behaviour of the platform.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlateformToggles {
    /// How webhooks are signed.
    pub signature: SignatureMode,
    /// What happens to webhooks unless a control call says otherwise.
    pub webhook: WebhookMode,
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
    };
}

choice! {
    /// Shape of the answer to an order batch.
    BatchAnswer {
        /// `batchResponse.createDetails`.
        #[default] CreateDetails,
        /// `batchResponse.create` and `update`, as another source has it.
        Create,
    }
}
choice! {
    /// What `idsSalesPoint` returns.
    Visibility {
        /// Rows of the sales points and rows of the whole licence.
        #[default] OwnAndGlobal,
        /// Only rows of the sales points.
        OnlyOwn,
    }
}
choice! {
    /// Where options are served.
    OptionsPath {
        /// `/options`.
        #[default] Options,
        /// `/modifiers`.
        Modifiers,
        /// Nowhere.
        None,
    }
}
choice! {
    /// What `PUT /customers/{id}` does to fields that are not sent.
    CustomerPut {
        /// They are lost.
        #[default] Replace,
        /// They are kept.
        Merge,
    }
}
choice! {
    /// Which date the window of `/documents/orders` filters on.
    OrdersWindow {
        /// `date`.
        #[default] Date,
        /// `dueDate`.
        DueDate,
    }
}
choice! {
    /// Body of a `DELETE` webhook.
    DeleteBody {
        /// The whole entity.
        #[default] Full,
        /// Only `id`.
        OnlyId,
    }
}
choice! {
    /// How webhooks are signed.
    SignatureMode {
        /// As documented.
        #[default] Good,
        /// With another secret.
        Wrong,
        /// The right bytes in base64 (the till only).
        Base64,
        /// No signature header.
        Missing,
    }
}
