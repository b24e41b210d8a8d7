//! `template.yaml` keeps the promises of the documentation.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

const FUNCTIONS: [&str; 3] = ["Webhook", "Consumer", "Sync"];
const FOURTEEN_DAYS: u64 = 14 * 24 * 60 * 60;

/// The template with short forms reduced to their arguments: `!Ref Name` is `"Name"`.
struct Template(Value);

impl Template {
    fn load() -> Self {
        let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml")).expect("readable");
        Self(serde_saphyr::from_str(&text).expect("valid YAML"))
    }

    fn resource(&self, name: &str) -> &Value {
        let resource = &self.0["Resources"][name];
        assert!(resource.is_object(), "{name} is missing");
        resource
    }

    fn properties(&self, name: &str) -> &Value {
        &self.resource(name)["Properties"]
    }

    fn function(&self, name: &str) -> &Value {
        self.properties(&format!("{name}Function"))
    }

    fn of_type(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        let resources = self.0["Resources"].as_object().expect("resources");
        let of_kind = resources.iter().filter(move |(_, resource)| resource["Type"] == kind);
        of_kind.map(|(name, resource)| (name.as_str(), &resource["Properties"]))
    }

    fn statements(&self, function: &str) -> Vec<&Value> {
        let policies = list(&self.properties(&format!("{function}Role"))["Policies"]);
        policies.into_iter().flat_map(|policy| list(&policy["PolicyDocument"]["Statement"])).collect()
    }

    /// Source queue and properties of the mapping of a function.
    fn mapping(&self, function: &str) -> (&str, &Value) {
        let events = self.function(function)["Events"].as_object().expect("events");
        let mapping = events.values().find(|event| event["Type"] == "SQS").expect("a queue");
        let queue = text(&mapping["Properties"]["Queue"]).trim_end_matches(".Arn");
        (queue, &mapping["Properties"])
    }
}

/// The elements of a list, or a lone value as a list of one.
fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |values| values.iter().collect())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a text"))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is not a number"))
}

#[test]
fn nothing_answers_outside_the_documented_routes() {
    let template = Template::load();
    let routes: BTreeSet<&str> =
        template.of_type("AWS::ApiGatewayV2::Route").map(|(_, route)| text(&route["RouteKey"])).collect();
    let documented = [
        "GET /webhooks/cic/{tenant}",
        "HEAD /webhooks/cic/{tenant}",
        "OPTIONS /webhooks/cic/{tenant}",
        "POST /webhooks/cic/{tenant}",
        "POST /webhooks/plateform",
        "GET /healthz",
    ];
    assert_eq!(routes, BTreeSet::from(documented));
}

#[test]
fn the_stage_waits_for_every_route_it_throttles() {
    let template = Template::load();
    let waits: BTreeSet<&str> = list(&template.resource("HttpStage")["DependsOn"]).into_iter().map(text).collect();
    let routes: BTreeSet<&str> = template.of_type("AWS::ApiGatewayV2::Route").map(|(name, _)| name).collect();
    assert_eq!(waits, routes);
}

#[test]
fn every_route_is_throttled() {
    let template = Template::load();
    let stage = template.properties("HttpStage");
    assert!(number(&stage["DefaultRouteSettings"]["ThrottlingRateLimit"]) > 0);
    assert!(number(&stage["DefaultRouteSettings"]["ThrottlingBurstLimit"]) > 0);
    for route in ["POST /webhooks/cic/{tenant}", "POST /webhooks/plateform"] {
        let limits = &stage["RouteSettings"][route];
        assert!(number(&limits["ThrottlingRateLimit"]) > 0, "{route}");
        assert!(number(&limits["ThrottlingBurstLimit"]) > 0, "{route}");
    }
}

#[test]
fn functions_are_small_rust_binaries_without_tracing() {
    let template = Template::load();
    let globals = &template.0["Globals"]["Function"];
    assert_eq!(globals["Runtime"], "provided.al2023");
    assert_eq!(globals["Architectures"], json!(["Architecture"]));
    assert_eq!(template.0["Parameters"]["Architecture"]["Default"], "arm64");
    assert!(globals["Tracing"].is_null());
    for name in FUNCTIONS {
        let function = template.function(name);
        assert_eq!(function["CodeUri"], format!("target/lambda/{}/", name.to_lowercase()));
        assert!(number(&function["MemorySize"]) >= 256, "{name}: less memory has too little of a processor");
        assert!(function["Tracing"].is_null(), "{name}");
    }
}

