function handler(event) {
    console.log([Date.parse('2024-02-15T09:00:00'), Date.parse('2024-02-15T09:00'), Date.parse('Thu Feb 15 2024 09:00:00'), Date.parse('2024-02-15 09:00:00')].map(String).join(' '));
    return event.request;
}
