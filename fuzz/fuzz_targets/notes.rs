#![no_main]

fuzz::target!(notes);
