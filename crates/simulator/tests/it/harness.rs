//! Clients of both parties that do everything right, so that a test can do one thing wrong.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use simulator::{Simulator, SimulatorConfig, demo_ids as ids};

/// A simulator with the demo restaurant, and a token of each party.
pub(crate) struct World {
    pub(crate) sim: Simulator,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

/// Status and JSON body of an answer.
pub(crate) type Answer = (u16, Value);

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(SimulatorConfig::default()).await
    }

    pub(crate) async fn with(config: SimulatorConfig) -> Self {
        let sim = Simulator::start(config).unwrap();
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        let mut world = Self { sim, http, token: String::new() };
        world.token = world.new_token().await;
        world
    }

    pub(crate) async fn new_token(&self) -> String {
        let (status, body) = self.ask_token("demo-api-key-not-real").await;
        assert_eq!(status, 200);
        body["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn ask_token(&self, key: &str) -> Answer {
        let request = self.http.post(format!("{}/apikey/token", self.sim.cic_url()));
        answer(request.header("x-requested-with", "*").json(&json!({ "apiKey": key })).send().await.unwrap()).await
    }

    /// A call to the till with every header that it wants.
    pub(crate) fn till(&self, method: Method, path: &str) -> RequestBuilder {
        self.till_bare(method, path)
            .bearer_auth(&self.token)
            .header("x-version", "1.0.0")
            .header("x-requested-with", "*")
            .header("content-type", "application/json")
    }

    pub(crate) fn till_bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.sim.cic_url()))
    }

    pub(crate) async fn till_get(&self, path: &str) -> Answer {
        answer(self.till(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn till_get_with(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        let request = self.till(Method::GET, path).query(&[("start", "0"), ("limit", "100")]).query(query);
        answer(request.send().await.unwrap()).await
    }

    pub(crate) async fn till_send(&self, method: Method, path: &str, body: &Value) -> Answer {
        answer(self.till(method, path).body(body.to_string()).send().await.unwrap()).await
    }

    pub(crate) async fn new_customer(&self) -> String {
        let customer = json!({ "name": "Anna Prova", "email": "anna.prova@example.test" });
        let (_, body) = self.till_send(Method::POST, "/customers", &customer).await;
        body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn create(&self, order: &Value) -> Answer {
        self.till_send(Method::POST, "/documents/orders/batch", &json!({ "create": [order] })).await
    }

    /// A good order of two Margherite, to be spoilt by a test.
    pub(crate) async fn good_order(&self, external_id: &str) -> Value {
        good_order(external_id, &self.new_customer().await)
    }

    /// Puts a good order on the till.
    pub(crate) async fn ordered(&self, external_id: &str) {
        let order = self.good_order(external_id).await;
        let (status, body) = self.create(&order).await;
        assert_eq!(status, 200, "{body}");
    }

    /// A call to the platform about the demo restaurant.
    pub(crate) fn plateform(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/restaurants/rest-demo{path}", self.sim.plateform_url());
        self.http.request(method, url).bearer_auth("demo-plateform-token")
    }

    pub(crate) async fn plateform_get(&self, path: &str) -> Answer {
        answer(self.plateform(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn plateform_send(&self, method: Method, path: &str, key: &str, body: &Value) -> Answer {
        let request = self.plateform(method, path).header("idempotency-key", key).json(body);
        answer(request.send().await.unwrap()).await
    }

    pub(crate) async fn control(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self.http.request(method, format!("{}/control{path}", self.sim.base_url()));
        answer(request.body(body.to_string()).send().await.unwrap()).await
    }

    /// Sets switches of the till.
    pub(crate) fn till_switch(&self, switches: Value) {
        self.sim.configure(&json!({ "till": switches })).unwrap();
    }
}

pub(crate) async fn answer(response: Response) -> Answer {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// A good order of two Margherite for take-away.
pub(crate) fn good_order(external_id: &str, customer: &str) -> Value {
    json!({
        "externalId": external_id, "isExternalOrder": true, "date": now_ms(), "dueDate": now_ms() + 1_200_000,
        "deliveryMode": "PICKUP", "phoneNumber": "+390000000001", "prepay": false,
        "document": {
            "idSalesPoint": 90101, "idCustomer": customer, "taxFree": false, "amount": 14.0, "note": "Plateform #1001",
            "rows": [{
                "rowNumber": 1, "idProductVariant": ids::MARGHERITA_VARIANT, "idDepartment": ids::KITCHEN,
                "idTax": ids::TAX_10, "idSalesMode": ids::TAKEAWAY, "quantity": 2, "price": 7.0, "subtotal": false,
                "shippingCost": false, "menu": false, "composition": false,
            }],
        },
    })
}