#[test]
fn every_function_has_its_own_role_and_a_log_that_expires() {
    let template = Template::load();
    for name in FUNCTIONS {
        let function = template.function(name);
        assert_eq!(function["Role"], format!("{name}Role.Arn"));
        assert_eq!(function["LoggingConfig"]["LogGroup"], format!("{name}LogGroup"));
    }
    for (name, group) in template.of_type("AWS::Logs::LogGroup") {
        assert_eq!(group["RetentionInDays"], "LogRetentionDays", "{name}");
    }
}

#[test]
fn a_role_allows_what_its_function_does_and_no_more() {
    let table = "dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:Query";
    let queue =
        "sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility sqs:GetQueueAttributes sqs:SendMessage";
    let log = "logs:CreateLogStream logs:PutLogEvents";
    assert_grants(
        "Webhook",
        &[
            ("WebhookLogGroup.Arn", log),
            ("TenantsTable.Arn", "dynamodb:GetItem"),
            ("OrdersQueue.Arn", "sqs:SendMessage"),
            ("SyncQueue.Arn", "sqs:SendMessage"),
            ("SecretsKey.Arn", "kms:Decrypt"),
        ],
    );
    assert_grants(
        "Consumer",
        &[
            ("ConsumerLogGroup.Arn", log),
            ("TenantsTable.Arn", "dynamodb:GetItem"),
            ("StateTable.Arn", table),
            ("StateTable.Arn", "dynamodb:DeleteItem"),
            ("OrdersQueue.Arn", queue),
            ("SecretsKey.Arn", "kms:Decrypt"),
        ],
    );
    assert_grants(
        "Sync",
        &[
            ("SyncLogGroup.Arn", log),
            ("TenantsTable.Arn", "dynamodb:GetItem dynamodb:Scan"),
            ("StateTable.Arn", table),
            ("SyncQueue.Arn", queue),
            ("OrdersQueue.Arn", "sqs:SendMessage"),
            ("SecretsKey.Arn", "kms:Decrypt"),
        ],
    );
}

/// Each action on each resource, which leaves no room for a wildcard in either.
fn assert_grants(function: &str, expected: &[(&str, &str)]) {
    let template = Template::load();
    let granted: BTreeSet<(&str, &str)> = template.statements(function).into_iter().flat_map(grants).collect();
    let expected: BTreeSet<(&str, &str)> = expected
        .iter()
        .flat_map(|(resource, actions)| actions.split(' ').map(move |action| (*resource, action)))
        .collect();
    assert_eq!(granted, expected, "{function}");
}

fn grants(statement: &Value) -> impl Iterator<Item = (&str, &str)> {
    assert_eq!(statement["Effect"], "Allow");
    let resources = list(&statement["Resource"]);
    resources
        .into_iter()
        .flat_map(|resource| list(&statement["Action"]).into_iter().map(|action| (text(resource), text(action))))
}

#[test]
fn each_function_gets_the_documented_environment() {
    let template = Template::load();
    let everywhere = ["TENANTS_TABLE", "SECRETS_KEY_ID", "ALLOW_PLAINTEXT_SECRETS"];
    let globals = names(&template.0["Globals"]["Function"]["Environment"]["Variables"]);
    assert_eq!(globals, BTreeSet::from(everywhere));

    let parties = ["STATE_TABLE", "CIC_BASE_URL", "PLATEFORM_BASE_URL", "ORDERS_QUEUE_URL"];
    let of = |name: &str| names(&template.function(name)["Environment"]["Variables"]).into_iter().map(str::to_owned);
    assert_eq!(of("Webhook").collect::<Vec<_>>(), ["ORDERS_QUEUE_URL", "SYNC_QUEUE_URL"]);
    assert_eq!(of("Consumer").collect::<BTreeSet<_>>(), parties.map(str::to_owned).into());
    let mut sync: BTreeSet<String> = parties.map(str::to_owned).into();
    sync.insert("SYNC_QUEUE_URL".to_owned());
    assert_eq!(of("Sync").collect::<BTreeSet<_>>(), sync);
}

fn names(variables: &Value) -> BTreeSet<&str> {
    variables.as_object().expect("variables").keys().map(String::as_str).collect()
}

