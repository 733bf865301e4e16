//! Tests of bodies of objects and their ranges.

use std::collections::VecDeque;

use http_body_util::BodyExt as _;

use super::*;

/// A body of some frames.
struct Frames(VecDeque<Result<Bytes, OriginFailure>>);

impl Body for Frames {
    type Data = Bytes;
    type Error = OriginFailure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OriginFailure>>> {
        Poll::Ready(self.0.pop_front().map(|frame| frame.map(Frame::data)))
    }
}

fn passing(frames: &[&'static str], length: Option<u64>) -> ObjectBody {
    let frames = frames.iter().map(|frame| Ok(Bytes::from_static(frame.as_bytes()))).collect();
    ObjectBody::passing(AnswerBody::new(Frames(frames)), length)
}

fn filled(pieces: &[&str], length: Option<u64>) -> ObjectBody {
    let (fill, mut writer) = Fill::new(length);
    let reader = fill.reader(0).unwrap_or_else(|| unreachable!("it has all its bytes"));
    for piece in pieces {
        writer.write(piece.as_bytes());
        writer.publish();
    }
    assert!(writer.finish().is_some());
    ObjectBody::filling(reader)
}

fn whole(pieces: &[&str]) -> ObjectBody {
    let mut segments = Segments::default();
    for piece in pieces {
        segments.push(Bytes::copy_from_slice(piece.as_bytes()));
    }
    ObjectBody::whole(segments.to_whole())
}

async fn text(body: ObjectBody) -> Result<String, TransferFailed> {
    Ok(String::from_utf8_lossy(&body.collect().await?.to_bytes()).into_owned())
}

#[tokio::test]
async fn each_kind_of_body_gives_the_same_ranges() {
    let pieces = ["abc", "d", "efgh", "ij"];
    for (range, expected) in [
        (0..10, "abcdefghij"),
        (0..1, "a"),
        (2..5, "cde"),
        (3..4, "d"),
        (4..8, "efgh"),
        (9..10, "j"),
        (9..100, "j"),
        (5..5, ""),
        (10..20, ""),
    ] {
        let bodies =
            [whole(&pieces), filled(&pieces, Some(10)), passing(&pieces, Some(10)), passing(&pieces, None)];
        for (kind, body) in bodies.into_iter().enumerate() {
            let known = kind < 3;
            let body = body.range(range.clone());
            if known {
                assert_eq!(body.length(), Some(length_of(expected.as_bytes())), "{range:?} of {kind}");
            }
            // Of a body whose length is not known a range that ends after it is an error.
            let expected =
                if known || range.end <= 10 { Ok(expected.to_owned()) } else { Err(TransferFailed::Length) };
            assert_eq!(text(body).await, expected, "{range:?} of {kind}");
        }
    }
    assert_eq!(text(whole(&pieces).range(2..8).range(1..3)).await.as_deref(), Ok("de"), "a range of a range");
}

#[tokio::test]
async fn one_object_gives_several_ranges() {
    for body in [whole(&["abc", "def"]), filled(&["abc", "def"], None), filled(&["abcdef"], Some(6))] {
        let second = body.try_clone().unwrap_or_else(ObjectBody::empty);
        assert_eq!(text(second.range(3..5)).await.as_deref(), Ok("de"));
        assert_eq!(text(body.range(0..2)).await.as_deref(), Ok("ab"));
    }
    assert!(passing(&["a"], None).try_clone().is_none());
}

#[tokio::test]
async fn a_body_that_is_too_short_never_ends_as_if_it_were_whole() {
    assert_eq!(text(passing(&["abc"], Some(4))).await, Err(TransferFailed::Length));
    assert_eq!(text(passing(&["abc"], Some(4)).range(1..4)).await, Err(TransferFailed::Length));
    assert_eq!(text(passing(&["abc"], None)).await.as_deref(), Ok("abc"));
    assert_eq!(text(filled(&["abc"], Some(4))).await, Err(TransferFailed::Length));
    let failure = OriginFailure::Broken("o".to_owned(), "e".to_owned());
    let frames = VecDeque::from([Ok(Bytes::from_static(b"ab")), Err(failure.clone())]);
    let mut body = ObjectBody::passing(AnswerBody::new(Frames(frames)), Some(2));
    assert_eq!(
        body.frame().await.and_then(Result::ok).and_then(|frame| frame.into_data().ok()).as_deref(),
        Some(&b"ab"[..])
    );
    assert!(body.is_end_stream());
    let frames = VecDeque::from([Ok(Bytes::from_static(b"ab")), Err(failure.clone())]);
    let body = ObjectBody::passing(AnswerBody::new(Frames(frames)), Some(3));
    assert_eq!(text(body).await, Err(TransferFailed::Origin(failure)));
}

#[tokio::test]
async fn a_writer_that_stops_breaks_its_readers_off() {
    let (fill, mut writer) = Fill::new(None);
    let reader = fill.reader(0).unwrap_or_else(|| unreachable!("it has not begun"));
    writer.write(b"ab");
    writer.publish();
    drop(writer);
    let mut body = ObjectBody::filling(reader);
    assert!(body.frame().await.is_some_and(|frame| frame.is_ok()));
    assert_eq!(body.frame().await.and_then(Result::err), Some(TransferFailed::Abandoned));
    assert!(body.frame().await.is_none());
    assert!(fill.reader(0).is_none(), "a body that has failed gets no more readers");
}

#[test]
fn a_filled_body_takes_the_memory_that_it_needs() {
    // Length, size of frames; pieces and capacity.
    for (length, frame, known, pieces, capacity) in [
        (10, 10, true, 1, 10),
        (10, 10, false, 1, 10),
        (10, 1, true, 1, 10),
        (100_000, 1_000, false, 2, 100_000),
        (200_000, 200_000, true, 4, 200_000),
        (200_000, 100, true, 4, 200_000),
    ] {
        let (_fill, mut writer) = Fill::new(known.then_some(length));
        let data: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap_or(0)).collect();
        for frame in data.chunks(frame) {
            writer.write(frame);
            writer.publish();
        }
        let Some(Filled { whole, capacity: taken }) = writer.finish() else { unreachable!("it is whole") };
        let (mut read, mut count) = (Vec::new(), 0);
        while let Some(piece) = whole.at(length_of(&read), u64::MAX) {
            read.extend_from_slice(&piece);
            count += 1;
        }
        assert!(read == data, "{length} bytes in frames of {frame}");
        assert_eq!(taken, capacity, "{length} bytes in frames of {frame}");
        assert!(count <= pieces * 4, "{length} bytes in frames of {frame}: {count} pieces");
    }
}

