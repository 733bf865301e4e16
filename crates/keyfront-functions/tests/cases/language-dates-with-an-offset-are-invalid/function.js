function handler(event) {
    console.log([new Date('2024-02-15 09:00:00+09:00').getTime(), Date.parse('2024-02-15T09:00:00+09:00')].map(String).join(' '));
    return event.request;
}