#[test]
fn plaintext_secrets_are_off_unless_asked_for() {
    assert_eq!(Template::load().0["Parameters"]["AllowPlaintextSecrets"]["Default"], "false");
}

#[test]
fn failures_are_reported_per_record_and_concurrency_is_bounded() {
    let template = Template::load();
    for (function, queue) in [("Consumer", "OrdersQueue"), ("Sync", "SyncQueue")] {
        let (source, mapping) = template.mapping(function);
        assert_eq!(source, queue);
        assert_eq!(mapping["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]), "{function}");
        assert!(number(&mapping["ScalingConfig"]["MaximumConcurrency"]) >= 2, "{function}");
        assert_eq!(number(&mapping["BatchSize"]), 10, "{function}");
        assert_eq!(number(&mapping["MaximumBatchingWindowInSeconds"]), 0, "{function}");
    }
}

#[test]
fn a_message_stays_hidden_for_six_timeouts_of_its_function() {
    let template = Template::load();
    for function in ["Consumer", "Sync"] {
        let timeout = number(&template.function(function)["Timeout"]);
        let (queue, _) = template.mapping(function);
        assert!(number(&template.properties(queue)["VisibilityTimeout"]) >= 6 * timeout, "{queue}");
    }
}

#[test]
fn what_a_queue_gives_up_is_kept_for_fourteen_days() {
    let template = Template::load();
    for (queue, attempts) in [("OrdersQueue", 10), ("SyncQueue", 5)] {
        let redrive = &template.properties(queue)["RedrivePolicy"];
        assert_eq!(number(&redrive["maxReceiveCount"]), attempts, "{queue}");
        let dead_letters = template.properties(text(&redrive["deadLetterTargetArn"]).trim_end_matches(".Arn"));
        assert_eq!(number(&dead_letters["MessageRetentionPeriod"]), FOURTEEN_DAYS, "{queue}");
        assert!(number(&template.properties(queue)["MessageRetentionPeriod"]) < FOURTEEN_DAYS, "{queue}");
    }
}

#[test]
fn queues_are_standard_encrypted_and_either_dead_letters_or_redriven() {
    let template = Template::load();
    for (name, queue) in template.of_type("AWS::SQS::Queue") {
        assert_eq!(queue["SqsManagedSseEnabled"], true, "{name}");
        assert!(queue["FifoQueue"].is_null(), "{name}");
        assert_ne!(name.ends_with("DeadLetterQueue"), queue["RedrivePolicy"].is_object(), "{name}");
    }
}

#[test]
fn tables_are_encrypted_restorable_and_never_deleted_with_the_stack() {
    let template = Template::load();
    for (name, table) in template.of_type("AWS::DynamoDB::Table") {
        assert_eq!(table["BillingMode"], "PAY_PER_REQUEST", "{name}");
        assert_eq!(table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true, "{name}");
        assert_eq!(table["SSESpecification"], json!({"SSEEnabled": true, "SSEType": "KMS"}), "{name}");
    }
    for name in ["TenantsTable", "StateTable", "SecretsKey"] {
        assert_eq!(template.resource(name)["DeletionPolicy"], "Retain", "{name}");
        assert_eq!(template.resource(name)["UpdateReplacePolicy"], "Retain", "{name}");
    }
}

#[test]
fn tables_have_the_documented_keys() {
    let template = Template::load();
    assert_eq!(
        template.properties("TenantsTable")["KeySchema"],
        json!([
            {"AttributeName": "tenant_id", "KeyType": "HASH"}
        ])
    );
    let state = template.properties("StateTable");
    assert_eq!(
        state["KeySchema"],
        json!([
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"}
        ])
    );
    assert_eq!(state["TimeToLiveSpecification"], json!({"AttributeName": "expires_at", "Enabled": true}));
}

#[test]
fn the_key_of_secrets_rotates() {
    assert_eq!(Template::load().properties("SecretsKey")["EnableKeyRotation"], true);
}

#[test]
fn three_schedules_trigger_sync_and_can_be_switched_off() {
    let template = Template::load();
    let events = template.function("Sync")["Events"].as_object().expect("events");
    let schedules = events.values().filter(|event| event["Type"] == "ScheduleV2").map(|event| &event["Properties"]);
    let mut jobs: Vec<(String, &str)> = schedules
        .map(|schedule| {
            assert_eq!(schedule["State"], "SchedulesState");
            let input: Value = serde_json::from_str(text(&schedule["Input"])).expect("an event in JSON");
            (text(&input["job"]).to_owned(), text(&schedule["ScheduleExpression"]))
        })
        .collect();
    jobs.sort_unstable();
    let jobs: Vec<(&str, &str)> = jobs.iter().map(|(job, when)| (job.as_str(), *when)).collect();
    assert_eq!(
        jobs,
        [("full-sync", "cron(30 4 * * ? *)"), ("reconcile", "rate(1 minute)"), ("sync", "rate(5 minutes)"),]
    );
    assert_eq!(events["EveryNight"]["Properties"]["ScheduleExpressionTimezone"], "Europe/Rome");
}

#[test]
fn every_alarm_reaches_the_topic() {
    for (name, alarm) in Template::load().of_type("AWS::CloudWatch::Alarm") {
        assert_eq!(alarm["AlarmActions"], json!(["AlarmTopic"]), "{name}");
        assert!(!text(&alarm["AlarmDescription"]).is_empty(), "{name}");
    }
}

#[test]
fn one_dead_letter_raises_an_alarm() {
    let template = Template::load();
    for queue in ["Orders", "Sync"] {
        let alarm = template.properties(&format!("{queue}DeadLettersAlarm"));
        let watched = json!([{"Name": "QueueName", "Value": format!("{queue}DeadLetterQueue.QueueName")}]);
        assert_eq!(alarm["Dimensions"], watched);
        assert_eq!(alarm["MetricName"], "ApproximateNumberOfMessagesVisible");
        assert_eq!(number(&alarm["Threshold"]), 1);
    }
}

#[test]
fn errors_throttles_and_long_runs_of_every_function_raise_an_alarm() {
    let template = Template::load();
    for name in FUNCTIONS {
        let watched = json!([{"Name": "FunctionName", "Value": format!("{name}Function")}]);
        for metric in ["Errors", "Throttles", "Duration"] {
            let alarm = template.properties(&format!("{name}{metric}Alarm"));
            assert_eq!(alarm["MetricName"], metric);
            assert_eq!(alarm["Dimensions"], watched);
        }
        let four_fifths_in_ms = number(&template.function(name)["Timeout"]) * 800;
        assert_eq!(number(&template.properties(&format!("{name}DurationAlarm"))["Threshold"]), four_fifths_in_ms);
    }
}

#[test]
fn what_the_senders_of_webhooks_feel_raises_an_alarm() {
    let template = Template::load();
    assert_eq!(template.properties("ApiServerErrorsAlarm")["MetricName"], "5xx");
    let latency = template.properties("WebhookLatencyAlarm");
    assert_eq!(latency["ExtendedStatistic"], "p99");
    assert!(number(&latency["Threshold"]) <= 1000, "strict senders give up after a second");
}

#[test]
fn our_own_metrics_raise_alarms_with_the_function_as_only_dimension() {
    let template = Template::load();
    let own = template.of_type("AWS::CloudWatch::Alarm").filter(|(_, alarm)| alarm["Namespace"] == "Ponte");
    let watched: BTreeSet<(&str, &str)> =
        own.map(|(_, alarm)| (text(&alarm["MetricName"]), only_function(alarm))).collect();
    let expected = [
        ("circuits_opened", "consumer"),
        ("circuits_opened", "sync"),
        ("dwell_ms", "consumer"),
        ("menus_held_back", "sync"),
        ("orders_not_on_till", "consumer"),
        ("orders_unreadable", "consumer"),
        ("rate_limited", "consumer"),
        ("rate_limited", "sync"),
        ("records_failed", "consumer"),
        ("records_failed", "sync"),
        ("schedules_run", "sync"),
        ("signature_failures", "webhook"),
        ("unsent_s", "consumer"),
        ("untold_s", "consumer"),
    ];
    assert_eq!(watched, BTreeSet::from(expected));
    // Silence is the fault: no data is none of the schedules.
    assert_eq!(template.properties("SyncSilentAlarm")["TreatMissingData"], "breaching");
}

fn only_function(alarm: &Value) -> &str {
    let [dimension] = list(&alarm["Dimensions"])[..] else { panic!("one dimension, not {}", alarm["Dimensions"]) };
    assert_eq!(dimension["Name"], "function");
    text(&dimension["Value"])
}
