//! Tests of the room for connections: caps by address and in total, and which one gives way.

use std::time::Duration;

use super::*;
use crate::limits::Limits;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn limits(max_connections: usize, max_connections_per_address: usize) -> Limits {
    let time = Duration::from_secs(30);
    Limits {
        max_connections,
        max_connections_per_address,
        max_streams_per_connection: 1,
        max_header_bytes: Limits::LEAST_HEADER_BYTES,
        max_headers: Limits::USUAL_HEADERS,
        header_timeout: time,
        idle_timeout: time,
        read_timeout: time,
        write_timeout: time,
        tunnel_idle_timeout: time,
        shutdown_timeout: time,
    }
}

fn room_for(max_connections: usize, max_connections_per_address: usize) -> Arc<Room> {
    Room::new(limits(max_connections, max_connections_per_address).into())
}

fn is_evicted(place: &Place) -> bool {
    place.evicted.is_cancelled()
}

#[tokio::test(start_paused = true)]
async fn a_new_connection_gets_the_place_of_the_one_that_has_been_idle_the_longest() {
    let room = room_for(2, 2);
    let first = room.admit(ip("10.0.0.1")).unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    let second = room.admit(ip("10.0.0.1")).unwrap();
    let third = room.admit(ip("10.0.0.2")).unwrap();
    assert!(is_evicted(&first) && !is_evicted(&second) && !is_evicted(&third));
}

#[tokio::test(start_paused = true)]
async fn the_address_with_the_most_connections_makes_room_first() {
    let room = room_for(3, 3);
    let alone = room.admit(ip("10.0.0.1")).unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    let crowd: Vec<_> = (0..2).map(|_| room.admit(ip("10.0.0.2")).unwrap()).collect();
    let new = room.admit(ip("10.0.0.3")).unwrap();
    assert!(!is_evicted(&alone) && !is_evicted(&new));
    assert_eq!(crowd.iter().filter(|place| is_evicted(place)).count(), 1);
}

#[tokio::test]
async fn connections_with_requests_keep_their_places() {
    let room = room_for(2, 2);
    let busy = room.admit(ip("10.0.0.1")).unwrap();
    let request = busy.activity().begin_request();
    let idle = room.admit(ip("10.0.0.1")).unwrap();
    let other = room.admit(ip("10.0.0.2")).unwrap();
    let second_request = other.activity().begin_request();
    assert!(is_evicted(&idle) && !is_evicted(&busy));
    assert_eq!(room.admit(ip("10.0.0.3")).err(), Some(Full::All));
    drop(request);
    room.changed().await;
    assert!(room.admit(ip("10.0.0.3")).is_ok());
    assert!(is_evicted(&busy) && !is_evicted(&other));
    drop(second_request);
}

#[tokio::test]
async fn an_address_has_its_own_cap_and_pays_for_it_itself() {
    let room = room_for(10, 2);
    let stranger = room.admit(ip("10.0.0.2")).unwrap();
    let places: Vec<_> = (0..2).map(|_| room.admit(ip("10.0.0.1")).unwrap()).collect();
    let requests: Vec<_> = places.iter().map(|place| place.activity().begin_request()).collect();
    assert_eq!(room.admit(ip("10.0.0.1")).err(), Some(Full::Address));
    drop(requests);
    assert!(room.admit(ip("10.0.0.1")).is_ok());
    assert!(!is_evicted(&stranger));
}

#[tokio::test]
async fn a_place_is_free_again_after_its_connection() {
    let room = room_for(1, 1);
    let place = room.admit(ip("2001:db8::1")).unwrap();
    let request = place.activity().begin_request();
    assert_eq!(room.admit(ip("2001:db8::ffff:1")).err(), Some(Full::Address), "one network, one address");
    assert_eq!(room.admit(ip("2001:db8:0:1::1")).err(), Some(Full::All));
    drop((request, place));
    assert!(room.admit(ip("2001:db8::1")).is_ok());
    assert!(room.lock().connections.len() <= 1 && room.lock().by_address.len() <= 1);
}

#[tokio::test]
async fn limits_that_change_count_for_the_next_connection() {
    let in_force = LimitsInForce::from(limits(1, 1));
    let room = Room::new(in_force.clone());
    let busy = room.admit(ip("10.0.0.1")).unwrap();
    let _request = busy.activity().begin_request();
    assert_eq!(room.admit(ip("10.0.0.1")).err(), Some(Full::Address));
    assert_eq!(room.admit(ip("10.0.0.2")).err(), Some(Full::All));
    in_force.replace(limits(2, 1));
    assert_eq!(room.admit(ip("10.0.0.1")).err(), Some(Full::Address));
    let other = room.admit(ip("10.0.0.2")).unwrap();
    let _other_request = other.activity().begin_request();
    // Fewer than there are: those that are there stay.
    in_force.replace(limits(1, 1));
    assert_eq!(room.admit(ip("10.0.0.3")).err(), Some(Full::All));
    assert!(!is_evicted(&busy) && !is_evicted(&other));
}
