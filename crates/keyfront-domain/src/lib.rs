//! Pure types and rules of CloudFront's keys and stores: no I/O, no async, no clock.
