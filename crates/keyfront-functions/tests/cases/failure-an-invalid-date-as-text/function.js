function handler(event) {
    new Date('nonsense').toISOString();
    return event.request;
}
