#![no_main]

fuzz::target!(platform_pages);
