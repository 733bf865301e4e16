function handler(event) {
    console.log([Date.parse('2024-13-01'), Date.parse('2023-02-30')].map(String).join(' '));
    return event.request;
}
