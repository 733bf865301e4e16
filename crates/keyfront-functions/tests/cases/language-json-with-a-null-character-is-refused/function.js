function handler(event) {
    try {
        JSON.parse('\u0000');
    } catch (e) {
        console.log(e.name);
    }
    return event.request;
}
