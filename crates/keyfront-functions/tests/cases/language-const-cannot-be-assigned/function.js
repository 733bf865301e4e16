function handler(event) {
    const limit = 3;
    try {
        limit = 4;
    } catch (e) {
        console.log(e.name);
    }
    console.log(limit);
    return event.request;
}
