#![no_main]

fuzz::target!(till_events);