#[test]
fn a_window_moves_with_its_slowest_reader() {
    let waker = std::task::Waker::noop();
    let mut cx = Context::from_waker(waker);
    let (fill, mut writer) = Fill::new(None);
    let (Some(mut fast), Some(mut slow)) = (fill.reader(0), fill.reader(0)) else {
        unreachable!("it has not begun")
    };
    writer.turn_windowed();
    let block = vec![7; 64 * 1024];
    let mut written = 0;
    while writer.may(&cx) == Write::On {
        writer.write(&block);
        writer.publish();
        written += 64 * 1024;
    }
    assert_eq!((writer.may(&cx), written), (Write::Wait, 1024 * 1024));
    let mut read_all = |reader: &mut FillReader, until: u64| {
        let mut offset = 0;
        while let Poll::Ready(Some(Ok(data))) = reader.poll_read(&mut cx, offset, until) {
            offset += length_of(&data);
        }
        offset
    };
    assert_eq!(read_all(&mut fast, u64::MAX), written);
    assert_eq!(writer.permission(), Write::Wait, "the slow one holds it");
    assert_eq!(read_all(&mut slow, 128 * 1024), 128 * 1024);
    assert_eq!(writer.permission(), Write::On);
    assert!(fill.reader(0).is_none(), "the first bytes are gone");
    writer.write(&block);
    writer.write(&block);
    writer.publish();
    writer.cut_off_slowest();
    let mut cx = Context::from_waker(waker);
    assert!(matches!(
        slow.poll_read(&mut cx, 128 * 1024, u64::MAX),
        Poll::Ready(Some(Err(TransferFailed::TooSlow)))
    ));
    assert!(matches!(fast.poll_read(&mut cx, written, u64::MAX), Poll::Ready(Some(Ok(_)))));
    drop((fast, slow));
    assert_eq!(writer.permission(), Write::Deserted);
    assert!(writer.finish().is_none(), "a window is not an object");
}
