function handler(event) {
    const d = new Date(2024, 1, 29, 12, 30, 45, 6);
    console.log([d.toISOString(), d.getTimezoneOffset(), d.getHours(), d.getUTCHours(), d.getDay(), d.getTime()].map(String).join(' '));
    d.setMonth(12);
    d.setUTCHours(25);
    console.log([d.toISOString(), JSON.stringify({ d: d }), Date.UTC(2020, 0), new Date(NaN).getTime()].map(String).join(' '));
    console.log(d.toUTCString());
    return event.request;
}
