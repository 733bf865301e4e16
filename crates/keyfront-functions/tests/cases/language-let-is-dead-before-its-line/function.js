function handler(event) {
    try {
        console.log(early);
    } catch (e) {
        console.log(e.name);
    }
    let early = 1;
    console.log(early);
    return event.request;
}
