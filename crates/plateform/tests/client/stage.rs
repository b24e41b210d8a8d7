//! The simulated platform, a client of it, and a bridge that hears its webhooks.

use crate::server::{Reply, Server, access as canary, rome};
use app::ports::{OrderKey, PlatformAccess};
use domain::{OrderId, TenantId};
use jiff::Timestamp;
use plateform::{Client, DEFAULT_TIMEOUT, PlatformEvent, RawWebhook, Settings};
use serde_json::json;
use simulator::{FaultKind, FaultSpec, Party, PlaceOrder, RestaurantSpec, Simulator, SimulatorConfig};

pub(crate) struct Stage {
    bridge: Server,
    pub(crate) platform: Simulator,
    pub(crate) client: Client,
    pub(crate) access: PlatformAccess,
    pub(crate) tenant: TenantId,
}

impl Stage {
    pub(crate) async fn set() -> Self {
        let spec = RestaurantSpec::demo();
        let bridge = Server::playing((0..4).map(|_| Reply::Json(202, json!({"status": "queued"})))).await;
        let platform = Simulator::start(SimulatorConfig::with_bridge(bridge.root.as_str())).unwrap();
        let client = Client::new(Settings { base_url: platform.plateform_url(), timeout: DEFAULT_TIMEOUT }).unwrap();
        let access = PlatformAccess {
            api_token: spec.plateform_token.into(),
            webhook_secrets: vec![spec.plateform_webhook_secret.into()],
            ..canary()
        };
        Self { bridge, platform, client, access, tenant: TenantId::parse(&spec.restaurant_id).unwrap() }
    }

    /// The last webhook that arrived, verified and read.
    pub(crate) fn heard(&self) -> PlatformEvent {
        let request = self.bridge.received().pop().unwrap();
        assert_eq!(request.line, "POST /webhooks/plateform HTTP/1.1");
        let raw = RawWebhook {
            id: request.header("webhook-id"),
            timestamp: request.header("webhook-timestamp"),
            signature: request.header("webhook-signature"),
            body: request.body.as_bytes(),
        };
        let envelope = raw.verify(&self.access.webhook_secrets, Timestamp::now()).unwrap().parse().unwrap();
        assert_eq!(envelope.restaurant_id(), &self.tenant);
        envelope.event(&rome()).unwrap()
    }

    /// Places an order with everything in it.
    pub(crate) async fn order(&self, id: &str) -> OrderKey {
        let full = json!({
            "id": id, "service": "delivery", "requestedFor": "2026-11-24T19:30:00+01:00", "notes": "citofono rotto",
            "customer": {"id": "cust-1", "firstName": "Prova", "lastName": "Utente", "email": "utente@example.test",
                         "phone": "+390000000001", "locale": "it"},
            "delivery": {"street": "Via Prova 1", "city": "Roma", "postalCode": "00100", "country": "IT"},
            "payment": {"method": "online", "paid": true, "transactionId": "tx-1"},
            "lines": [{
                "id": "l-1", "dishExternalId": "prod-1", "name": "Margherita", "quantity": 2, "unitPriceCents": 700,
                "options": [{"groupExternalId": "p:prod-1:opt-1:add", "optionExternalId": "val-1", "name": "Olive",
                             "kind": "addition", "quantity": 1, "priceCents": 100}],
                "totalCents": 1600}],
            "fees": [{"kind": "delivery", "name": "Consegna", "amountCents": 250}],
            "discounts": [{"name": "Benvenuto", "amountCents": 150}], "totalCents": 1700
        });
        let wanted = PlaceOrder { full: Some(full), allow_unorderable: true, ..PlaceOrder::default() };
        self.platform.place_order(wanted).await.unwrap();
        OrderKey { tenant: self.tenant.clone(), order: OrderId::parse(id).unwrap() }
    }

    pub(crate) fn arm(&self, endpoint: &str, fault: FaultKind) {
        self.platform.arm_fault(FaultSpec { party: Some(Party::Plateform), ..FaultSpec::new(endpoint, fault) });
    }
}
