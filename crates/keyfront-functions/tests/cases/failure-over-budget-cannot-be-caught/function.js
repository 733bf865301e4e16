function handler(event) {
    try {
        while (true) { }
    } catch (e) {
        console.log('caught');
    } finally {
        console.log('finally');
    }
    return event.request;
}
