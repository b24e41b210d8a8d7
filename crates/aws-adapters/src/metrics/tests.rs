use super::*;
use app::memory::ManualClock;
use std::sync::Arc;

#[derive(Clone, Default)]
struct Writes(Arc<Mutex<Vec<String>>>);

impl Write for Writes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().push(String::from_utf8(bytes.to_vec()).unwrap());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn emitted(event: Event<'_>) -> Vec<String> {
    let writes = Writes::default();
    let clock = ManualClock::at(jiff::Timestamp::from_millisecond(1_790_000_000_123).unwrap());
    Metrics::new("consumer", clock, writes.clone()).emit(event);
    writes.0.lock().unwrap().clone()
}

#[test]
fn a_metric_is_one_line_whose_only_dimension_is_the_function() {
    let (tenant, order) = (TenantId::parse("rest-1").unwrap(), OrderId::parse("o-1").unwrap());
    let writes = emitted(Event::new(Metric::DwellMs, 420).of(&tenant).order(&order));
    assert_eq!(writes.len(), 1, "one write, so that it never mixes with a log line");
    assert!(writes[0].ends_with("}\n") && writes[0].matches('\n').count() == 1);
    let expected = json!({
        "_aws": {
            "Timestamp": 1_790_000_000_123_i64,
            "CloudWatchMetrics": [{
                "Namespace": "Ponte",
                "Dimensions": [["function"]],
                "Metrics": [{"Name": "dwell_ms", "Unit": "Milliseconds"}],
            }],
        },
        "function": "consumer",
        "dwell_ms": 420,
        "tenant": "rest-1",
        "order": "o-1",
    });
    assert_eq!(serde_json::from_str::<Value>(&writes[0]).unwrap(), expected);
}

#[test]
fn what_circuits_notice_is_counted_with_the_tenant_whose_call_it_was() {
    let writes = Writes::default();
    let metrics = Metrics::new("sync", SystemClock, writes.clone());
    let tenant = TenantId::parse("rest-1").unwrap();
    metrics.noticed(&tenant, Notice::Opened);
    metrics.noticed(&tenant, Notice::SlowedDown);
    let lines: Vec<Value> = writes.0.lock().unwrap().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["circuits_opened"], &lines[1]["rate_limited"]), (&json!(1), &json!(1)));
    assert!(lines.iter().all(|line| line["tenant"] == "rest-1" && line["function"] == "sync"));
}

#[test]
fn a_metric_without_tenant_has_no_such_property() {
    let line: Value = serde_json::from_str(&emitted(Event::new(Metric::SignatureFailures, 1))[0]).unwrap();
    assert_eq!((line.get("tenant"), line.get("order")), (None, None));
    assert_eq!(line["signature_failures"], 1);
}

#[test]
fn a_writer_that_fails_does_not_fail_the_work() {
    struct Broken;
    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    Metrics::new("sync", SystemClock, Broken).emit(Event::new(Metric::Retries, 1));
}
